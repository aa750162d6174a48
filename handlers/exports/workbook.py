"""The working ledger (监测工作台账) as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from handlers import wording_exports as wording
from handlers.exports.cells import Sheet, Value, new_book, written
from handlers.exports.rows import About, LedgerRow

_ABOUT_WIDTHS = (14, 90)


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: float  # in characters; a Chinese one takes two
    value: Callable[[LedgerRow], Value]


_COLUMNS = (
    _Column(wording.NUMBER, 14, lambda row: row.number),
    _Column(wording.BANNER, 14, lambda row: row.banner),
    _Column(wording.TOWNSHIP, 18, lambda row: row.township),
    _Column(wording.VILLAGE, 20, lambda row: row.village),
    _Column(wording.HEAD, 14, lambda row: row.head),
    _Column(wording.ID_NUMBER, 22, lambda row: row.id_number),
    _Column(wording.PHONE, 16, lambda row: row.phone),
    _Column(wording.SIZE, 12, lambda row: row.size),
    _Column(wording.CATEGORY, 18, lambda row: row.category),
    _Column(wording.RISKS, 26, lambda row: wording.SEPARATOR.join(row.risks)),
    _Column(wording.CAPACITY, 22, lambda row: row.capacity),
    _Column(wording.SOURCE, 18, lambda row: row.source),
    _Column(wording.STEP, 22, lambda row: row.step),
    _Column(wording.STEP_SINCE, 16, lambda row: row.step_since),
    _Column(wording.REPORTED_ON, 14, lambda row: row.reported_on),
    _Column(wording.IDENTIFIED_ON, 16, lambda row: row.identified_on),
    _Column(wording.URGENT, 10, lambda row: wording.YES if row.urgent else ""),
    _Column(wording.MEASURES, 34, lambda row: wording.SEPARATOR.join(row.measures)),
    _Column(wording.EXITED_ON, 16, lambda row: row.exited_on),
    _Column(wording.EXIT_KIND, 16, lambda row: row.exit_kind),
)


def ledger_workbook(rows: Iterable[LedgerRow], about: About) -> bytes:
    """The ledger as .xlsx. The rows are taken one by one, so that they may come from a query."""
    book = new_book(about.made_at)
    ledger = Sheet(book, wording.LEDGER, (column.width for column in _COLUMNS))
    ledger.heading(column.title for column in _COLUMNS)
    for row in rows:
        ledger.row(column.value(row) for column in _COLUMNS)
    ledger.filter_all(len(_COLUMNS))
    _explain(Sheet(book, wording.ABOUT, _ABOUT_WIDTHS), about, households=ledger.rows - 1)
    return written(book)


def _explain(sheet: Sheet, about: About, households: int) -> None:
    sheet.heading((wording.ABOUT, wording.LEDGER))
    sheet.row((wording.SCOPE, about.scope))
    sheet.row((wording.MADE_AT, wording.moment(about.made_at)))
    sheet.row((wording.HOUSEHOLDS, households))
    sheet.row((wording.PERSONAL_DATA, wording.MASKED if about.masked else wording.PLAIN))
    sheet.row((wording.REMARK, wording.LEAD_ONLY))
