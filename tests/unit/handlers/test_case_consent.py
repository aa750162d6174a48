"""Consent of a household to the comparison of its data."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import consents
from db.consents import Given
from handlers import (
    wording_casework,
    wording_consent,
)
from tests.unit.handlers.case_world import (
    BANNER_REVIEWER,
    CADRE,
    World,
    button,
    labels,
)
from tests.unit.handlers.casework_forms import (
    SUBMIT,
    TODAY,
    adds_child,
    adds_head,
    fills,
    with_head,
)
from tests.unit.handlers.conftest import Person


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def _given(world: World, number: str) -> list[Given]:
    """The consents that count."""
    with world.sessions() as session:
        return [g for row, g in consents.of_case(session, world.case(number)) if row.withdrawn_at is None]


def test_consent_is_given_by_somebody_of_the_roster_and_leads_to_the_next_step(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    world.change(number, step="consent")
    asked = cadre.presses(f"consent:{number}")
    assert wording_consent.INTRO in asked[0].text
    done = fills(cadre, asked, "乌****（户主本人）", "签字", "这些部门都可以", "今天", SUBMIT)
    assert "乌****，签字，2026年3月1日，比对民政、卫健、医保、住建、教育、残联、应急管理" in done[-1].text
    (given,) = _given(world, number)
    assert (given.given_by, given.manner, given.given_on) == ("乌云其其格", "signed", TODAY)
    assert len(given.purpose.split(",")) == 7
    cadre.presses(button(done, "已授权"))
    assert world.case(number).step == "hearing"


def test_the_head_can_be_chosen_before_there_is_a_roster(world: World) -> None:
    number = world.reported(step="consent")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"consent:{number}")
    fills(cadre, asked, "乌****（户主）", "按手印", "这些部门都可以", "2026年2月3日", SUBMIT)
    (given,) = _given(world, number)
    assert (given.given_by, given.given_on) == ("乌云其其格", dt.date(2026, 2, 3))


def test_somebody_else_agrees_to_some_departments_only(world: World) -> None:
    number = world.reported(step="consent")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"consent:{number}")
    asked = fills(cadre, asked, "别的人", "阿拉腾·巴雅尔", "口头同意，有人见证", "只同意一部分", "民政+医保")
    fills(cadre, asked, "昨天", SUBMIT)
    (given,) = _given(world, number)
    assert (given.given_by, given.purpose) == ("阿拉腾·巴雅尔", "civil_affairs,medical_insurance")


def test_consent_of_the_future_is_refused(world: World) -> None:
    number = world.reported(step="consent")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"consent:{number}")
    asked = fills(cadre, asked, "乌****（户主）", "签字", "这些部门都可以", "2026年4月1日")
    assert "还没到" in asked[-1].text and not _given(world, number)


def test_a_guardian_agrees_for_a_child_under_fourteen(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    adds_child(cadre, number)
    world.change(number, step="consent")
    asked = cadre.presses(f"consent:{number}")
    assert "其**（子女）" not in labels(asked[-1])
    asked = fills(cadre, asked, "乌****（户主本人）", "签字", "这些部门都可以", "今天")
    assert wording_consent.ASK_GUARDIAN in asked[-1].text
    done = fills(cadre, asked, "乌****（户主本人）", SUBMIT)
    assert "替其**" in done[-1].text
    assert [given.guardian_for for given in _given(world, number)] == ["", "其木格"]


def test_without_the_guardian_the_child_is_left_out(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_child(cadre, with_head(cadre, number))
    world.change(number, step="consent")
    asked = cadre.presses(f"consent:{number}")
    done = fills(
        cadre,
        asked,
        "乌****（户主本人）",
        "签字",
        "这些部门都可以",
        "今天",
        wording_consent.NO_GUARDIAN,
        SUBMIT,
    )
    assert wording_consent.GUARDIAN_OPEN in done[-1].text
    assert [given.guardian_for for given in _given(world, number)] == [""]


def test_nobody_asks_for_a_guardian_where_no_child_lives(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    adds_child(cadre, number, birth_year="2008")
    world.change(number, step="consent")
    asked = fills(
        cadre, cadre.presses(f"consent:{number}"), "乌****（户主本人）", "签字", "这些部门都可以", "今天"
    )
    assert SUBMIT in labels(asked[-1])


def test_consent_is_withdrawn_after_a_question_and_stops_the_comparison(world: World) -> None:
    number = world.reported(step="comparison")
    cadre = world.at(CADRE)
    shown = cadre.presses(f"consent:{number}")
    sure = cadre.presses(button(shown, wording_consent.WITHDRAW))
    assert _given(world, number)
    cadre.presses(button(sure, wording_consent.WITHDRAW_REALLY))
    assert not _given(world, number)
    assert "收回了授权" in world.told(BANNER_REVIEWER)[-1].text
    world.at(BANNER_REVIEWER).presses(f"do:pass:{number}:{world.case(number).version}")
    assert world.case(number).step == "comparison"
    asked = cadre.presses(f"consent:{number}")
    fills(cadre, asked, "乌****（户主）", "签字", "这些部门都可以", "今天", SUBMIT)
    world.at(BANNER_REVIEWER).presses(f"do:pass:{number}:{world.case(number).version}")
    assert world.case(number).step == "banner_review"
    assert world.chain_holds(number)


def test_an_old_button_does_not_withdraw_a_newer_consent(world: World) -> None:
    number = world.reported(step="hearing")
    cadre = world.at(CADRE)
    sure = cadre.presses(f"consent:{number}:withdraw")
    asked = cadre.presses(f"consent:{number}:new")
    fills(cadre, asked, "乌****（户主）", "按手印", "这些部门都可以", "今天", SUBMIT)
    said = cadre.presses(button(sure, wording_consent.WITHDRAW_REALLY))
    assert wording_casework.CHANGED_MEANWHILE in said[-1].text
    assert [given.manner for given in _given(world, number)] == ["fingerprint"]
