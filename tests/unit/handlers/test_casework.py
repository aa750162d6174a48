"""Who works on a case when, and what Telegram hears of names."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from handlers import (
    wording_cases,
    wording_casework,
    wording_consent,
    wording_people,
    wording_visit,
)
from handlers.turn import Converse
from tests.unit.handlers.case_world import (
    ADMINISTRATOR,
    CADRE,
    READER,
    REVIEWER,
    STRANGER,
    World,
    button,
    labels,
    text,
)
from tests.unit.handlers.casework_forms import (
    SKIP,
    SUBMIT,
    adds_child,
    adds_head,
    fills,
    fills_pieces,
    members,
    with_head,
)
from tests.unit.handlers.conftest import Person


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


BUTTONS = ("visit:{}", "visit:{}:add", "visit:{}:done:9", "consent:{}", "consent:{}:withdraw", "measure:{}",
           "measure:{}:new", "exit:{}")  # fmt: skip


@pytest.mark.parametrize("data", BUTTONS)
def test_somebody_elses_case_is_answered_like_one_that_does_not_exist(world: World, data: str) -> None:
    number = world.reported(step="helping")
    stranger = world.at(STRANGER)
    theirs, unknown = stranger.presses(data.format(number)), stranger.presses(data.format("260000999"))
    assert theirs == unknown and theirs[-1].text == wording_cases.NO_SUCH_CASE


@pytest.mark.parametrize("chat", [READER, ADMINISTRATOR])
@pytest.mark.parametrize("data", BUTTONS)
def test_who_may_only_look_works_on_nothing(world: World, chat: str, data: str) -> None:
    number = world.reported(step="helping")
    (said,) = world.at(chat).presses(data.format(number))
    assert said.text == wording_casework.ONLY_READING


@pytest.mark.parametrize("data", BUTTONS)
def test_nothing_is_done_in_a_group(world: World, data: str) -> None:
    number = world.reported(step="helping")
    (said,) = world.at(CADRE).in_group("telegram:-9").presses(data.format(number))
    assert said.text == wording_people.PRIVATE_ONLY


@pytest.mark.parametrize(
    ("step", "data"),
    [("visit", "visit:{}:add"), ("visit", "visit:{}:done:3"), ("consent", "consent:{}"),
     ("helping", "visit:{}:income")],
)  # fmt: skip
def test_a_reviewer_does_not_do_what_the_village_does(world: World, step: str, data: str) -> None:
    number = world.reported(step=step)
    version = world.case(number).version
    (said,) = world.at(REVIEWER).presses(data.format(number))
    assert "不由您办" in said.text and world.case(number).version == version


def test_a_reviewer_reads_the_record_and_cannot_change_it(world: World) -> None:
    number = world.reported(step="visit", size=1)
    adds_head(world.at(CADRE), number)
    fills_pieces(world.at(CADRE), number)
    world.change(number, step="township_review")
    reviewer = world.at(REVIEWER)
    (record,) = reviewer.presses(button(reviewer.presses(f"case:{number}"), "走访记录"))
    assert "全家纯收入46000.5元" in record.text and wording_visit.FINISH not in labels(record)
    (people,) = reviewer.presses(button(record, wording_visit.MEMBER))
    assert "乌****（户主本人，女，1968年生）" in people.text and wording_visit.ADD not in labels(people)


@pytest.mark.parametrize(
    ("step", "data"),
    [("application", "visit:{}:add"), ("township_review", "visit:{}:income"), ("visit", "consent:{}"),
     ("refused", "measure:{}"), ("exit_township", "exit:{}"), ("visit", "exit:{}")],
)  # fmt: skip
def test_nothing_is_done_out_of_its_order(world: World, step: str, data: str) -> None:
    number = world.reported()
    world.change(number, step=step)
    said = world.at(CADRE).presses(data.format(number))
    assert "现在不能办" in said[-1].text


@pytest.mark.parametrize(
    "data",
    ["visit", "visit:", "visit:x", "visit:{}:member:99", "visit:{}:dropped:99:1", "visit:{}:size:x",
     "visit:{}:zzz", "visit:{}:done:x", "visit:{}:drop:1:1:1:1", "consent:{}:withdrawn:x",
     "measure:{}:end:99", "measure:{}:end:x"],
)  # fmt: skip
def test_a_forged_button_changes_nothing(world: World, data: str) -> None:
    number = world.reported(step="visit" if data.startswith("visit") else "helping")
    version = world.case(number).version
    assert world.at(CADRE).presses(data.format(number))[-1].text
    assert world.case(number).version == version


@pytest.fixture
def discreet(handle_in: Callable[..., Converse], sessions: sessionmaker[Session]) -> Callable[[str], Person]:
    """A bot whose Telegram must not hear names."""
    return partial(Person, handle_in(sessions, telegram_names=False, web_url="https://bot.example"))


def test_telegram_that_may_hear_no_names_does_not_ask_for_them(
    world: World, discreet: Callable[[str], Person]
) -> None:
    number = world.reported(step="visit")
    cadre = discreet(CADRE)
    asked = cadre.presses(f"visit:{number}:add")
    assert wording_visit.NAME_ON_PAGE in asked[0].text and "https://bot.example/p/" in asked[0].text
    asked = fills(cadre, asked, "女", "1968", "小学", "健康", "能干活", "没有干活", SKIP)
    done = fills(cadre, asked, SUBMIT)
    assert "乌云" not in text(asked) + text(done)
    assert members(world, number)[0].name == "乌云其其格"  # the head's, known from the report
    asked = fills(cadre, cadre.presses(f"visit:{number}:add"), "子女")
    assert wording_visit.ASK_SEX in asked[-1].text


def test_a_name_that_is_known_survives_a_change_where_names_are_not_heard(
    world: World, discreet: Callable[[str], Person]
) -> None:
    number = world.reported(step="visit")
    adds_child(world.at(CADRE), with_head(world.at(CADRE), number))
    cadre = discreet(CADRE)
    summary = cadre.presses(f"visit:{number}:member:2")
    assert "其木格" not in text(summary)
    fills(cadre, cadre.presses(button(summary, "改出生年份")), "2014", SUBMIT)
    member = members(world, number)[1]
    assert (member.name, member.birth_year) == ("其木格", 2014)


def test_somebody_else_who_agrees_is_named_by_relation_where_names_are_not_heard(
    world: World, discreet: Callable[[str], Person]
) -> None:
    number = world.reported(step="consent")
    cadre = discreet(CADRE)
    asked = fills(cadre, cadre.presses(f"consent:{number}"), "别的人")
    assert wording_consent.ASK_RELATION in asked[-1].text
    done = fills(cadre, asked, "子女", "签字", "这些部门都可以", "今天", SUBMIT)
    assert "子女（姓名没有登记），签字" in done[-1].text


def test_a_name_typed_in_another_chat_is_masked_where_names_are_not_heard(
    world: World, discreet: Callable[[str], Person]
) -> None:
    number = with_head(world.at(CADRE), world.reported(step="visit"))
    fills(world.at(CADRE), world.at(CADRE).presses(f"visit:{number}:add"), "其木格", "子女")
    cadre = discreet(CADRE)
    summary = fills(cadre, cadre.presses(f"visit:{number}:add"), "女", "2015", "在上学", "小学", "健康", SKIP)
    assert "姓名：其**" in summary[-1].text and "其木格" not in text(summary)
