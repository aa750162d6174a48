"""Marks → outline: which line opens which unit, what belongs to it, and where boxes end.

Blank lines and line ends of the sources are page layout, not paragraphs: a line that does not end a
sentence goes on in the next one, and a box ends at the next chapter, section or list heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.model import Grid, Line
from knowledge.parsing.marks import SENTENCE_END, Mark, marks
from knowledge.parsing.numbering import (
    ANNEX,
    ARTICLE,
    BOX,
    BULLET,
    CHAPTER,
    ITEM,
    LIST,
    POINT,
    SECTION,
    Opener,
)
from knowledge.parsing.titles import MAX_TITLE, continuation, title_and_body

WRAPPED_LINE = 25  # characters: a shorter line without a full stop is an item of its own
CUT_PARAGRAPH = 60  # characters: only a longer paragraph is taken as cut by a page break
_IN_A_SENTENCE = re.compile("[，。,;；]")  # items of a list printed a line each have none
_ABOVE_ARTICLES = {LIST: SECTION + 0.3, ITEM: SECTION + 0.6}
_BULLET_POINT = re.compile(r"[-*•●·◆■□▪]\s")
_NOTE = ("注", "说明", "备注", "来源")


@dataclass(slots=True)
class Node:
    """One unit while the outline is built; `parts` are its own lines and grids in order."""

    label: str
    title: str
    rank: float
    number: int
    start: int | None
    parts: list[Mark | Grid] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    end: int | None = None  # its children included once the outline is complete


def outline(blocks: Sequence[Line | Grid]) -> Node:
    """The tree of units of one document; the root holds what stands before the first unit."""
    root = _Builder().build(marks(blocks))
    first = next((part for part in root.parts if isinstance(part, Mark)), None)
    root.start = first.line.start if first else None
    _close_ends(root)
    return root


def _close_ends(node: Node) -> None:
    """A loop and not a recursion would be safer, but ranks bound the depth at a dozen levels."""
    own = node.end
    for child in node.children:
        _close_ends(child)
        if child.end is not None and (own is None or child.end > own):
            own = child.end
    if node.rank >= 0:
        node.end = own


class _Builder:
    """One pass over the marks; `stack` are the open units, root first."""

    def __init__(self) -> None:
        self.root = Node("", "", -1, 0, None)
        self.stack = [self.root]
        self.last_numbers: dict[float, int] = {}
        self.rank_of_level: dict[int, float] = {}
        self.above_articles: set[float] = set()
        self.unspaced = False  # `第一条为了…`: the document puts no space behind its numbers
        self.boxed = False  # whether the document has boxes at all
        self.taken: Mark | None = None  # the second half of a title

    def build(self, items: Sequence[Mark | Grid]) -> Node:
        self._learn_levels(items)
        for at, item in enumerate(items):
            if isinstance(item, Grid):
                self.stack[-1].parts.append(item)
            elif item is self.taken:
                self.stack[-1].end = item.end
            elif self._opens(item):
                self._open(item, items[at + 1 : at + 3])
            else:
                self._continue(item)
        return self.root

    def _learn_levels(self, items: Iterable[Mark | Grid]) -> None:
        """Unnumbered headings of Markdown stand beside the numbered ones of their level."""
        for item in items:
            if isinstance(item, Mark) and item.heading_level and item.opener and item.opener.rank != BOX:
                self.rank_of_level.setdefault(item.heading_level, item.opener.rank)

    def _rank_of_heading(self, level: int) -> float:
        known = max((k for k in self.rank_of_level if k <= level), default=None)
        if known is None:
            return CHAPTER + (level - 2) / 5
        return self.rank_of_level[known] + (level - known) / 10

    # --- does this line open a unit? --------------------------------------------------------

    def _opens(self, mark: Mark) -> bool:
        opener = mark.opener
        if opener is None or mark.heading_level:
            return mark.heading_level > 0
        rank = opener.rank
        if mark.tabbed and rank != BOX and not (rank == POINT and len(mark.line.text) > MAX_TITLE):
            return False
        if rank > LIST and rank != BOX and self._in_box():
            return self._opens_in_box(mark, opener)
        if rank <= ARTICLE and rank != ANNEX:
            return not self._is_reference(mark, opener)
        return True

    def _opens_in_box(self, mark: Mark, opener: Opener) -> bool:
        """In a box `（一）` is a paragraph, unless it goes on with the numbers that the box interrupted."""
        if opener.rank not in (ITEM, BULLET) or mark.gap > 1:
            return True
        return opener.rank == ITEM and 1 < opener.number == self.last_numbers.get(ITEM, 0) + 1

    def _is_reference(self, mark: Mark, opener: Opener) -> bool:
        """`第四条规定的…` at the start of a wrapped line refers to an article, it opens none."""
        last = self.last_numbers.get(opener.rank, 0)
        expected = opener.number == last + 1 or (opener.number == last and "之" in opener.label)
        if opener.spaced:
            return not expected and self._mid_sentence(mark)
        if self._mid_sentence(mark):
            return True
        if opener.rank == ARTICLE:
            return not expected or (opener.refers and not self.unspaced)
        if opener.refers:
            return True
        text = mark.line.text
        return len(text) > MAX_TITLE or text.endswith(SENTENCE_END) or "，" in text

    def _mid_sentence(self, mark: Mark) -> bool:
        """The line before ends no sentence; after a blank line only a long one was cut by a page break."""
        parts = self.stack[-1].parts
        last = parts[-1] if parts else None
        if not isinstance(last, Mark) or last.line.text.endswith(SENTENCE_END):
            return False
        return len(last.line.text) >= (CUT_PARAGRAPH if mark.gap else WRAPPED_LINE)

    def _in_box(self) -> bool:
        return self.boxed and any(node.rank == BOX for node in self.stack)

    # --- opening and closing ----------------------------------------------------------------

    def _open(self, mark: Mark, following: Sequence[Mark | Grid]) -> None:
        text, start = mark.line.text.strip(), mark.line.start
        if start is not None and mark.tabbed:
            start += len(mark.line.text) - len(mark.line.text.lstrip())
        if mark.opener is None:
            node = Node(text, "", self._rank_of_heading(mark.heading_level), 0, start)
            self._place(node)
        else:
            node = self._open_numbered(mark, mark.opener, text, start, following)
        if node.end is None:
            node.end = mark.end

    def _open_numbered(
        self, mark: Mark, opener: Opener, text: str, start: int | None, following: Sequence[Mark | Grid]
    ) -> Node:
        title, body = title_and_body(opener, text[opener.rest :].strip(), following, bool(mark.heading_level))
        rank = opener.rank
        if rank in self.above_articles and not body:
            rank = _ABOVE_ARTICLES[int(rank)]
        node = Node(opener.label, title, rank, opener.number, start)
        self._place(node)
        if opener.rank == ARTICLE:
            self.unspaced = not opener.spaced
        if body:
            own = Mark(Line(text, start), opener, mark.gap, 0, False, mark.end) if mark.tabbed else mark
            node.parts.append(own)
        elif second := continuation(node.rank, following):
            node.title += second.line.text
            self.taken = second
        return node

    def _place(self, node: Node) -> None:
        """Attach to the nearest open unit of a lower rank; a box hangs on its section, open or not."""
        if node.rank == BOX:
            self.boxed = True
            self._close_box()
            host = next((n for n in reversed(self.stack) if n.rank <= SECTION), self.root)
            host.children.append(node)
            self.stack.append(node)
            return
        if node.rank == ARTICLE:
            self._lift_headings()
        self._close(node.rank)
        self.stack[-1].children.append(node)
        self.stack.append(node)
        self.last_numbers[node.rank] = node.number
        for rank in [r for r in self.last_numbers if r > node.rank and node.rank != ARTICLE and r != ARTICLE]:
            del self.last_numbers[rank]

    def _lift_headings(self) -> None:
        """`一、总则` alone on a line with articles under it is a chapter, and so are its siblings."""
        for node in self.stack:
            if node.rank == ARTICLE:
                return
            if node.rank in _ABOVE_ARTICLES and node.title and not node.parts:
                self.above_articles.add(node.rank)
                node.rank = _ABOVE_ARTICLES[int(node.rank)]

    def _close_box(self) -> None:
        while self._in_box():
            self.stack.pop()

    def _close(self, rank: float) -> None:
        if rank <= ITEM:
            self._close_box()
        while len(self.stack) > 1 and self.stack[-1].rank >= rank and self.stack[-1].rank != BOX:
            self.stack.pop()

    def _continue(self, mark: Mark) -> None:
        if not mark.tabbed and self._in_box() and self._leaves_box(mark):
            self._close_box()
        node = self.stack[-1]
        node.parts.append(mark)
        if mark.end is not None:
            node.end = mark.end

    def _leaves_box(self, mark: Mark) -> bool:
        """Two blank lines end a box; in formats without them, a paragraph after its table does."""
        parts = self.stack[-1].parts
        after_grid = bool(parts) and isinstance(parts[-1], Grid)
        is_text = len(mark.line.text) > MAX_TITLE and not mark.line.text.startswith(_NOTE)
        return mark.gap > 1 or (after_grid and is_text)


def paragraphs(parts: Iterable[Mark]) -> list[str]:
    """Lines joined to paragraphs; nothing is inserted where a page break cut a sentence or a word."""
    result: list[str] = []
    for part in parts:
        text = part.line.text.strip()
        if result and _goes_on(result[-1], text, part.gap):
            glue = " " if result[-1][-1].isascii() and text[:1].isascii() and text[:1].isalpha() else ""
            result[-1] += glue + text
        elif text:
            result.append(text)
    return result


def _goes_on(paragraph: str, text: str, gap: int) -> bool:
    if paragraph.endswith(SENTENCE_END) or _BULLET_POINT.match(text):
        return False
    if gap and not _IN_A_SENTENCE.search(paragraph):
        return len(paragraph) >= CUT_PARAGRAPH
    return len(paragraph) >= WRAPPED_LINE
