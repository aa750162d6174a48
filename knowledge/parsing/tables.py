"""Tables, however they are printed: as grids, as lines with tabs, or one cell a line.

Cells stay as printed. Only what the layout itself says is mended: a header repeated after a page
break is dropped, a cell broken over two lines is joined, and one value printed across two year
columns is given to both. What turns out to be no table is running text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.model import Grid, Line, Row, Table
from knowledge.parsing import headers
from knowledge.parsing.headers import YEAR
from knowledge.parsing.marks import Mark

__all__ = ["YEAR", "extract"]

MIN_CELLS = 2
_BROKEN_CELL = 20  # characters of the second half of a cell
_SPACES = re.compile(r"\s+")
_PLAIN_NUMBER = re.compile(r"[\d.,%]+")


@dataclass(slots=True)
class RawRow:
    """Cells with where they start; `marks` are the printed lines, empty for a row of a grid."""

    cells: list[str]
    lines: list[str]
    start: int | None
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Rows under one title, and the lines that the title was printed on."""

    title: str
    rows: list[RawRow]
    title_marks: list[Mark] = field(default_factory=list)


def extract(
    parts: Sequence[Mark | Grid], path: tuple[str, ...], title: str, *, names_table: bool = False
) -> tuple[list[Table], list[Mark]]:
    """The tables that stand directly in a unit, several when a box holds several, and its running text.

    Args:
        names_table: the title is that of a box or an annex, which names its table better than a sheet.
    """
    if not any(isinstance(part, Grid) or part.tabbed for part in parts):
        return [], [part for part in parts if isinstance(part, Mark)]
    tables: list[Table] = []
    text: list[Mark] = []
    for run in _runs(parts):
        if isinstance(run, Grid):
            _add_grid(run, path, title if names_table else _clean(run.title) or title, tables, text)
        elif _is_table(run):
            _add_lines(run, path, title, tables, text)
        else:
            text += run
    return tables, text


def _runs(parts: Sequence[Mark | Grid]) -> list[Grid | list[Mark]]:
    """Grids, runs of tabbed lines, and what stands between them."""
    runs: list[Grid | list[Mark]] = []
    tabbed = False
    for part in parts:
        last = runs[-1] if runs else None
        if isinstance(part, Grid):
            runs.append(part)
            continue
        goes_on = isinstance(last, list) and tabbed and (part.tabbed or _continues_cell(part, last))
        if isinstance(last, list) and (goes_on or (not tabbed and not part.tabbed)):
            last.append(part)
        else:
            runs.append([part])
            tabbed = part.tabbed
    return runs


def _continues_cell(mark: Mark, run: Sequence[Mark]) -> bool:
    """A cell broken over two lines: the second half is short and not tab-led."""
    text = mark.line.text
    return len(run) >= MIN_CELLS and len(text) <= _BROKEN_CELL and not text.endswith("。") and not mark.opener


def _is_table(run: Sequence[Mark]) -> bool:
    """One tab-led line is the first line of a box, not a table."""
    if not run[0].tabbed:
        return False
    return sum(mark.tabbed for mark in run) >= 3 or any(_tabs(mark) >= 2 for mark in run)


def _tabs(mark: Mark) -> int:
    return mark.line.text.strip().count("\t")


def _add_grid(grid: Grid, path: tuple[str, ...], title: str, tables: list[Table], text: list[Mark]) -> None:
    rows = [[_clean(cell) for cell in row] for row in grid.rows]
    own_title, rows = headers.title_rows(rows)
    header, body = headers.header_of(rows)
    name = own_title or title
    if not body:
        text += [Mark(Line("  ".join(_once(row))), None, 0) for row in rows if any(row)]
        return
    found = [Row(tuple(row), "  ".join(_once(row)), None) for row in body if row != header]
    tables.append(Table(name, path, tuple(header), tuple(found), None))


def _once(cells: Sequence[str]) -> list[str]:
    """The cells of a row for a quote: what a merged cell repeats is written once."""
    kept = [cell for at, cell in enumerate(cells) if cell and (at == 0 or cell != cells[at - 1])]
    return kept or [""]


def _add_lines(
    run: Sequence[Mark], path: tuple[str, ...], title: str, tables: list[Table], text: list[Mark]
) -> None:
    if any(_tabs(mark) for mark in run):
        groups = [_Group(title, _tabbed_rows(run))]
    else:
        groups = _by_titles(_cell_lines(run), title)
    for group in groups:
        table, left = _table(group.title, path, group.rows)
        if table:
            tables.append(table)
        else:
            text += group.title_marks
        text += [mark for row in left for mark in row.marks]


def _clean(cell: str) -> str:
    return _SPACES.sub(" ", cell).strip()


def _tabbed_rows(run: Sequence[Mark]) -> list[RawRow]:
    """A row a line; a line without tabs goes on with the last cell of the row before."""
    rows: list[RawRow] = []
    for mark in run:
        raw = mark.line.text
        if not mark.tabbed and rows:
            rows[-1].cells[-1] += _clean(raw)
            rows[-1].lines.append(raw.strip())
            rows[-1].marks.append(mark)
        else:
            rows.append(RawRow([_clean(c) for c in raw.split("\t")], [raw.strip()], mark.line.start, [mark]))
    while rows and all(not row.cells or not row.cells[-1] for row in rows) and any(row.cells for row in rows):
        rows = [RawRow(row.cells[:-1], row.lines, row.start, row.marks) for row in rows]
    while rows and all(len(row.cells) > 1 and not row.cells[0] for row in rows):
        rows = [RawRow(row.cells[1:], row.lines, row.start, row.marks) for row in rows]
    return rows


def _cell_lines(run: Sequence[Mark]) -> list[RawRow]:
    """One cell a line; a blank line ends a row unless the next line continues a broken cell."""
    rows: list[RawRow] = []
    for mark in run:
        text = _clean(mark.line.text)
        if not mark.tabbed and rows:
            rows[-1].cells[-1] += text
        elif mark.gap or not rows:
            rows.append(RawRow([text], [], mark.line.start))
        else:
            rows[-1].cells.append(text)
        rows[-1].lines.append(text)
        rows[-1].marks.append(mark)
    return rows


def _by_titles(rows: list[RawRow], title: str) -> list[_Group]:
    """A row of a single cell before a header is the title of the table that follows."""
    groups = [_Group(title, [])]
    for at, row in enumerate(rows):
        follows = at + 1 < len(rows) and len(rows[at + 1].cells) > 1
        if len(row.cells) == 1 and row.cells[0] and follows:
            groups.append(_Group(row.cells[0], [], row.marks))
        else:
            groups[-1].rows.append(row)
    return [group for group in groups if group.rows]


def _table(title: str, path: tuple[str, ...], rows: list[RawRow]) -> tuple[Table | None, list[RawRow]]:
    """The table, and the rows that are none of it: what stands above its header."""
    filled = [row for row in rows if any(row.cells)]
    width = Counter(len(row.cells) for row in filled).most_common(1)[0][0] if filled else 0
    if filled and _looks_like_header(filled[0].cells):
        width = max(width, len(filled[0].cells))
    at = next((k for k, row in enumerate(filled) if len(row.cells) == width), None)
    if at is None or width < MIN_CELLS or at + 1 >= len(filled):
        return None, filled
    header = filled[at].cells
    body = [row for row in filled[at + 1 :] if row.cells != header]
    header, body = _label_from_header(header, body)
    if not body:
        return None, filled
    fitted = [Row(tuple(_fit(row.cells, header)), "\n".join(row.lines), row.start) for row in body]
    return Table(title, path, tuple(header), tuple(fitted), filled[at].start), filled[:at]


def _looks_like_header(cells: Sequence[str]) -> bool:
    """A header has no numbers but years."""
    return all(cell and (YEAR.match(cell) or not _PLAIN_NUMBER.fullmatch(cell)) for cell in cells)


def _label_from_header(header: list[str], body: list[RawRow]) -> tuple[list[str], list[RawRow]]:
    """`市本级资金 | 2021年 …` over a row whose first cell is empty: the label belongs to the row."""
    only = len(body) == 1 and body[0].cells and not body[0].cells[0]
    if not only or not header[0] or YEAR.match(header[0]):
        return header, body
    row = body[0]
    return ["", *header[1:]], [RawRow([header[0], *row.cells[1:]], row.lines, row.start)]


def _fit(cells: list[str], header: Sequence[str]) -> list[str]:
    """Give a row the width of its header; a value printed across year columns is given to each."""
    missing = len(header) - len(cells)
    years = [k for k, name in enumerate(header) if YEAR.match(name)]
    if missing < 0:
        last = len(header) - 1
        return [*cells[:last], " ".join(filter(None, cells[last:]))]
    if missing and years and missing == len(years) - 1 and years[0] < len(cells):
        first = years[0]
        return [*cells[:first], *[cells[first]] * len(years), *cells[first + 1 :]]
    return [*cells, *[""] * missing]
