import datetime as dt
import io

import pytest
from openpyxl import Workbook, load_workbook

from handlers.exports import About, BannerCounts, Statistics, statistics_workbook

ABOUT = About("鄂尔多斯市", dt.datetime(2026, 3, 1, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=8))))
STATISTICS = Statistics(
    steps=("农牧户申请", "走访排查"),
    risks=("因病", "因学", "因残"),
    banners=(
        BannerCounts("150626", "乌审旗", steps=(3, 40), risks=(1, 40, 2)),
        BannerCounts("150602", "东胜区", steps=(1, 0), risks=(1, 1, 0)),
    ),
)


def _book() -> Workbook:
    return load_workbook(io.BytesIO(statistics_workbook(STATISTICS, ABOUT)))


def _lines(sheet: str) -> list[tuple[object, ...]]:
    return list(_book()[sheet].iter_rows(values_only=True))


def test_households_are_counted_by_banner_and_step_in_the_order_of_codes() -> None:
    assert _lines("按程序环节") == [
        ("旗区", "户数", "农牧户申请", "走访排查"),
        ("东胜区", 1, 1, 0),
        ("乌审旗", 43, 3, 40),
        ("合计", 44, 4, 40),
    ]


def test_a_household_with_several_risks_counts_once_in_the_total() -> None:
    assert _lines("按风险类型") == [
        ("旗区", "户数", "因病", "因学", "因残"),
        ("东胜区", 1, 1, 1, 0),
        ("乌审旗", 43, 1, 40, 2),
        ("合计", 44, 2, 41, 2),
    ]


def test_heading_and_banner_stay_in_sight() -> None:
    assert {sheet.freeze_panes for sheet in _book().worksheets[:2]} == {"B2"}


def test_the_last_sheet_says_what_the_numbers_mean() -> None:
    text = "\n".join(str(line[1]) for line in _lines("说明"))
    assert "鄂尔多斯市" in text
    assert "一户可以有几项风险" in text
    assert "不是名次" in text


def test_totals_are_numbers_and_no_formulas() -> None:
    counts = _book()["按程序环节"].iter_rows(min_row=2, min_col=2)
    assert {cell.data_type for row in counts for cell in row} == {"n"}


def test_a_banner_with_too_few_counts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"banner 150602: \(1, 2\) counts of steps and risks, not \(2, 2\)"):
        Statistics(("a", "b"), ("c", "d"), (BannerCounts("150602", "东胜区", (1,), (1, 1)),))
