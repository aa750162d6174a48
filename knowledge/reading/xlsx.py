"""Excel workbooks: a title line and a grid for each visible sheet."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import WorkSheetParser

from knowledge.model import Grid, Line, SourceText
from knowledge.reading.faults import broken_file
from knowledge.reading.grids import check_size, rectangle
from knowledge.reading.package import open_package

# openpyxl's types do not cover its parser: workbooks, sheets and its dicts of cells are Any.
Loose = Any

DEFAULT_SHEET_NAME = re.compile(r"(sheet|工作表|表)\s*\d*", re.IGNORECASE)
NOTE = re.compile(r"\s*(注|备注|说明|资料来源|数据来源|填表|审核)")
SIGNIFICANT_DIGITS = 15  # what Excel keeps and shows
MIDNIGHT = dt.time()


@dataclass(slots=True)
class _Sheet:
    """Texts by row and column, and merged ranges as (first column, first row, last column, last row).

    Rows and columns count from 1.
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read(data: bytes, name: str) -> SourceText:
    """Read an .xlsx file; formulas give the value stored with them.

    Raises:
        ReadingError: not a workbook, encrypted, damaged, a zip bomb, or a sheet that is too large.
    """
    package = open_package(data, name)
    with broken_file(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that it leaves out
        workbook = load_workbook(package, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        blocks = tuple(block for sheet in sheets for block in _blocks(sheet, name))
    return SourceText(path=name, blocks=blocks)


def _blocks(sheet: Loose, name: str) -> Iterator[Line | Grid]:
    content = _content(sheet, name)
    rows = sorted(content.rows)
    if not rows:
        return
    if not DEFAULT_SHEET_NAME.fullmatch(sheet.title.strip()):
        yield Line(sheet.title.strip())
    first, last = _table_bounds(content, rows)
    title, *others = [_only_text(content, row) for row in rows[:first]] or [""]
    yield from map(Line, others)
    yield Grid(_filled(content, rows[first:last], name), title)
    yield from (Line(_only_text(content, row)) for row in rows[last:])


def _content(sheet: Loose, name: str) -> _Sheet:
    """The cells that are there, in one pass.

    This is what openpyxl's own worksheets do inside. They are not used: a read-only one knows no
    merged ranges, and a full one makes an object for each cell of a merged range, 17 thousand million
    for a sheet that is merged as a whole.
    """
    book = sheet.parent
    found = _Sheet()
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        count = 0
        for _, cells in parser.parse():
            for cell in cells:
                text = _cell_text(ReadOnlyCell(sheet, **cell))
                if text:
                    found.rows.setdefault(cell["row"], {})[cell["column"]] = text
                    count += 1
            check_size(count, name)
        if parser.merged_cells is not None:
            found.merged = [merge.bounds for merge in parser.merged_cells.mergeCell]
    return found


def _cell_text(cell: ReadOnlyCell) -> str:
    """What the cell shows, dates in ISO 8601; rounding for display is not applied."""
    value: object = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if "%" in cell.number_format:
            return f"{value * 100:.{SIGNIFICANT_DIGITS}g}%"
        return f"{value:.{SIGNIFICANT_DIGITS}g}" if isinstance(value, float) else str(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(sep=" ")
    return "" if value is None else str(value).strip()


def _table_bounds(content: _Sheet, rows: list[int]) -> tuple[int, int]:
    """The indices in `rows` between which the table stands: after its titles, before its notes."""
    is_single = [len(content.rows[row]) == 1 for row in rows]
    if all(is_single):
        return 0, len(rows)  # a list, in one column
    first, last = is_single.index(False), len(rows)
    while is_single[last - 1] and NOTE.match(_only_text(content, rows[last - 1])):
        last -= 1
    return first, last


def _only_text(content: _Sheet, row: int) -> str:
    return next(iter(content.rows[row].values()))


def _filled(content: _Sheet, rows: list[int], name: str) -> tuple[tuple[str, ...], ...]:
    """The given rows with merged ranges filled; only columns that have a cell of their own."""
    columns = sorted({column for row in rows for column in content.rows[row]})
    check_size(len(rows) * len(columns), name)
    texts = {(row, column): text for row in rows for column, text in content.rows[row].items()}
    filled = 0
    for first_column, first_row, last_column, last_row in content.merged:
        text = content.rows.get(first_row, {}).get(first_column, "")
        covered_columns = columns[bisect_left(columns, first_column) : bisect_right(columns, last_column)]
        covered_rows = rows[bisect_left(rows, first_row) : bisect_right(rows, last_row)]
        filled += len(covered_rows) * len(covered_columns)
        check_size(filled, name)
        texts.update({(row, column): text for row in covered_rows for column in covered_columns})
    return rectangle([[texts.get((row, column), "") for column in columns] for row in rows], name)
