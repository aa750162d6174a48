"""Counts by banner and step, and by banner and risk, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook

from handlers import wording_exports as wording
from handlers.exports.cells import Sheet, new_book, written
from handlers.exports.rows import About, Statistics

_NAME_WIDTH, _TOTAL_WIDTH, _ABOUT_WIDTHS = 20, 10, (14, 90)
Line = tuple[str, int, tuple[int, ...]]  # a banner, its households, its counts


def statistics_workbook(statistics: Statistics, about: About) -> bytes:
    """One sheet by step, one by risk, one that explains. Banners in the order of their codes."""
    book = new_book(about.made_at)
    steps = [(banner.name, banner.households, banner.steps) for banner in statistics.banners]
    risks = [(banner.name, banner.households, banner.risks) for banner in statistics.banners]
    everything = wording.TOTAL, statistics.households
    _table(book, wording.BY_STEP, statistics.steps, [*steps, (*everything, statistics.by_step())])
    _table(book, wording.BY_RISK, statistics.risks, [*risks, (*everything, statistics.by_risk())])
    _explain(Sheet(book, wording.ABOUT, _ABOUT_WIDTHS), about)
    return written(book)


def _table(book: Workbook, title: str, columns: Sequence[str], lines: Sequence[Line]) -> None:
    widths = (_NAME_WIDTH, _TOTAL_WIDTH, *(max(_TOTAL_WIDTH, 2 * len(column) + 2) for column in columns))
    sheet = Sheet(book, title, widths, freeze="B2")
    sheet.heading((wording.BANNER, wording.HOUSEHOLDS, *columns))
    for name, households, counts in lines:
        sheet.row((name, households, *counts))


def _explain(sheet: Sheet, about: About) -> None:
    sheet.heading((wording.ABOUT, wording.STATISTICS))
    sheet.row((wording.SCOPE, about.scope))
    sheet.row((wording.MADE_AT, wording.moment(about.made_at)))
    for remark in (wording.SEVERAL_RISKS, wording.CODE_ORDER, wording.LEAD_ONLY):
        sheet.row((wording.REMARK, remark))
