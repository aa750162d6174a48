"""What every answer has in common, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.answers.compose import MAX_LEAD, MAX_TEXT, quote_around, shorten
from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
ONE_OF_EACH_KIND = [
    pytest.param("村规民约归谁考核", id="indicator"),
    pytest.param("文化谁考核", id="indicator-asked-back"),
    pytest.param("农牧厅考核哪些指标", id="department"),
    pytest.param("扶贫办负责哪些措施", id="department-measures"),
    pytest.param("考核内容有哪几个方面", id="dimensions"),
    pytest.param("乡风文明权重多少", id="dimension"),
    pytest.param("强化组织领导由哪些部门负责", id="responsibility"),
    pytest.param("规划第三章", id="clause-with-all-below-it"),
    pytest.param("专栏10", id="box"),
    pytest.param("收入稳定几个月才能消除风险", id="rule"),
    pytest.param("公益岗位工资多少", id="rule-not-found"),
    pytest.param("2025年卫生厕所普及率要到多少", id="figures"),
    pytest.param("防返贫识别程序有哪几步", id="procedure"),
    pytest.param("重点帮扶嘎查村名单", id="places"),
    pytest.param("团结村在哪个旗", id="places-of-one-name"),
    pytest.param("四个不摘是哪四个", id="silence"),
    pytest.param("这些文件还有效吗", id="document"),
    pytest.param("你好", id="greeting"),
    pytest.param("。。。", id="punctuation"),
]
OF_THE_PLAN = "2025年卫生厕所普及率要到多少"
EXPIRED = "期限到2025年底，已过期"


@pytest.mark.parametrize("question", ONE_OF_EACH_KIND)
def test_the_lead_is_one_short_line(ask: Ask, question: str) -> None:
    lead = ask(question).lead
    assert 0 < len(lead) <= MAX_LEAD
    assert "\n" not in lead


@pytest.mark.parametrize("question", ONE_OF_EACH_KIND)
def test_the_text_begins_with_the_lead_and_fits_a_message(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.text.startswith(answer.lead)
    assert len(answer.text) <= MAX_TEXT


@pytest.mark.parametrize("question", ONE_OF_EACH_KIND)
def test_only_printed_words_are_quoted(ask: Ask, printed: str, question: str) -> None:
    for citation in ask(question).citations:
        pieces = "".join(citation.quote.split()).split("……")
        assert all(piece in printed for piece in pieces)


@pytest.mark.parametrize("question", ONE_OF_EACH_KIND)
def test_only_a_question_back_must_have_options(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.options or answer.status is not Status.CLARIFY


def test_the_source_is_named_with_number_date_and_place(ask: Ask) -> None:
    title, number, date = "内蒙古自治区实施乡村振兴战略考核办法", "内党农牧组发〔2021〕1号", "2021年4月18日"
    source = f"出处：《{title}》（{number}，{date}） 附件1 › 附表 第33项"
    assert source in ask("村规民约归谁考核").text


def test_a_document_without_a_number_is_named_with_its_date(ask: Ask) -> None:
    assert "有效衔接规划》（2022年9月20日） 第" in ask(OF_THE_PLAN).text


def test_the_quotation_stands_in_the_text(ask: Ask) -> None:
    answer = ask("考核办法第八条")
    assert f"原文：{answer.citations[0].quote}" in answer.text


def test_every_notice_stands_in_the_text(ask: Ask) -> None:
    answer = ask("第57项几分")
    assert all(f"提示：{notice}" in answer.text for notice in answer.notices)


def test_options_are_numbered_in_the_text(ask: Ask) -> None:
    answer = ask("文化谁考核")
    assert all(f"{k}. {option}" in answer.text for k, option in enumerate(answer.options, 1))


# --- expiry ---------------------------------------------------------------------------------


def test_an_expired_document_is_marked(ask_later: Ask) -> None:
    assert EXPIRED in "\n".join(ask_later(OF_THE_PLAN).notices)


def test_a_document_in_force_is_not_marked(ask: Ask) -> None:
    assert EXPIRED not in ask(OF_THE_PLAN).text


def test_a_document_without_an_end_is_never_marked(ask_later: Ask) -> None:
    assert "已过期" not in ask_later("村规民约归谁考核").text


@pytest.mark.parametrize(
    "question",
    [
        "乌审旗有哪些重点帮扶村",
        "防返贫识别程序有哪几步",
        "收入稳定几个月才能消除风险",
        "四个不摘是哪四个",
        "规划第三章第一节",
    ],
    ids=["places", "procedure", "rule", "silence", "clause"],
)
def test_every_kind_of_answer_marks_what_has_expired(ask_later: Ask, question: str) -> None:
    assert EXPIRED in ask_later(question).text


# --- cutting --------------------------------------------------------------------------------


def test_what_fits_is_not_shortened() -> None:
    assert shorten("甲，乙。", 4) == "甲，乙。"


def test_a_cut_falls_after_a_sentence_and_is_marked() -> None:
    assert shorten("一二三四五六七。八九十", 10) == "一二三四五六七。……"


def test_a_cut_at_a_comma_drops_the_comma() -> None:
    assert shorten("一二三四五六七，八九十", 10) == "一二三四五六七……"


def test_text_without_marks_is_cut_all_the_same() -> None:
    assert len(shorten("字" * 500, 120)) <= 120


def test_a_short_clause_is_quoted_whole() -> None:
    assert quote_around("甲。乙。丙。", "乙。", limit=10) == "甲。乙。丙。"


def test_a_long_clause_is_quoted_around_its_deciding_sentence() -> None:
    before, after = "前头的话。" * 100, "后头的话。" * 100
    quote = quote_around(f"{before}要紧的这句。{after}", "要紧的这句。", limit=100)
    assert "要紧的这句。" in quote
    assert quote.startswith("……") and quote.endswith("……")
    assert len(quote) <= 104
