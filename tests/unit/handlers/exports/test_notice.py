import datetime as dt
import io
from dataclasses import fields, replace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.exports import (
    HelpKind,
    NoticeHead,
    NoticeRow,
    NoticeStage,
    PrivateDataError,
    PublicReason,
    public_notice,
    public_reasons,
)
from knowledge.rules import rules

ID_NUMBER = "150602196001010012"


RULE = next(step.rule for step in rules().steps if step.code == "hearing")
ROW = NoticeRow("张三丰", "无定河村", "边缘易致贫户", 4, (PublicReason.SCHOOLING,), HelpKind.SINGLE)
HEAD = NoticeHead(
    NoticeStage.HEARING,
    RULE,
    banner="乌审旗",
    township="无定河镇",
    village="无定河村",
    start=dt.date(2026, 3, 1),
    days=5,
    contact="无定河镇人民政府 0477-7581234",
    issuer="无定河村村民委员会",
    issued_on=dt.date(2026, 2, 28),
)


def _opened(*rows: NoticeRow, head: NoticeHead = HEAD) -> Document:
    return docx.Document(io.BytesIO(public_notice(rows, head)))


def _table(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


def _text(head: NoticeHead) -> str:
    return "\n".join(paragraph.text for paragraph in _opened(ROW, head=head).paragraphs)


# --- what it says ---------------------------------------------------------------------------


def test_it_names_the_step_the_place_and_the_days_in_chinese_form() -> None:
    lines = _text(HEAD).split("\n")
    assert lines[0] == "防返贫监测对象民主评议公开"
    assert lines[1] == "旗区：乌审旗　苏木乡镇：无定河镇　嘎查村：无定河村"
    assert lines[-2:] == ["无定河村村民委员会", "2026年2月28日"]


def test_the_review_of_the_banner_has_its_own_title_and_place() -> None:
    lines = _text(replace(HEAD, stage=NoticeStage.BANNER_REVIEW, township="", village="")).split("\n")
    assert lines[:2] == ["防返贫监测对象旗区审定公示", "旗区：乌审旗"]


def test_the_clause_is_quoted_word_for_word_with_its_place() -> None:
    assert f"《{RULE.document}》（{RULE.locator}）规定：“{RULE.quote}”" in _text(HEAD)


def test_a_number_of_days_is_said_to_be_a_local_rule() -> None:
    assert "自2026年3月1日起，按本地规定公示5天。" in _text(HEAD)


def test_without_a_local_rule_the_end_is_left_to_be_filled_in() -> None:
    text = _text(replace(HEAD, start=None, days=None))
    assert "自＿＿＿＿年＿＿月＿＿日起，至＿＿＿＿年＿＿月＿＿日止。" in text


def test_a_row_holds_name_village_size_category_reason_and_help() -> None:
    assert _table(_opened(ROW, NoticeRow("巴图·孟和", "无定河村", "突发严重困难户"))) == [
        ["序号", "户主", "嘎查村", "家庭人口", "监测对象类别", "风险类别", "帮扶方式"],
        ["1", "张三丰", "无定河村", "4", "边缘易致贫户", "教育支出", "单项帮扶"],
        ["2", "巴图·孟和", "无定河村", "—", "突发严重困难户", "—", "—"],
    ]


def test_the_contact_may_be_a_telephone_of_an_office_or_several() -> None:
    for line in ("镇政府 0477-7581234", "镇政府 0477-7581234 13800001111"):
        assert line in _text(replace(HEAD, contact=line))


# --- what it never says ---------------------------------------------------------------------


def test_a_row_has_no_field_for_what_must_not_be_public() -> None:
    assert {field.name for field in fields(NoticeRow)} == {
        "head",
        "village",
        "size",
        "category",
        "reasons",
        "help",
    }


def test_a_risk_that_tells_of_health_or_might_has_no_public_reason() -> None:
    unsaid = {risk.code for risk in rules().risks if not public_reasons([risk.code])}
    assert unsaid == {"illness", "disability", "epidemic", "labour", "other"}


def test_such_a_risk_is_not_told_beside_another_one_either() -> None:
    assert public_reasons(["illness", "schooling"]) == (PublicReason.SCHOOLING,)


def test_risks_of_one_group_are_named_once() -> None:
    assert public_reasons(["water", "disaster", "housing", "accident"]) == (
        PublicReason.HOUSING,
        PublicReason.ACCIDENT,
    )


NUMBERS = [
    ID_NUMBER,
    "15060219600101001X",
    "1506**********0017",
    "150602 19600101 0012",
    "１５０６０２１９６００１０１００１２",
    "13800001111",
    "138 0000 1111",
    "138-0000-1111",
    "138\u200b0000\u200b1111",
    "0477-7581234",
    "6222 0200 0000 0000 000",
    "6222020000000000000",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("field", ["head", "village", "category"])
def test_a_number_in_a_row_is_refused_and_not_repeated(field: str, number: str) -> None:
    with pytest.raises(PrivateDataError, match=r"row 1, \S+: a number") as refused:
        public_notice([replace(ROW, **{field: f"张三丰{number}"})], HEAD)
    assert number not in str(refused.value)


@pytest.mark.parametrize("field", ["banner", "township", "village", "issuer"])
def test_a_number_in_the_frame_is_refused(field: str) -> None:
    with pytest.raises(PrivateDataError, match=r"paragraph \d: a number"):
        public_notice([ROW], replace(HEAD, **{field: "13800001111"}))


@pytest.mark.parametrize(
    "number", [ID_NUMBER, "150602 19600101 0012", "6222020000000000000", "1506**********0017"]
)
def test_the_contact_is_no_way_in_for_an_id_or_account(number: str) -> None:
    with pytest.raises(PrivateDataError, match="a number"):
        public_notice([ROW], replace(HEAD, contact=f"联系人 {number}"))


@pytest.mark.parametrize("words", ["因病", "因残致贫", "重病户"])
def test_words_about_health_are_refused(words: str) -> None:
    with pytest.raises(PrivateDataError, match="row 1, 监测对象类别: words about health"):
        public_notice([replace(ROW, category=words)], HEAD)


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.characters(), max_size=30),
    st.text("0123456789０１２３*", min_size=7, max_size=20),
    st.text(max_size=30),
)
def test_no_text_carries_a_long_number_out(before: str, number: str, after: str) -> None:
    with pytest.raises(PrivateDataError):
        public_notice([replace(ROW, head=before + number + after)], HEAD)


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=("Nd", "No")).filter(lambda char: char != "*")))
def test_any_other_name_makes_a_file_that_opens(name: str) -> None:
    assert len(_table(_opened(replace(ROW, head=name)))) == 2


# --- how it is printed ----------------------------------------------------------------------


def test_it_is_printed_on_a4_paper() -> None:
    section = _opened(ROW).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_heading_of_the_table_is_repeated_and_no_row_is_cut() -> None:
    rows = _opened(*[ROW] * 3).tables[0].rows
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_every_word_has_a_font_for_chinese() -> None:
    document = _opened(ROW)
    fonts = {
        run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for run in document.element.iter(qn("w:r"))
    }
    assert fonts == {"宋体", "黑体"}
