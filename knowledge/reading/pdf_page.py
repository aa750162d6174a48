"""One page of a PDF: its lines of text and ruled tables, from top to bottom."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.text import chars_to_textmap

# Of the character size: wider gaps are spaces. Justified Chinese text is stretched by less.
SPACE_SHARE = 0.3
EDGE_TOLERANCE = 3.0  # points; also what pdfplumber snaps lines together with
SKEW_DEGREES = 10.0  # a scanned page lies less askew
OPEN_SIDE = 10.0  # points by which rules stick out of a table without left and right border
WORD_END, WORD_START = re.compile(r"[A-Za-z0-9]$"), re.compile(r"^[A-Za-z0-9]")
UNREADABLE = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")

Char = dict[str, Any]  # as pdfplumber has them: text, x0, x1, top, bottom, size, matrix, …
Box = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class PrintedLine:
    text: str
    top: float
    bottom: float
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Rows with merged cells filled; `edges` are the x of its vertical rules, in points."""

    rows: tuple[tuple[str, ...], ...]
    top: float
    edges: tuple[float, ...]

    def continues(self, other: PrintedTable) -> bool:
        """Whether this table, at the top of a page, has the columns of the one that ended the page before."""
        return len(self.edges) == len(other.edges) and all(
            abs(mine - theirs) <= 2 * EDGE_TOLERANCE
            for mine, theirs in zip(self.edges, other.edges, strict=True)
        )

    def joined(self, following: PrintedTable) -> PrintedTable:
        """This table and its continuation, whose repeated header rows are left out."""
        repeated = 0
        for mine, theirs in zip(self.rows, following.rows, strict=False):
            if mine != theirs:
                break
            repeated += 1
        return replace(self, rows=self.rows + following.rows[repeated:])


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """`characters` and `unreadable` count the text layer, tables and page numbers included."""

    height: float
    items: tuple[PrintedLine | PrintedTable, ...]
    characters: int
    unreadable: int
    has_pictures: bool


def printed_page(page: Page) -> PrintedPage:
    """Lines and tables of a page, ordered by their upper edge; no character is used twice."""
    chars = _readable(page.dedupe_chars().chars)  # bold is often faked by printing twice
    items: list[PrintedLine | PrintedTable] = []
    for table in _tables(page) if chars else ():
        printed, chars = _printed_table(table, chars)
        if printed is not None:
            items.append(printed)
    items += _lines(chars)
    return PrintedPage(
        height=float(page.height),
        items=tuple(sorted(items, key=lambda item: item.top)),
        characters=sum(1 for char in page.chars if char["text"].strip()),
        unreadable=sum(1 for char in page.chars if UNREADABLE.fullmatch(char["text"])),
        has_pictures=bool(page.images),
    )


def _readable(chars: list[Char]) -> list[Char]:
    """Without a slanted watermark, unless all characters are slanted."""
    return [char for char in chars if not _is_slanted(char)] or chars


def _is_slanted(char: Char) -> bool:
    along, across = char["matrix"][:2]  # pdfplumber's "upright" is true at 45 degrees, too
    angle = math.degrees(math.atan2(across, along)) % 90
    return SKEW_DEGREES < angle < 90 - SKEW_DEGREES


def _lines(chars: Sequence[Char]) -> list[PrintedLine]:
    if not chars:
        return []
    textmap = chars_to_textmap(list(chars), x_tolerance_ratio=SPACE_SHARE)
    found = textmap.extract_text_lines(strip=True, return_chars=False)
    return [PrintedLine(line["text"], line["top"], line["bottom"], line["x0"], line["x1"]) for line in found]


def _tables(page: Page) -> Iterator[Table]:
    for table in page.find_tables():
        yield _with_open_sides(page, table)


def _with_open_sides(page: Page, table: Table) -> Table:
    """The same table with its outer columns, where the rules stick out of the outermost vertical ones."""
    left, top, right, bottom = table.bbox
    rules = [
        edge
        for edge in page.horizontal_edges
        if top - EDGE_TOLERANCE <= edge["top"] <= bottom + EDGE_TOLERANCE
    ]
    outer_left = min((edge["x0"] for edge in rules), default=left)
    outer_right = max((edge["x1"] for edge in rules), default=right)
    sides = [
        side for side, edge in ((outer_left, left), (outer_right, right)) if abs(side - edge) > OPEN_SIDE
    ]
    if not sides:
        return table
    band = (
        page.bbox[0],
        max(top - EDGE_TOLERANCE, page.bbox[1]),
        page.bbox[2],
        min(bottom + EDGE_TOLERANCE, page.bbox[3]),
    )
    wider = page.crop(band).find_tables({"explicit_vertical_lines": sides})
    return max(wider, key=lambda found: len(found.cells), default=table)


def _printed_table(table: Table, chars: list[Char]) -> tuple[PrintedTable | None, list[Char]]:
    """The table and the characters outside its cells; no table if it is a frame of one column."""
    xs, ys = _positions(table, 0), _positions(table, 1)
    if len(xs) < 3:
        return None, chars
    owners = _owners(table.cells, xs, ys)
    contents: dict[Box, list[Char]] = {cell: [] for cell in table.cells}
    outside: list[Char] = []
    for char in chars:
        column, row = _index(xs, _middle(char, "x0", "x1")), _index(ys, _middle(char, "top", "bottom"))
        owner = owners.get((column, row))
        (outside if owner is None else contents[owner]).append(char)
    texts = {cell: _cell_text(cell, inside) for cell, inside in contents.items()}
    if not any(texts.values()):
        return None, chars
    return PrintedTable(_rows(texts, owners, len(ys) - 1, len(xs) - 1), table.bbox[1], tuple(xs)), outside


def _rows(
    texts: dict[Box, str], owners: dict[tuple[int, int], Box], height: int, width: int
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(texts[owners[column, row]] if (column, row) in owners else "" for column in range(width))
        for row in range(height)
    )


def _middle(char: Char, start: str, end: str) -> float:
    return float(char[start] + char[end]) / 2


def _positions(table: Table, axis: int) -> list[float]:
    """The distinct edges of the cells along an axis; edges closer than the tolerance are one."""
    edges = sorted({cell[side] for cell in table.cells for side in (axis, axis + 2)})
    distinct = edges[:1]
    for edge in edges[1:]:
        if edge - distinct[-1] > EDGE_TOLERANCE:
            distinct.append(edge)
    return distinct


def _owners(cells: Sequence[Box], xs: Sequence[float], ys: Sequence[float]) -> dict[tuple[int, int], Box]:
    """(column, row) → the cell that covers it."""
    owners = {}
    for cell in cells:
        first_column, last_column = _index(xs, cell[0] + EDGE_TOLERANCE), _index(xs, cell[2] - EDGE_TOLERANCE)
        first_row, last_row = _index(ys, cell[1] + EDGE_TOLERANCE), _index(ys, cell[3] - EDGE_TOLERANCE)
        for column in range(first_column, last_column + 1):
            for row in range(first_row, last_row + 1):
                owners[column, row] = cell
    return owners


def _index(edges: Sequence[float], position: float) -> int:
    return bisect_right(edges, position) - 1


def _cell_text(cell: Box, chars: Sequence[Char]) -> str:
    """The text of a cell. A line that fills the cell is wrapped and goes on in the next one."""
    lines = _lines(chars)
    text = lines[0].text if lines else ""
    for line, following in pairwise(lines):
        is_wrapped = cell[2] - line.x1 < 1.5 * (line.bottom - line.top) + EDGE_TOLERANCE
        if not is_wrapped:
            text += "\n"
        elif WORD_END.search(line.text) and WORD_START.search(following.text):
            text += " "
        text += following.text
    return text
