import datetime as dt
import io
import re
import unicodedata
import zipfile
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from handlers.exports import About, LedgerRow, ledger_workbook

CHINA = dt.timezone(dt.timedelta(hours=8))
ABOUT = About("乌审旗", dt.datetime(2026, 3, 1, 9, 5, tzinfo=CHINA))
ROW = LedgerRow(
    number="0000017",
    banner="乌审旗",
    township="无定河镇",
    village="无定河村",
    head="张**",
    id_number="1506**********0017",
    phone="138****5678",
    size=4,
    category="边缘易致贫户",
    risks=("因病", "因学"),
    capacity="有劳动能力",
    source="基层干部排查",
    step="走访排查",
    step_since=dt.date(2026, 2, 27),
    reported_on=dt.date(2026, 2, 26),
    urgent=True,
    measures=("健康帮扶", "教育帮扶"),
)


def _book(*rows: LedgerRow, about: About = ABOUT) -> Workbook:
    return load_workbook(io.BytesIO(ledger_workbook(rows, about)))


def _sheet_xml(file: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()


def _head_cell(head: str) -> Cell:
    return _book(replace(ROW, head=head))["监测工作台账"]["E2"]


# --- what a reader finds --------------------------------------------------------------------


def test_each_value_stands_under_its_title_with_its_type() -> None:
    titles, values = _book(ROW)["监测工作台账"].iter_rows(values_only=True)
    assert dict(zip(titles, values, strict=True)) == {
        "编号": "0000017",
        "旗区": "乌审旗",
        "苏木乡镇": "无定河镇",
        "嘎查村": "无定河村",
        "户主": "张**",
        "身份证号": "1506**********0017",
        "电话": "138****5678",
        "家庭人口": 4,
        "监测对象类别": "边缘易致贫户",
        "风险类型": "因病、因学",
        "劳动能力": "有劳动能力",
        "发现渠道": "基层干部排查",
        "当前环节": "走访排查",
        "进入环节日期": dt.datetime(2026, 2, 27),
        "上报日期": dt.datetime(2026, 2, 26),
        "识别认定日期": None,
        "紧急": "是",
        "帮扶措施": "健康帮扶、教育帮扶",
        "风险消除日期": None,
        "风险消除方式": None,
    }


def test_the_heading_stays_in_sight_and_every_column_has_a_filter() -> None:
    sheet = _book(ROW, ROW)["监测工作台账"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:T3" == sheet.dimensions


def test_every_column_is_as_wide_as_its_title() -> None:
    sheet = _book(ROW)["监测工作台账"]
    for cell in sheet[1]:
        assert sheet.column_dimensions[cell.column_letter].width >= 2 * len(cell.value) + 2, cell.value


def test_a_ledger_without_households_has_its_heading() -> None:
    sheet = _book()["监测工作台账"]
    assert sheet.auto_filter.ref == "A1:T1"
    assert sheet["A1"].value == "编号"


def test_rows_are_taken_one_by_one_from_a_query() -> None:
    file = ledger_workbook((replace(ROW, size=size) for size in range(1, 4)), ABOUT)
    sheet = load_workbook(io.BytesIO(file))["监测工作台账"]
    assert [cell.value for cell in sheet["H"]] == ["家庭人口", 1, 2, 3]


def test_the_second_sheet_says_what_when_and_how_many() -> None:
    explained = dict(_book(ROW, ROW)["说明"].iter_rows(min_row=2, max_row=4, values_only=True))
    assert explained == {"范围": "乌审旗", "生成时间": "2026年3月1日 09:05", "户数": 2}


@pytest.mark.parametrize(("masked", "words"), [(True, "已遮住"), (False, "完整")])
def test_the_second_sheet_says_whether_personal_data_is_complete(masked: bool, words: str) -> None:
    assert words in _book(ROW, about=replace(ABOUT, masked=masked))["说明"]["B5"].value


# --- what people typed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        '=HYPERLINK("http://x","y")',
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1+1",
        "　=1+1",
        "\u200b=1+1",
        "\t=1+1",
        "\tx",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "−1",
    ],
)
def test_what_could_be_taken_for_a_formula_is_marked_as_text(typed: str) -> None:
    cell = _head_cell(typed)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (typed, "s", True)


@pytest.mark.parametrize("typed", ["\r=1", "\rx", "\r\nx"])
def test_a_carriage_return_in_front_is_marked_as_text(typed: str) -> None:
    cell = _head_cell(typed)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("\n" + typed.lstrip(), "s", True)


def test_a_sign_that_xml_forbids_does_not_hide_a_formula() -> None:
    cell = _head_cell("\x00=1")
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1", "s", True)


@pytest.mark.parametrize("typed", ["张三丰", "巴图·孟和", "a=b", "4-1", "#N/A", "TRUE", "1E5", "000123"])
def test_other_text_is_stored_as_it_is(typed: str) -> None:
    cell = _head_cell(typed)
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.number_format) == (typed, "s", False, "@")


def test_what_excel_would_decode_is_written_so_that_it_shows_what_was_typed() -> None:
    assert "<t>_x005F_x003D_1</t>" in _sheet_xml(ledger_workbook([replace(ROW, head="_x003D_1")], ABOUT))


def test_nothing_but_signs_that_xml_forbids_is_an_empty_cell() -> None:
    assert _head_cell("\x00\ud800").value is None


@pytest.mark.parametrize(("typed", "kept"), [("长" * 40_000, 32_767), ("😀" * 40_000, 16_383)])
def test_a_very_long_text_is_cut_at_what_excel_keeps(typed: str, kept: int) -> None:
    assert _head_cell(typed).value == typed[:kept]


def _would_calculate(text: str) -> bool:
    """As a lenient reader of the text does."""
    seen = "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")
    return unicodedata.normalize("NFKC", seen[:1]).startswith(("=", "+", "-", "@"))


@settings(deadline=None)
@given(st.text(st.characters(), min_size=1), st.text("=+-@＝＋－＠ \t\r\n\x00_x03D'\"", min_size=1))
@example("\ud800=1", "\ufffe=1")
@example("\U0001b2fc=1", "=")
def test_no_text_becomes_a_formula_or_breaks_the_file(head: str, category: str) -> None:
    file = ledger_workbook([replace(ROW, head=head, category=category)], ABOUT)
    assert not re.search(r"<f[ >/]|t=\"(?:e|b|str)\"", _sheet_xml(file))
    for row in load_workbook(io.BytesIO(file))["监测工作台账"].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n", "d")
            if isinstance(cell.value, str) and _would_calculate(cell.value):
                assert cell.quotePrefix
