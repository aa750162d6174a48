"""The clauses behind the rules: verbatim, and where they are said to stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.answers.compose import cite_clause
from knowledge.library import KnowledgeBase
from knowledge.rules import Option, Rule, rules

SOURCES = Path(__file__).parents[4] / "knowledge" / "sources"
CLAUSES = sorted(rules().clauses.items())
every_clause = pytest.mark.parametrize("rule", [pytest.param(rule, id=name) for name, rule in CLAUSES])
PROCEDURE = (
    "农牧户申请", "走访排查", "农牧户授权", "民主评议公开",
    "苏木乡镇审核", "数据比对", "旗区审定公示", "录入系统管理",
)  # fmt: skip


@every_clause
def test_a_quote_stands_verbatim_in_the_text_of_its_document(rule: Rule, library: KnowledgeBase) -> None:
    (file,) = {document.file for document in library.documents if document.title == rule.document}
    assert rule.quote in (SOURCES / file).read_text("utf-8")


@every_clause
def test_a_quote_stands_in_the_clause_that_is_named(rule: Rule, library: KnowledgeBase) -> None:
    texts = [
        clause.text
        for document in library.documents
        for clause in document.clauses
        if (document.title, cite_clause(document, clause).citation.locator) == (rule.document, rule.locator)
    ]
    assert [rule.quote in text for text in texts] == [True]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("监测对象识别程序有哪几步", "procedure", id="procedure"),
        pytest.param("因灾可以先救助吗", "help_first", id="help-first"),
        pytest.param("没有劳动能力的怎么帮扶", "not_able", id="capacity"),
        pytest.param("监测对象当月识别能当月消除吗", "exit_time", id="exit"),
        pytest.param("年度监测包括哪些", "annual", id="box"),
        pytest.param("弱劳动力和无劳动力户怎么办", "weak_labour", id="annex"),
    ],
)
def test_a_rule_is_cited_as_an_answer_cites_it(question: str, name: str, library: KnowledgeBase) -> None:
    answer, _ = library.ask(question)
    rule = rules().clauses[name]
    assert (rule.document, rule.locator) in {(c.document, c.locator) for c in answer.citations}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(getattr(rules(), name), id=name)
        for name in (
            "sources", "departments", "categories", "measures", "annual_headings", "quarterly_headings",
            "exit_criteria",
        )
    ],
)  # fmt: skip
def test_a_label_is_a_word_of_its_clause(options: tuple[Option, ...]) -> None:
    quoted = [option for option in options if option.rule]
    assert quoted and len(quoted) >= len(options) - 1
    strange = [option.label for option in quoted if option.rule and not _is_said(option)]
    assert strange == []


def _is_said(option: Option) -> bool:
    """All of it, but for the one criterion whose words our label puts in another order."""
    assert option.rule
    said = "精准落实针对性帮扶措施" if option.label == "针对性帮扶措施精准落实" else option.label
    return said in option.rule.quote


def test_the_steps_are_those_of_the_document_in_its_order() -> None:
    numbered = [step for step in rules().steps if step.number]
    assert [(step.number, step.label) for step in numbered] == list(enumerate(PROCEDURE, 1))
    assert rules().steps[:8] == tuple(numbered)
    assert "、".join(PROCEDURE) in rules().clauses["procedure"].quote


def test_the_departments_are_the_seven_of_the_document() -> None:
    listed = "、".join(option.label for option in rules().departments)
    assert listed in rules().clauses["departments"].quote
    assert len(rules().departments) == 7


def test_the_measures_are_the_eleven_of_the_document() -> None:
    labels = [option.label for option in rules().measures]
    listed = "、".join(labels[:-1]) + "和" + labels[-1]
    assert listed in rules().clauses["measures"].quote
    assert len(labels) == 11
