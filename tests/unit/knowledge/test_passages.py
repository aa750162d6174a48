"""The sentences of a library, ranked for a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.facts import Facts
from knowledge.passages import PassageRanker, Ranked

Rank = Callable[..., list[Ranked]]


@pytest.fixture(scope="session")
def rank(facts: Facts) -> Rank:
    return lambda question, carried="": facts.ranker.rank(facts.understand(question, carried))[0]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("先诊疗后付费", "实行县域内住院先诊疗后付费政策", id="words-of-the-rule"),
        pytest.param("收入稳定几个月才能消除风险", "不少于6个月", id="kind-of-expression"),
        pytest.param("粮食作物保险2025年要到多少", "98%以上", id="year"),
        pytest.param("35周岁以下的大学生", "35周岁以下优秀青年大学生", id="number"),
    ],
)
def test_the_sentence_that_answers_comes_first(rank: Rank, question: str, words: str) -> None:
    assert words in rank(question)[0].passage.text


def test_scores_fall(rank: Rank) -> None:
    scores = [hit.score for hit in rank("农村牧区住房安全动态监测")]
    assert scores == sorted(scores, reverse=True)


def test_the_coverage_is_a_share(rank: Rank) -> None:
    assert all(0 < hit.coverage <= 1.000001 for hit in rank("农村牧区住房安全动态监测"))


def test_the_named_document_comes_first(rank: Rank, facts: Facts) -> None:
    def title(question: str) -> str:
        return facts.documents[rank(question)[0].passage.document].title

    assert title("规划里怎么发展乡村旅游").startswith("鄂尔多斯市")
    assert title("政策措施里怎么发展乡村旅游").startswith("内蒙古自治区关于推进")


def test_history_comes_after_rules(rank: Rank, facts: Facts) -> None:
    clause = facts.ranker.clause(rank("饮水安全怎么保障")[0].passage)
    assert "背景" not in clause.locator


def test_every_sentence_stands_in_its_clause(facts: Facts) -> None:
    for passage in facts.ranker.passages:
        text = "".join(facts.ranker.clause(passage).text.split())
        assert "".join(passage.text.split()) in text


def test_departments_at_the_end_of_a_clause_are_no_sentence(facts: Facts) -> None:
    assert not any(p.text.startswith(("(自治区", "（自治区")) for p in facts.ranker.passages)


def test_the_other_sentences_of_a_clause_are_at_hand(rank: Rank, facts: Facts) -> None:
    siblings = facts.ranker.siblings(rank("整户无劳动能力能消除风险吗")[0].passage)
    assert any("不得当月识别" in sentence for sentence in siblings)


def test_a_follow_up_ranks_by_its_own_words(rank: Rank) -> None:
    assert "集中供水率" in rank("集中供水率", carried="粮食作物保险覆盖率要到多少")[0].passage.text


def test_nothing_is_ranked_for_a_question_about_nothing(rank: Rank) -> None:
    assert rank("火星") == []


def test_an_empty_library_ranks_nothing(facts: Facts) -> None:
    ranked, _ = PassageRanker([], lambda _: True).rank(facts.understand("村规民约"))
    assert ranked == []
