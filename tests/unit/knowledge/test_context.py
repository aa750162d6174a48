"""What a follow-up leaves out and takes from the turn before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.context import Completed, Context, completed
from knowledge.library import KnowledgeBase
from knowledge.model import Answer, Status

Ask = Callable[..., Answer]
SCORED = Context("村规民约归谁考核", "有村规民约嘎查村比例", "indicator")
YEARLY = Context("2024年市本级衔接资金多少", "市本级资金", "figures")
ASKED_BACK = Context("巴音是不是重点帮扶村", "巴音", "places", ("巴音嘎查（杭锦旗）", "巴音村（杭锦旗）"))


# --- what counts as a follow-up -------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("草畜平衡归谁考核", id="has-its-own-subject"),
        pytest.param("防返贫识别程序一共有哪几步，要找谁申请，哪一级审批才算数呢", id="long"),
    ],
)
def test_a_question_that_stands_alone_takes_nothing_over(question: str) -> None:
    assert completed(question, SCORED) == Completed(question)


def test_the_first_question_takes_nothing_over() -> None:
    assert completed("它多少分", Context()) == Completed("它多少分")


@pytest.mark.parametrize("reply", ["它多少分", "那个几分", "多少分", "那它几分呢", "几分？"], ids=ascii)
def test_points_are_asked_of_the_row_before(ask: Ask, reply: str) -> None:
    assert ask("村规民约归谁考核", reply).lead.startswith("第33项“有村规民约嘎查村比例”")


@pytest.mark.parametrize(
    "reply", ["那草畜平衡呢", "草畜平衡呢？", "再问一下草畜平衡", "那么草畜平衡呢"], ids=ascii
)
def test_the_same_is_asked_of_another_row(ask: Ask, reply: str) -> None:
    assert "由林草局考核" in ask("村规民约归谁考核", reply).lead


def test_the_same_is_asked_of_another_department(ask: Ask) -> None:
    assert ask("民政厅考核哪些指标", "那水利厅呢").lead.startswith("水利厅考核2项，共2分")


def test_a_department_is_carried_through_two_turns(ask: Ask) -> None:
    assert ask("民政厅考核哪些指标", "那水利厅呢", "林草局呢").lead.startswith("林草局考核2项，共3分")


def test_a_new_subject_ends_the_old_one(ask: Ask) -> None:
    answer = ask("乌审旗有哪些重点村", "村规民约归谁考核", "它多少分")
    assert answer.lead.startswith("第33项")


def test_thanks_are_not_a_question_about_the_row_before(ask: Ask) -> None:
    answer = ask("村规民约归谁考核", "谢谢")
    assert (answer.status, answer.lead) == (Status.NOT_FOUND, "不客气，有事再问。")


# --- years ----------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["那2023年呢", "2023年的呢", "2023年呢？", "23年呢"], ids=ascii)
def test_a_year_replaces_the_year_before(reply: str) -> None:
    done = completed(reply, YEARLY)
    assert "2023" in done.full
    assert "2024" not in done.full


# --- options --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "chosen"),
    [("1", 0), ("2", 1), ("巴音村", 1), ("巴音嘎查", 0)],
    ids=["first", "second", "by-name", "by-other-name"],
)
def test_an_option_is_chosen_by_number_or_name(reply: str, chosen: int) -> None:
    assert completed(reply, ASKED_BACK).own == ASKED_BACK.options[chosen]


def test_what_was_asked_is_carried_to_the_chosen_option() -> None:
    assert completed("1", ASKED_BACK).carried == ASKED_BACK.question


@pytest.mark.parametrize("reply", ["0", "3", "99"])
def test_a_number_beyond_the_options_chooses_none(reply: str) -> None:
    assert completed(reply, ASKED_BACK).own not in ASKED_BACK.options


def test_words_that_fit_both_options_choose_none() -> None:
    assert completed("巴音", ASKED_BACK).own not in ASKED_BACK.options


def test_a_row_asked_back_is_answered_once_chosen(ask: Ask) -> None:
    assert ask("文化谁考核", "2").lead.startswith("第25项“综合文化服务中心")


@pytest.mark.parametrize(("reply", "number"), [("第一个", 58), ("第二个", 61)], ids=["first", "second"])
def test_an_option_is_chosen_by_its_place_in_words(ask: Ask, reply: str, number: int) -> None:
    assert ask("人才谁考核", reply).lead.startswith(f"第{number}项")


def test_an_answer_without_a_question_back_leaves_no_options(library: KnowledgeBase) -> None:
    _, context = library.ask("村规民约归谁考核")
    assert context.options == ()


def test_a_question_back_leaves_its_options_for_the_next_turn(library: KnowledgeBase) -> None:
    answer, context = library.ask("文化谁考核")
    assert context.options == answer.options != ()


def test_what_cannot_be_read_leaves_the_conversation_as_it_was(library: KnowledgeBase) -> None:
    _, context = library.ask("村规民约归谁考核")
    _, after = library.ask("？？？", context)
    assert after == context


def test_a_pasted_page_is_no_follow_up(library: KnowledgeBase) -> None:
    page = "严格落实要求。" * 100
    answer, _ = library.ask(page, SCORED)
    assert answer == library.ask(page)[0]


# --- kept between turns ---------------------------------------------------------------------


@given(
    st.builds(
        Context,
        st.text(max_size=60),
        st.text(max_size=30),
        st.text(max_size=10),
        st.lists(st.text(max_size=20), max_size=5).map(tuple),
    )
)
@settings(max_examples=100, deadline=None)
def test_a_context_survives_being_stored(context: Context) -> None:
    assert Context.from_json(context.to_json()) == context


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "1", '{"question": ""}', "{"], ids=ascii)
def test_what_is_no_stored_context_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Context.from_json(text)


@given(st.text(max_size=60), st.text(max_size=40), st.lists(st.text(max_size=12), max_size=4).map(tuple))
@settings(max_examples=150, deadline=None)
def test_no_reply_raises(reply: str, question: str, options: tuple[str, ...]) -> None:
    done = completed(reply, Context(question, question[:10], "clause", options))
    assert isinstance(done.full, str)
