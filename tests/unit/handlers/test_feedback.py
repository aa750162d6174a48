from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db.feedback import REASONS
from db.models import Feedback, GivenAnswer, Unanswered
from handlers import wording_people as wording
from handlers.turn import Button, Reply, plain
from knowledge.model import Status

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]

QUESTION = "村规民约归谁考核"
FOLLOW_UP = "它多少分"
WITH_OPTIONS = "考核办法第七条"
UNANSWERED = "火星移民补贴多少钱一个月"


def _verdict_row(reply: Reply) -> tuple[Button, ...]:
    return reply.buttons[-1]


def _stored(sessions: Sessions) -> list[tuple[str, str]]:
    with sessions.begin() as session:
        return [(row.verdict, row.question) for row in session.exec(select(Feedback))]


@pytest.mark.parametrize("question", [QUESTION, WITH_OPTIONS, UNANSWERED])
def test_every_answer_ends_with_a_row_for_a_verdict(person: Person, question: str) -> None:
    (reply,) = person.writes(question)
    assert [button.label for button in _verdict_row(reply)] == ["👍", "👎"]


def test_an_answer_to_a_button_can_be_judged_too(person: Person) -> None:
    (reply,) = person.presses(f"say:{QUESTION}")
    assert person.presses(_verdict_row(reply)[0])[0].text == wording.THANKS


def test_a_greeting_asks_for_no_verdict(person: Person) -> None:
    assert person.writes("你好")[0].buttons == ()


@pytest.mark.parametrize(
    ("question", "status"), [(QUESTION, Status.ANSWERED), (UNANSWERED, Status.NOT_FOUND)]
)
def test_a_reply_carries_the_status_of_its_answer(person: Person, question: str, status: Status) -> None:
    assert person.writes(question)[0].status == status


def test_praise_is_stored_and_thanked_for_without_touching_the_answer(
    person: Person, sessions: Sessions
) -> None:
    (reply,) = person.presses(_verdict_row(person.writes(QUESTION)[0])[0])
    assert (reply.text, reply.edit, reply.buttons) == (wording.THANKS, False, ())
    assert _stored(sessions) == [("good", QUESTION)]


def test_a_complaint_asks_why_with_four_buttons(person: Person, sessions: Sessions) -> None:
    (reply,) = person.presses(_verdict_row(person.writes(QUESTION)[0])[1])
    labels = [button.label for row in reply.buttons for button in row]
    assert labels == ["说错了", "没找到", "过时了", "看不懂"]
    assert _stored(sessions) == [("bad", QUESTION)]  # also when nobody taps on


@pytest.mark.parametrize("position", range(4))
def test_one_tap_keeps_the_reason_with_question_answer_and_index_version(
    person: Person, sessions: Sessions, position: int
) -> None:
    (answer,) = person.writes(QUESTION)
    (why,) = person.presses(_verdict_row(answer)[1])
    button = [button for row in why.buttons for button in row][position]
    (reply,) = person.presses(button)
    assert reply.edit and button.label in reply.text
    with sessions.begin() as session:
        stored = session.exec(select(Feedback)).one()
    assert (stored.verdict, stored.question, stored.answer) == (
        REASONS[position],
        QUESTION,
        plain(answer.text),
    )
    assert (stored.status, stored.index_version) == ("answered", "v1")


def test_the_question_before_is_kept_for_a_follow_up(person: Person, sessions: Sessions) -> None:
    person.writes(QUESTION)
    person.presses(_verdict_row(person.writes(FOLLOW_UP)[0])[1])
    with sessions.begin() as session:
        stored = session.exec(select(Feedback)).one()
    assert (stored.earlier, stored.question) == (QUESTION, FOLLOW_UP)


@pytest.mark.parametrize(("question", "earlier"), [("那到2019年呢", QUESTION), (UNANSWERED, "")])
def test_the_question_before_is_kept_only_for_one_that_leans_on_it(
    person: Person, sessions: Sessions, question: str, earlier: str
) -> None:
    person.writes(QUESTION)
    (reply,) = person.writes(question)
    person.presses(_verdict_row(reply)[1])
    with sessions.begin() as session:
        assert session.exec(select(Feedback)).one().earlier == earlier
        assert [row.earlier for row in session.exec(select(Unanswered))] in ([], [earlier])


def test_the_last_verdict_on_an_answer_counts(person: Person, sessions: Sessions) -> None:
    good, bad = _verdict_row(person.writes(QUESTION)[0])
    for button in (good, bad, good):
        person.presses(button)
    assert _stored(sessions) == [("good", QUESTION)]


def test_an_earlier_answer_can_be_judged_later(person: Person, sessions: Sessions) -> None:
    good, _ = _verdict_row(person.writes(QUESTION)[0])
    person.writes(FOLLOW_UP)
    person.presses(good)
    assert _stored(sessions) == [("good", QUESTION)]


def test_the_options_of_an_answer_still_work_after_a_verdict(person: Person) -> None:
    (reply,) = person.writes(WITH_OPTIONS)
    person.presses(_verdict_row(reply)[0])
    assert person.presses(reply.buttons[0][0])[0].status == "answered"


@pytest.mark.parametrize("position", [0, 1])
def test_the_answer_of_another_chat_cannot_be_judged(
    person_in: Callable[[str], Person], sessions: Sessions, position: int
) -> None:
    row = _verdict_row(person_in("one").writes(QUESTION)[0])
    assert person_in("two").presses(row[position])[0].text == wording.ANSWER_GONE
    assert _stored(sessions) == []


def test_an_answer_that_was_deleted_gets_a_friendly_sentence(person: Person, sessions: Sessions) -> None:
    good, bad = _verdict_row(person.writes(QUESTION)[0])
    why = person.presses(bad)[0].buttons[0][0]
    with sessions.begin() as session:
        session.execute(delete(GivenAnswer))
    assert [person.presses(button)[0].text for button in (good, bad, why)] == [wording.ANSWER_GONE] * 3
    assert _stored(sessions) == [("bad", QUESTION)]


@pytest.mark.parametrize(
    "data",
    [
        "good:",
        "good:x",
        "bad:²",
        "bad:-1",
        "bad:99999999999999999999",
        "why:1",
        "why:1:good",
        "why:1:nonsense",
    ],
)
def test_a_verdict_that_nobody_offered_is_not_kept(person: Person, sessions: Sessions, data: str) -> None:
    person.writes(QUESTION)
    assert person.presses(data)[0].text == wording.ANSWER_GONE
    assert _stored(sessions) == []


def test_everybody_in_a_group_may_judge_what_was_answered_there(
    person_in: Callable[[str], Person], sessions: Sessions
) -> None:
    one, two = (person_in(chat).in_group("telegram:-100") for chat in ("telegram:1", "telegram:2"))
    good, _ = _verdict_row(one.writes(QUESTION)[0])
    assert two.presses(good)[0].text == wording.THANKS
    assert _stored(sessions) == [("good", QUESTION)]
