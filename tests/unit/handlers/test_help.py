import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.codes import Refusal
from handlers import wording, wording_browse, wording_people, wording_report
from handlers.errors import converse
from handlers.turn import MAX_BUTTON_BYTES, Button, Desk, Reply, Turn, plain
from knowledge.library import KnowledgeBase
from knowledge.model import Status

Person = Any  # of conftest.py


def _buttons(replies: tuple[Reply, ...]) -> list[Button]:
    return [button for reply in replies for row in reply.buttons for button in row]


def test_start_offers_four_big_buttons_and_the_examples(person: Person) -> None:
    (reply,) = person.writes("/start")
    assert [len(row) for row in reply.buttons[:2]] == [2, 2]
    labels = [button.label for button in _buttons((reply,))]
    assert labels == ["问政策", "查指标", "查名单", "报监测户", *wording.EXAMPLES]


@pytest.mark.parametrize(
    ("command", "examples"), [("/start", wording.EXAMPLES), ("/help", wording.HELP_EXAMPLES)]
)
def test_the_examples_are_buttons_that_get_an_answer(
    person: Person, command: str, examples: tuple[str, ...]
) -> None:
    buttons = [button for button in _buttons(person.writes(command)) if button.data.startswith("say:")]
    assert [button.label for button in buttons] == list(examples)
    for button in buttons:
        (reply,) = person.presses(button)
        assert reply.text == person.writes(button.label)[0].text
        assert reply.status == Status.ANSWERED


def test_the_help_says_the_same_examples_that_its_buttons_ask() -> None:
    own = wording.HELP.partition("接着问")[0]  # the two after it are follow-up questions
    assert tuple(re.findall("“(.+?)”", own)) == wording.HELP_EXAMPLES


def test_reporting_tells_a_visitor_how_to_register(person: Person) -> None:
    (button,) = (b for b in _buttons(person.writes("/start")) if b.label == "报监测户")
    assert person.presses(button)[0].text == wording_report.REGISTER_FIRST


def test_the_way_home_edits_the_list_into_the_first_message(person: Person) -> None:
    (start,) = person.writes("/start")
    home = next(b for b in _buttons(person.presses(_buttons((start,))[0])) if b.label == "首页")
    (reply,) = person.presses(home)
    assert reply.edit and (reply.text, reply.buttons) == (start.text, start.buttons)


@pytest.mark.parametrize("command", ["/start i33", "/start@policybot i33", "/START I33", "/start  i033"])
def test_a_link_to_an_indicator_opens_its_card(person: Person, library: KnowledgeBase, command: str) -> None:
    answer, _ = library.ask("第33项归谁考核")
    assert plain(person.writes(command)[0].text) == answer.text


def test_a_link_to_every_indicator_opens_the_card_of_that_number(
    person: Person, library: KnowledgeBase
) -> None:
    for number in range(1, 63):
        assert plain(person.writes(f"/start i{number}")[0].text).startswith(f"第{number}项“")


@pytest.mark.parametrize("number", [0, 63, 999_999])
def test_a_link_to_an_indicator_that_is_not_there_offers_the_list(person: Person, number: int) -> None:
    (reply,) = person.writes(f"/start i{number}")
    assert reply.text.startswith(wording_browse.no_such_indicator(number))
    assert "治理有效" in "".join(button.label for button in _buttons((reply,)))


@pytest.mark.parametrize("payload", ["i", "i3x", "i²", "33", "i1234567"])
def test_any_other_link_is_taken_for_an_invitation(person: Person, payload: str) -> None:
    assert person.writes(f"/start {payload}")[0].text == wording_people.refused(Refusal.UNKNOWN)


def test_a_link_to_an_indicator_is_no_way_in_for_those_who_may_not_ask(
    library: KnowledgeBase, sessions: sessionmaker[Session], clock: Callable[[], dt.datetime]
) -> None:
    with sessions.begin() as session:
        desk = Desk(library, session, clock(), "v1", visitors_may_ask=False)
        turn = Turn(id="1", person="telegram:1", chat="telegram:1", text="/start i33")
        assert [reply.text for reply in converse(turn, desk)] == [wording_people.INVITED_ONLY]


def test_all_data_fits_into_a_button(person: Person) -> None:
    for command in ("/start", "/help"):
        assert all(len(b.data.encode()) <= MAX_BUTTON_BYTES for b in _buttons(person.writes(command)))
