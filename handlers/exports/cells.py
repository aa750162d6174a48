"""Cells of a workbook that is written row by row. What a person typed never becomes a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Generator, Iterable

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | dt.date | None

_MAX_UNITS = 32_767  # what Excel keeps of a cell, in UTF-16 units
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read "_x003D_" as "="
_FORMULA_STARTS = "=+-@\u2212"
_UNSEEN = "CZ"  # categories of signs that show nothing, or that a reader may not know
_HEADING_FILL = PatternFill("solid", fgColor="DCE6F1")


def printable(text: str) -> str:
    """What XML can hold of the text."""
    return _LINE_END.sub("\n", _NOT_XML.sub("", text))


def storable(text: str) -> str:
    """A printable text so that Excel shows it as it is, as far as a cell can keep it."""
    text = _ESCAPE.sub("_x005F_", text)
    return text.encode("utf-16-le")[: 2 * _MAX_UNITS].decode("utf-16-le", errors="ignore")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that reads the text anew, from a CSV file or by hand, may calculate with it."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    seen = (char for char in text if unicodedata.category(char)[0] not in _UNSEEN)
    return unicodedata.normalize("NFKC", next(seen, " "))[0] in _FORMULA_STARTS


class Sheet:
    """A sheet with a frozen heading row. One cell of each style is filled and written again and again, since
    styling a cell takes longer than writing it."""

    def __init__(self, book: Workbook, title: str, widths: Iterable[float], freeze: str = "A2") -> None:
        sheet: Worksheet = book.create_sheet(title)  # a write-only one, which has no type stubs
        self.sheet = sheet
        self.rows = 0
        sheet.freeze_panes = freeze
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        self._text = self._styled("@")
        self._quoted = self._styled("@")
        self._quoted.quotePrefix = True
        self._number = self._styled("0")
        self._date = self._styled("yyyy-mm-dd")
        self._heading = self._styled("@")
        self._heading.font = Font(bold=True)
        self._heading.fill = _HEADING_FILL
        self._heading.alignment = Alignment(horizontal="center", vertical="center")

    def _styled(self, number_format: str) -> Cell:
        cell: Cell = WriteOnlyCell(self.sheet)
        cell.number_format = number_format
        return cell

    def heading(self, titles: Iterable[str]) -> None:
        self._append(_as_text(self._heading, title) for title in titles)

    def row(self, values: Iterable[Value]) -> None:
        self._append(self._cell(value) for value in values)

    def filter_all(self, columns: int) -> None:
        """Put a filter on each column; after the last row."""
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(1, self.rows)}"

    def _append(self, cells: Generator[Cell | None, None, None]) -> None:
        self.sheet.append(cells)  # type: ignore[arg-type]  # the stubs want generators that take a value
        self.rows += 1

    def _cell(self, value: Value) -> Cell | None:
        if isinstance(value, str):
            text = printable(value)
            return _as_text(self._quoted if looks_like_formula(text) else self._text, text) if text else None
        if value is None:
            return None
        cell = self._number if isinstance(value, int) else self._date
        cell.value = value
        return cell


def _as_text(cell: Cell, text: str) -> Cell:
    """Typed as text explicitly: openpyxl takes "=1" for a formula and "#N/A" for an error otherwise."""
    cell.value = storable(text)
    cell.data_type = "s"
    return cell


def new_book(made_at: dt.datetime) -> Workbook:
    book = Workbook(write_only=True)
    book.properties.creator = ""
    book.properties.created = made_at.astimezone(dt.UTC).replace(tzinfo=None)
    return book


def written(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
