from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.errors import ReadingError
from knowledge.model import Grid, Line, SourceText

Read = Callable[[str, bytes], SourceText]
Edit = Callable[[bytes, str, Callable[[bytes], bytes]], bytes]


def workbook(fill: Callable[[Worksheet], None], title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    fill(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rows(*values: tuple[object, ...]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in values:
            sheet.append(row)

    return fill


def test_a_sheet_is_its_name_and_a_grid(read: Read) -> None:
    data = workbook(rows(("旗区", "资金"), ("乌审旗", 2.0)), "资金计划")
    assert read("a.xlsx", data).blocks == (Line("资金计划"), Grid((("旗区", "资金"), ("乌审旗", "2"))))


def test_a_default_sheet_name_is_not_shown(read: Read) -> None:
    assert read("a.xlsx", workbook(rows(("甲", "乙")), "工作表1")).blocks == (Grid((("甲", "乙"),)),)


def test_values_are_written_as_shown(read: Read) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(("数", 1240, 56.92, 0.1 + 0.2, True))
        sheet.append(("期", dt.date(2021, 4, 18), dt.datetime(2021, 4, 18, 8, 30), dt.time(9, 5), 0.655))
        sheet["E2"].number_format = "0.0%"

    assert read("a.xlsx", workbook(fill)).blocks == (
        Grid(
            (
                ("数", "1240", "56.92", "0.3", "TRUE"),
                ("期", "2021-04-18", "2021-04-18 08:30:00", "09:05:00", "65.5%"),
            )
        ),
    )


def test_merged_ranges_are_filled(read: Read) -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("项目", "分值", None), (None, "甲", "乙"), ("丙", 1, 2), (None, 3, 4))(sheet)
        for area in ("A1:A2", "B1:C1", "A3:A4"):
            sheet.merge_cells(area)

    expected = (("项目", "分值", "分值"), ("项目", "甲", "乙"), ("丙", "1", "2"), ("丙", "3", "4"))
    assert read("a.xlsx", workbook(fill)).blocks == (Grid(expected),)


def test_the_row_above_the_header_is_the_title_and_notes_are_lines(read: Read) -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("表1 资金计划",), ("单位：万元",), ("年", "数"), (2021, 8), ("注：含市级资金",))(sheet)
        sheet.merge_cells("A1:XFD1")

    assert read("a.xlsx", workbook(fill)).blocks == (
        Line("单位：万元"),
        Grid((("年", "数"), ("2021", "8")), "表1 资金计划"),
        Line("注：含市级资金"),
    )


def test_empty_rows_and_columns_are_trimmed(read: Read) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["C5"], sheet["E5"], sheet["C9"], sheet["E9"] = "甲", "乙", 1, 2
        sheet["XFD1048576"].number_format = "0.0"

    assert read("a.xlsx", workbook(fill)).blocks == (Grid((("甲", "乙"), ("1", "2"))),)


def test_one_column_is_a_grid(read: Read) -> None:
    assert read("a.xlsx", workbook(rows(("嘎查村",), ("甲村",)))).blocks == (Grid((("嘎查村",), ("甲村",))),)


def test_hidden_sheets_are_left_out(read: Read) -> None:
    book = Workbook()
    book.worksheets[0].append(("甲", "乙"))
    hidden = book.create_sheet("选项")
    hidden.append(("丙", "丁"))
    hidden.sheet_state = "hidden"
    assert read("a.xlsx", saved(book)).blocks == (Grid((("甲", "乙"),)),)


def test_a_sheet_merged_as_a_whole_costs_nothing(read: Read, edited: Edit) -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("甲", None), ("", "乙"))(sheet)
        sheet.merge_cells("A1:B1")

    # openpyxl cannot write such a range without making its 17 thousand million cells
    data = edited(
        workbook(fill), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A1:B1", b"A1:XFD1048576")
    )
    started = time.perf_counter()
    assert read("a.xlsx", data).blocks == (Grid((("甲", "甲"), ("甲", "甲"))),)
    assert time.perf_counter() - started < 2


def test_a_cell_in_the_far_corner_costs_nothing(read: Read) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["XFD1048576"] = "甲", "乙", "丙"

    started = time.perf_counter()
    assert read("a.xlsx", workbook(fill)).blocks == (Grid((("甲", "乙", ""), ("", "", "丙"))),)
    assert time.perf_counter() - started < 2


def test_formulas_give_the_value_stored_with_them(read: Read, edited: Edit) -> None:
    data = workbook(rows(("合计", "=1+2")))
    data = edited(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v />", b"<v>3</v>").replace(b"<v></v>", b"<v>3</v>"),
    )
    assert read("a.xlsx", data).blocks == (Grid((("合计", "3"),)),)


def test_an_empty_workbook_has_no_text(read: Read) -> None:
    with pytest.raises(ReadingError, match="没有可读的文字"):
        read("a.xlsx", workbook(rows()))
