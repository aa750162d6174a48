"""Lines → outline: which line opens which unit, what belongs to it, and where boxes end.

Blank lines and line ends of the sources are page layout, not paragraphs: a line that does not end a
sentence goes on in the next one, and a box ends at the next chapter, section or list heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.model import Grid, Line
from knowledge.parsing import numbering
from knowledge.parsing.numbering import ANNEX, ARTICLE, BOX, BULLET, CHAPTER, ITEM, LIST, POINT, SECTION, Opener

_SENTENCE_END = tuple("。！？；：!?;:”」』）)…")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+")
_COMMENT = re.compile(r"<!--.*?-->")
MAX_TITLE = 40  # characters; a longer first sentence is text, not a title
_TITLE_BREAKS = re.compile(r"[。；：，,;:]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A content line with what opens it; `gap` counts the blank lines before it."""

    line: Line
    opener: Opener | None
    gap: int
    heading_level: int = 0
    tabbed: bool = False


@dataclass(slots=True)
class Node:
    """One unit while the outline is built; `parts` are its own lines and grids in order."""

    label: str
    title: str
    rank: int
    number: int
    start: int | None
    parts: list[Mark | Grid] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    own_end: int | None = None

    @property
    def end(self) -> int | None:
        """Where the unit ends, its children included."""
        ends = [e for e in (self.own_end, *(child.end for child in self.children)) if e is not None]
        return max(ends, default=None)


def marks(blocks: Iterable[Line | Grid]) -> Iterator[Mark | Grid]:
    """Content lines in order, white space stripped at both ends, with their openers."""
    gap = 0
    for block in blocks:
        if isinstance(block, Grid):
            yield block
            gap = 0
            continue
        raw = block.text
        if raw.lstrip(" \u3000").startswith("<!--"):
            raw = _COMMENT.sub("", raw)
        text = raw.strip()
        if not text and "\t" not in raw:
            gap += 1
            continue
        yield _mark(block, raw, text, gap)
        gap = 0


def _mark(block: Line, raw: str, text: str, gap: int) -> Mark:
    level = 0
    if text[:1] == "#" and (found := _MARKDOWN_HEADING.match(text)):
        level, text = len(found[1]), text[found.end() :]
    tabbed = raw[:1] == "\t" or raw.count("\t") >= 2
    start = None
    if block.start is not None:
        start = block.start + (block.text.find(text) if text else 0)
    keep = Line(raw if tabbed else text, block.start if tabbed else start)
    return Mark(keep, numbering.opener(text), gap, level, tabbed)


def outline(blocks: Sequence[Line | Grid]) -> Node:
    """The tree of units of one document; the root holds what stands before the first unit."""
    return _Builder().build(blocks)


class _Builder:
    """One pass over the marks; `stack` are the open units, root first."""

    def __init__(self) -> None:
        self.root = Node("", "", -1, 0, None)
        self.stack = [self.root]
        self.last_numbers: dict[int, int] = {}

    def build(self, blocks: Sequence[Line | Grid]) -> Node:
        items = list(marks(blocks))
        for at, item in enumerate(items):
            if isinstance(item, Grid):
                self.stack[-1].parts.append(item)
            elif self._opens(item):
                self._open(item, items[at + 1 :][:3])
            else:
                self._continue(item)
        return self.root

    def _opens(self, mark: Mark) -> bool:
        if mark.opener is None:
            return mark.heading_level > 1
        rank = mark.opener.rank
        if mark.tabbed and rank != BOX and not (rank == POINT and len(mark.line.text) > MAX_TITLE):
            return False
        if self._in_box() and rank > LIST and rank != BOX:
            return rank not in (ITEM, BULLET) or mark.gap > 1
        return not self._is_reference(mark.opener)

    def _is_reference(self, opener: Opener) -> bool:
        """`第四条规定的…` at the start of a wrapped line refers to an article, it opens none."""
        if opener.rank not in (ARTICLE, CHAPTER, SECTION):
            return False
        expected = self.last_numbers.get(opener.rank, 0) + 1
        if opener.number == expected and opener.spaced:
            return False
        return not opener.spaced or self._mid_sentence()

    def _mid_sentence(self) -> bool:
        parts = self.stack[-1].parts
        last = parts[-1] if parts else None
        return isinstance(last, Mark) and not last.line.text.endswith(_SENTENCE_END)

    def _in_box(self) -> bool:
        return any(node.rank == BOX for node in self.stack)

    def _open(self, mark: Mark, following: Sequence[Mark | Grid]) -> None:
        opener = mark.opener or Opener("", CHAPTER + mark.heading_level - 2, 0, 0)
        text = mark.line.text.strip()
        start = mark.line.start
        if start is not None and mark.tabbed:
            start += len(mark.line.text) - len(mark.line.text.lstrip())
        rest = text[opener.rest :].strip()
        node = Node(opener.label, "", opener.rank, opener.number, start)
        self._place(node)
        node.title, body = _title_and_body(opener, rest)
        if mark.opener is None:
            node.label, node.title, body = text, "", ""
        if body:
            node.parts.append(Mark(Line(text, start), mark.opener, mark.gap))
        elif extra := _title_continuation(node, following):
            node.title += extra
        node.own_end = None if start is None else start + len(text)

    def _place(self, node: Node) -> None:
        """Attach to the nearest open unit of a lower rank; a box hangs on its section, open or not."""
        if node.rank == BOX:
            self._close_box()
            host = next((n for n in reversed(self.stack) if n.rank <= SECTION), self.root)
            host.children.append(node)
            self.stack.append(node)
            return
        self._close(node.rank)
        self.stack[-1].children.append(node)
        self.stack.append(node)
        self.last_numbers[node.rank] = node.number
        for rank in [r for r in self.last_numbers if r > node.rank and node.rank != ARTICLE and r != ARTICLE]:
            del self.last_numbers[rank]

    def _close_box(self) -> None:
        while self._in_box():
            self.stack.pop()

    def _close(self, rank: int) -> None:
        if rank <= ITEM:
            self._close_box()
        while len(self.stack) > 1 and self.stack[-1].rank >= rank and self.stack[-1].rank != BOX:
            self.stack.pop()

    def _continue(self, mark: Mark) -> None:
        if mark.gap > 1 and not mark.tabbed and self._in_box():
            self._close_box()
        node = self.stack[-1]
        if _is_title_line(node, mark):
            return
        node.parts.append(mark)
        if mark.line.start is not None:
            node.own_end = mark.line.start + len(mark.line.text.rstrip())


def _title_and_body(opener: Opener, rest: str) -> tuple[str, str]:
    """`（一）优化产业布局。指导…` → (`优化产业布局`, all of it); a line without text is title only."""
    if opener.rank in (BOX, ANNEX) or opener.rank <= SECTION:
        return re.sub(r"\s+", "", rest) if len(rest) < 12 else rest, ""
    if opener.rank == ARTICLE:
        named = re.match(r"[【（(]([^】）)]{2,30})[】）)]", rest)
        return (named[1] if named and len(rest) > named.end() else ""), rest
    found = _TITLE_BREAKS.search(rest)
    if not found:
        short = len(rest) <= MAX_TITLE and opener.rank in (LIST, ITEM)
        return (rest, "") if short else ("", rest)
    if found[0] == "。" and found.start() <= MAX_TITLE and found.end() < len(rest):
        return rest[: found.start()], rest
    if found[0] in "：:" and opener.rank >= numbering.POINT and found.start() <= MAX_TITLE:
        return rest[: found.start()], rest
    return "", rest


def _title_continuation(node: Node, following: Sequence[Mark | Grid]) -> str:
    """A chapter title broken over two lines: the second is short, ends no sentence, and a unit follows."""
    if node.rank not in (ANNEX, CHAPTER, SECTION, LIST) or len(following) < 2:
        return ""
    line, after = following[0], following[1]
    if isinstance(line, Grid) or line.opener or line.tabbed:
        return ""
    text = line.line.text
    if len(text) > MAX_TITLE or _TITLE_BREAKS.search(text) or text.endswith(_SENTENCE_END):
        return ""
    if node.rank == ANNEX:
        return text
    opens_inside = isinstance(after, Mark) and after.opener is not None and after.opener.rank > node.rank
    return text if opens_inside else ""


def _is_title_line(node: Node, mark: Mark) -> bool:
    """Whether the line was already taken as the second half of the unit's title."""
    return bool(node.title) and not node.parts and node.title.endswith(mark.line.text) and len(mark.line.text) > 1


WRAPPED_LINE = 25  # characters: a shorter line without a full stop is an item of its own
CUT_PARAGRAPH = 60  # characters: only a longer paragraph is taken as cut by a page break


def paragraphs(parts: Iterable[Mark | Grid]) -> list[str]:
    """Lines joined to paragraphs; nothing is inserted where a page break cut a sentence or a word."""
    result: list[str] = []
    for part in parts:
        if isinstance(part, Grid):
            continue
        text = part.line.text.strip()
        if result and _goes_on(result[-1], part.gap):
            glue = " " if result[-1][-1].isascii() and text[0].isascii() and text[0].isalpha() else ""
            result[-1] += glue + text
        elif text:
            result.append(text)
    return result


def _goes_on(paragraph: str, gap: int) -> bool:
    if paragraph.endswith(_SENTENCE_END):
        return False
    return len(paragraph) >= (CUT_PARAGRAPH if gap else WRAPPED_LINE)
