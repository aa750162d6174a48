"""Clauses asked for by their numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.answers.clause_number import LONGEST_QUOTE, spoken_name
from knowledge.answers.compose import clause_locator
from knowledge.facts import Facts
from knowledge.model import Answer, Status

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "locator"),
    [
        pytest.param("考核办法第七条", "附件1 › 第七条", id="article"),
        pytest.param("考核办法第7条", "附件1 › 第七条", id="arabic"),
        pytest.param("第七条写了啥", "附件1 › 第七条", id="only-document-with-articles"),
        pytest.param(
            "考核办法第四条第六项",
            "附件1 › 第四条 › （六）巩固拓展脱贫攻坚成果同乡村振兴有效衔接",
            id="item-of-an-article",
        ),
        pytest.param("考核办法第四条（七）", "附件1 › 第四条 › （七）组织保障", id="item-in-brackets"),
        pytest.param(
            "政策措施三（五）",
            "附件2 › 三、推动贫困地区产业可持续发展 › （五）发展生态产业",
            id="outline",
        ),
        pytest.param(
            "规划第三章第一节",
            "第三章 扎实巩固拓展脱贫攻坚成果 › 第一节 健全防止返贫动态监测和帮扶机制",
            id="chapter-and-section",
        ),
    ],
)
def test_a_clause_is_found_by_its_number(ask: Ask, question: str, locator: str) -> None:
    assert ask(question).citations[0].locator == locator


def test_an_article_comes_with_its_list(ask: Ask) -> None:
    quote = ask("考核办法第四条").citations[0].quote
    assert quote.startswith("第四条") and "(七)组织保障" in quote


def test_the_previous_and_the_next_clause_are_offered(ask: Ask) -> None:
    assert ask("考核办法第七条").options == ("上一条：考核办法第六条", "下一条：考核办法第八条")


def test_the_first_clause_has_no_previous_one(ask: Ask) -> None:
    assert ask("考核办法第一条").options == ("下一条：考核办法第二条",)


@pytest.mark.parametrize(
    ("reply", "label"),
    [("下一条", "第八条"), ("上一条", "第六条"), ("2", "第八条"), ("下一条：考核办法第八条", "第八条")],
    ids=["next", "previous", "by-number", "whole-button"],
)
def test_an_offered_clause_is_shown_when_it_is_chosen(ask: Ask, reply: str, label: str) -> None:
    assert ask("考核办法第七条", reply).lead.startswith(label)


def test_the_last_clause_has_no_next_one(ask: Ask) -> None:
    assert ask("考核办法第九条").options == ("上一条：考核办法第八条",)


def test_the_items_of_an_article_are_read_one_after_the_other(ask: Ask) -> None:
    assert ask("考核办法第四条第六项", "上一条").lead.startswith("(五)生活富裕。")


def test_one_can_read_on(ask: Ask) -> None:
    assert ask("考核办法第六条", "下一条", "下一条").lead.startswith("第八条")


@pytest.mark.parametrize(
    ("question", "range_"),
    [
        pytest.param("考核办法第十条", "只有第一条到第九条", id="article"),
        pytest.param("规划第九章", "只有第一章到第五章", id="chapter"),
        pytest.param("考核办法第四条第九项", "只有（一）到（七）", id="item"),
    ],
)
def test_a_number_that_does_not_exist_is_said_to_be_missing(ask: Ask, question: str, range_: str) -> None:
    answer = ask(question)
    assert answer.status is Status.NOT_FOUND
    assert range_ in answer.lead


def test_a_part_that_does_not_exist_is_not_found(ask: Ask) -> None:
    answer = ask("政策措施六（一）")
    assert (answer.status, answer.citations) == (Status.NOT_FOUND, ())


def test_a_document_without_articles_has_none(ask: Ask) -> None:
    answer = ask("政策措施第七条")
    assert (answer.status, answer.citations) == (Status.NOT_FOUND, ())


def test_a_box_made_of_tables_shows_its_rows(ask: Ask) -> None:
    assert "18286" in ask("专栏5").citations[0].quote


def test_a_question_that_merely_mentions_an_article_is_answered_itself(ask: Ask) -> None:
    answer = ask("监测对象收入持续稳定不少于几个月才能消除风险，跟考核办法第七条有没有关系")
    assert "6个月" in answer.text


def test_a_number_that_no_label_can_have_is_told_as_typed(ask: Ask) -> None:
    answer = ask("考核办法第四条（12345）")
    assert answer.status is Status.NOT_FOUND
    assert "没有第四条（12345）" in answer.lead


def test_a_box_next_to_the_one_asked_for_is_offered_and_shown(ask: Ask) -> None:
    assert "上一条：规划第四章第三节专栏9" in ask("规划专栏10").options
    assert "专栏9" in ask("规划专栏10", "上一条").citations[0].locator


def test_the_name_by_which_a_clause_is_offered_is_understood(ask: Ask, facts: Facts) -> None:
    named = [(c, spoken_name(d, c)) for d in facts.documents for c in d.clauses]
    named = [(clause, name) for clause, name in named if name]
    assert len(named) > 100
    wrong = [
        name for clause, name in named if not ask(name).citations[0].locator.endswith(clause_locator(clause))
    ]
    assert wrong == []


def test_a_box_is_quoted_with_what_stands_under_it(ask: Ask) -> None:
    quote = ask("规划专栏9").citations[0].quote
    assert all(f"{number}.{kind}类旗区" in quote for number, kind in enumerate(("示范引领", "重点帮扶"), 1))
    assert "三级示范创建名单" not in quote


def test_a_long_clause_is_cut_after_a_sentence(ask: Ask) -> None:
    quote = ask("规划第三章").citations[0].quote
    assert len(quote) <= LONGEST_QUOTE and quote.endswith("。……")
