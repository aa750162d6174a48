"""Web page events → lines and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.model import Grid, Line
from knowledge.reading.grids import Cell, spread

INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"input", "ins", "kbd", "label", "mark", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span"}
    | {"strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
# A line break in the markup between two wide characters is not a space in Chinese typesetting.
WIDE = r"[\u2e80-\ufaff\uff00-\uffef]"
BREAK_IN_CHINESE = re.compile(rf"(?<={WIDE})[ \t]*[\r\n][ \t\r\n]*(?={WIDE})")
MAX_ROW_SPAN = 65_534  # as in HTML

Attributes = Mapping[str, str | None]
Block = Line | Grid


@dataclass(slots=True)
class _Cell:
    rows: int
    columns: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(_block_text(block) for block in self.blocks)


@dataclass(slots=True)
class _Table:
    caption: list[Block] = field(default_factory=list)
    rows: list[list[_Cell]] = field(default_factory=list)
    has_inner_table: bool = False

    @property
    def is_layout(self) -> bool:
        """Tables that hold tables, or stand in one column, place text on the page."""
        return self.has_inner_table or all(len(row) < 2 for row in self.rows)


class PageBuilder:
    """Takes the opening and closing of elements in document order and collects blocks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks: list[Block] = []
        self._targets = [self._blocks]  # the innermost is written to: the page, a caption or a cell
        self._tables: list[_Table] = []
        self._list_numbers: list[int | None] = []  # of the open lists; None in one with bullets
        self._preformatted = 0
        self._text: list[str] = []

    def add_text(self, text: str) -> None:
        if not self._preformatted:
            self._text.append(text)
            return
        first, *others = text.splitlines() or [""]
        self._text.append(first)
        for line in others:
            self._end_line()
            self._text.append(line)

    def open(self, tag: str, attributes: Attributes) -> None:
        if _is_inline(tag):
            return
        self._end_line()
        match tag:
            case "table":
                self._open_table()
            case "caption" if self._tables:
                self._targets.append(self._tables[-1].caption)
            case "tr" if self._tables:
                self._tables[-1].rows.append([])
            case "td" | "th" if self._tables and self._tables[-1].rows:
                self._open_cell(attributes)
            case "ol" | "ul":
                self._list_numbers.append(_number(attributes.get("start"), 1) if tag == "ol" else None)
            case "li":
                self._number_item()
            case "pre":
                self._preformatted += 1

    def close(self, tag: str) -> None:
        if _is_inline(tag):
            return
        self._end_line()
        match tag:
            case "table":
                self._close_table()
            case "caption" if self._tables:
                self._targets.pop()
            case "td" | "th" if self._tables and self._tables[-1].rows:
                self._targets.pop()
            case "ol" | "ul":
                self._list_numbers.pop()
            case "pre":
                self._preformatted -= 1

    def finish(self) -> tuple[Block, ...]:
        self._end_line()
        return tuple(self._blocks)

    def _end_line(self) -> None:
        text = SPACE.sub(" ", BREAK_IN_CHINESE.sub("", "".join(self._text))).strip()
        self._text.clear()
        if text:
            self._targets[-1].append(Line(text))

    def _open_table(self) -> None:
        if self._tables:
            self._tables[-1].has_inner_table = True
        self._tables.append(_Table())

    def _open_cell(self, attributes: Attributes) -> None:
        # rowspan="0" reaches to the end of the table
        rows = _number(attributes.get("rowspan"), 1) or MAX_ROW_SPAN
        cell = _Cell(min(rows, MAX_ROW_SPAN), _number(attributes.get("colspan"), 1))
        self._tables[-1].rows[-1].append(cell)
        self._targets.append(cell.blocks)

    def _close_table(self) -> None:
        table = self._tables.pop()
        target = self._targets[-1]
        if table.is_layout:
            target.extend(table.caption)
            target.extend(block for row in table.rows for cell in row for block in cell.blocks)
            return
        cells = [[Cell(cell.text, cell.rows, cell.columns) for cell in row] for row in table.rows]
        rows = spread(cells, self._name)
        if rows:
            target.append(Grid(rows, title="".join(map(_block_text, table.caption))))

    def _number_item(self) -> None:
        """Write the number that a browser shows before an item of a numbered list."""
        number = self._list_numbers[-1] if self._list_numbers else None
        if number is not None:
            self._text.append(f"{number}. ")
            self._list_numbers[-1] = number + 1


def _is_inline(tag: str) -> bool:
    return tag in INLINE or ":" in tag  # Word writes <o:p>, <st1:chsdate>


def _block_text(block: Block) -> str:
    return block.text if isinstance(block, Line) else _rows_text(block.rows)


def _rows_text(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(" ".join(row) for row in rows)


def _number(value: str | None, default: int) -> int:
    digits = (value or "").strip()[:6]
    return int(digits) if digits.isascii() and digits.isdigit() else default
