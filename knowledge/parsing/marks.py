"""Lines → marks: content lines with what opens them, and the quirks of a layout taken out.

Printed line ends of a PDF are joined; a box drawn as a table with one cell is text again; a box title
in the first row of a table is a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Grid, Line
from knowledge.parsing import numbering
from knowledge.parsing.numbering import BOX, Opener

SENTENCE_END = tuple("。！？；：!?;:”」』）)…")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})(?:\s+|$)")
_EMPHASIS = re.compile(r"\*\*([^*]+)\*\*")
_COMMENT = re.compile(r"<!--.*?-->")
_WIDEST_PAGE = 60  # full-width characters in a printed line; an unbroken paragraph is longer
_NARROWEST_PAGE = 20
_MIN_LINES = 4  # full ones


@dataclass(slots=True)
class Mark:
    """A content line with what opens it; `gap` counts the blank lines before it.

    Not frozen: there is one for each line, and frozen ones take twice as long to make.
    """

    line: Line
    opener: Opener | None
    gap: int
    heading_level: int = 0
    tabbed: bool = False
    end: int | None = None


def marks(blocks: Sequence[Line | Grid]) -> list[Mark | Grid]:
    """Content lines in order, white space stripped at both ends, with their openers."""
    found = list(_marks(blocks))
    width = _page_width(found)
    return list(_joined(found, width)) if width else found


def _marks(blocks: Iterable[Line | Grid]) -> Iterator[Mark | Grid]:
    gap = 0
    for block in blocks:
        if isinstance(block, Grid):
            yield from _unboxed(block)
            gap = 0
            continue
        raw = block.text
        if "<!--" in raw:
            raw = _COMMENT.sub("", raw)
        text = raw.strip()
        if not text and "\t" not in raw:
            gap += 1
            continue
        mark = _mark(block, raw, text, gap)
        if mark.line.text:
            yield mark
            gap = 0


def _mark(block: Line, raw: str, text: str, gap: int) -> Mark:
    level = 0
    if text[:1] == "#" and (found := _MARKDOWN_HEADING.match(text)):
        level, text = len(found[1]), text[found.end() :].rstrip("# ")
        if "**" in text:
            text = _EMPHASIS.sub(r"\1", text)
    opener = numbering.opener(text)
    tabbed = "\t" in raw and _is_tabbed(raw, text, opener)
    start = block.start
    if tabbed:
        end = None if start is None else start + len(raw.rstrip())
        return Mark(Line(raw, start), opener, gap, level, True, end)
    if text == block.text:
        return Mark(block, opener, gap, level, False, None if start is None else start + len(text))
    if start is None:
        return Mark(Line(text), opener, gap, level)
    start += max(block.text.find(text), 0)
    return Mark(Line(text, start), opener, gap, level, False, start + len(text))


def _is_tabbed(raw: str, text: str, opener: Opener | None) -> bool:
    """Whether the line is a row or a cell; a tab between a number and its text is only a gap."""
    if raw[0] == "\t":
        return True
    inner = text.count("\t")
    if opener and inner == 1 and "\t" in text[: opener.rest]:
        return False
    return inner > 1 or raw.count("\t") > 1 or (inner == 1 and opener is None)


def _unboxed(grid: Grid) -> Iterator[Mark | Grid]:
    """A box drawn as one cell is lines; a first row that names a box is a line before the rest."""
    if all(len(row) < 2 for row in grid.rows):
        lines = (Line(line) for row in grid.rows for cell in row for line in cell.split("\n"))
        yield from _marks(lines)
        return
    first = grid.rows[0]
    names = {cell for cell in first if cell.strip()}
    name = names.pop().strip() if len(names) == 1 else ""
    opener = numbering.opener(name)
    if opener and opener.rank == BOX and len(grid.rows) > 1:
        yield Mark(Line(name), opener, 1)
        grid = Grid(grid.rows[1:], grid.title)
    yield grid


def _page_width(found: Sequence[Mark | Grid]) -> float:
    """Width of a page whose paragraphs are broken into printed lines; 0 when lines are paragraphs."""
    texts = [mark.line.text for mark in found if isinstance(mark, Mark) and not mark.tabbed]
    if max(map(len, texts), default=0) > 2 * _WIDEST_PAGE:
        return 0
    lengths = [_width(text) for text in texts]
    width = max(lengths, default=0)
    full = sum(length >= width - 3 for length in lengths)
    if not _NARROWEST_PAGE <= width <= _WIDEST_PAGE or full < _MIN_LINES or full * 10 < len(lengths) * 3:
        return 0
    return width


def _width(text: str) -> float:
    """In full-width characters."""
    return sum(0.5 if char < "\u2000" else 1 for char in text)


def _joined(found: Sequence[Mark | Grid], width: float) -> Iterator[Mark | Grid]:
    """Printed lines → paragraphs: a full line goes on in the next one unless that opens a unit."""
    current: Mark | None = None
    full = False
    for mark in found:
        if isinstance(mark, Grid):
            if current:
                yield current
            current = None
            yield mark
            continue
        goes_on = current is not None and full and not mark.gap and not mark.tabbed and not _opens_unit(mark)
        if current and goes_on:
            current = _join(current, mark)
        else:
            if current:
                yield current
            current = mark
        full = not mark.tabbed and not mark.heading_level and _is_full(mark.line.text, width)
    if current:
        yield current


def _is_full(text: str, width: float) -> bool:
    return _width(text) >= width - 3 and not text.endswith(("。", "！", "？"))


def _opens_unit(mark: Mark) -> bool:
    opener = mark.opener
    return bool(mark.heading_level) or (opener is not None and opener.spaced and not opener.refers)


def _join(first: Mark, second: Mark) -> Mark:
    left, right = first.line.text, second.line.text
    is_word = left[-1].isascii() and left[-1].isalnum() and right[0].isascii() and right[0].isalpha()
    text = left + (" " if is_word else "") + right
    line = Line(text, first.line.start)
    return Mark(line, numbering.opener(text), first.gap, first.heading_level, False, second.end)
