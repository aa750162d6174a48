"""Tables, however they are printed: as grids, as lines with tabs, or one cell a line.

Cells stay as printed. Only what the layout itself says is mended: a header repeated after a page
break is dropped, a cell broken over two lines is joined, and one value printed across two year
columns is given to both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Grid, Row, Table
from knowledge.parsing.outline import Mark, Node

YEAR = re.compile(r"20\d\d\s*年?$")
MIN_CELLS = 2


@dataclass(slots=True)
class RawRow:
    """Cells with where they start; `lines` are the printed lines, for the quote."""

    cells: list[str]
    lines: list[str]
    start: int | None


def split_parts(parts: Sequence[Mark | Grid]) -> tuple[list[list[Mark] | Grid], list[Mark]]:
    """Separate table material (runs of tabbed lines, grids) from running text."""
    tables: list[list[Mark] | Grid] = []
    text: list[Mark] = []
    run: list[Mark] = []
    for part in parts:
        if isinstance(part, Grid):
            tables.append(part)
        elif part.tabbed or (run and _continues_cell(part, run)):
            run.append(part)
        else:
            _flush(run, tables, text)
            run = []
            text.append(part)
    _flush(run, tables, text)
    return tables, text


def _continues_cell(mark: Mark, run: Sequence[Mark]) -> bool:
    """A cell broken over two lines: the second half is short and not tab-led."""
    return len(run) >= MIN_CELLS and len(mark.line.text) <= 20 and not mark.line.text.endswith("。")


def _flush(run: list[Mark], tables: list[list[Mark] | Grid], text: list[Mark]) -> None:
    """One tab-led line is the first line of a box, not a table."""
    if sum(mark.tabbed for mark in run) >= 3 or any(mark.line.text.strip().count("\t") >= 2 for mark in run):
        tables.append(list(run))
    else:
        text.extend(run)


def tables_of(node: Node, path: tuple[str, ...], title: str) -> Iterator[Table]:
    """The tables that stand directly in a unit, in order; several when a box holds several."""
    material, _ = split_parts(node.parts)
    for item in material:
        if isinstance(item, Grid):
            rows = [RawRow([_clean(c) for c in r], [" ".join(filter(None, r))], None) for r in item.rows]
            groups = [(item.title or title, rows)]
        elif any(mark.line.text.strip().count("\t") >= 2 for mark in item):
            groups = [(title, [_tabbed_row(mark) for mark in item])]
        else:
            groups = _by_titles(_cell_lines(item), title)
        for name, rows in groups:
            if table := _table(name, path, rows):
                yield table


def _clean(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()


def _tabbed_row(mark: Mark) -> RawRow:
    raw = mark.line.text
    return RawRow([_clean(c) for c in raw.split("\t")], [raw.strip()], mark.line.start)


def _cell_lines(run: Sequence[Mark]) -> list[RawRow]:
    """One cell a line; a blank line ends a row unless the next line continues a broken cell."""
    rows: list[RawRow] = []
    for mark in run:
        text = _clean(mark.line.text)
        if not mark.tabbed and rows:
            rows[-1].cells[-1] += text
            rows[-1].lines.append(text)
        elif mark.gap or not rows:
            rows.append(RawRow([text], [text], mark.line.start))
        else:
            rows[-1].cells.append(text)
            rows[-1].lines.append(text)
    return rows


def _by_titles(rows: list[RawRow], title: str) -> list[tuple[str, list[RawRow]]]:
    """A row of a single cell before a header is the title of the table that follows."""
    groups: list[tuple[str, list[RawRow]]] = []
    for row in rows:
        if len(row.cells) == 1 and row.cells[0]:
            groups.append((row.cells[0], []))
        else:
            if not groups:
                groups.append((title, []))
            groups[-1][1].append(row)
    return [(name, found) for name, found in groups if found]


def _table(title: str, path: tuple[str, ...], rows: list[RawRow]) -> Table | None:
    rows = [row for row in rows if any(row.cells)]
    if len(rows) < MIN_CELLS:
        return None
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    width = max(width, len(rows[0].cells)) if _looks_like_header(rows[0].cells) else width
    at = next((k for k, row in enumerate(rows) if len(row.cells) == width), None)
    if at is None or width < MIN_CELLS:
        return None
    header = rows[at].cells
    body = [row for row in rows[at + 1 :] if row.cells != header]
    header, body = _label_from_header(header, body)
    fitted = [Row(tuple(_fit(row.cells, header)), "\n".join(row.lines), row.start) for row in body]
    return Table(title, path, tuple(header), tuple(fitted), rows[at].start) if fitted else None


def _looks_like_header(cells: Sequence[str]) -> bool:
    """A header has no numbers but years."""
    return all(cell and (YEAR.match(cell) or not re.fullmatch(r"[\d.,%]+", cell)) for cell in cells)


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
    if missing <= 0:
        return cells[: len(header)]
    if years and missing == len(years) - 1 and years[0] < len(cells):
        first = years[0]
        return [*cells[:first], *[cells[first]] * len(years), *cells[first + 1 :]]
    return [*cells, *[""] * missing]
