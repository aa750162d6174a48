"""Two questions in one message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.answers.several import separate_questions
from knowledge.model import Answer, Status

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("message", "first", "second"),
    [
        pytest.param("村规民约归谁考核，第七条是什么", "附表 第33项", "第七条", id="row-and-clause"),
        pytest.param("草畜平衡谁考核？监测程序有几步？", "附表 第17项", "第一节", id="row-and-procedure"),
        pytest.param("2025年卫生厕所普及率要到多少，归谁考核", "专栏", "附表 第15项", id="second-left-short"),
    ],
)
def test_both_questions_of_a_message_are_answered(ask: Ask, message: str, first: str, second: str) -> None:
    answer = ask(message)
    assert answer.status is Status.ANSWERED
    places = [citation.locator for citation in answer.citations]
    assert any(first in place for place in places) and any(second in place for place in places)
    assert all(citation.quote.split("\n")[0] in answer.text for citation in answer.citations)


def test_a_second_half_that_adds_nothing_changes_nothing(ask: Ask) -> None:
    assert ask("村规民约归谁考核，它是多少分").lead == ask("村规民约归谁考核").lead


def test_a_story_before_a_question_is_not_a_question(ask: Ask) -> None:
    told = "家里老人住院花了十几万，能先看病后交钱吗"
    assert separate_questions(told) == []
    assert len({citation.document for citation in ask(told).citations}) == 1


def test_articles_named_together_are_shown_together(ask: Ask) -> None:
    answer = ask("考核办法第七条和第八条")
    assert [c.locator for c in answer.citations] == ["附件1 › 第七条", "附件1 › 第八条"]


def test_of_articles_named_together_the_missing_one_is_told(ask: Ask) -> None:
    answer = ask("考核办法第七条和第十二条")
    assert [c.locator for c in answer.citations] == ["附件1 › 第七条"]
    assert any("没有第十二条" in notice for notice in answer.notices)
