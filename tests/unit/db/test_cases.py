"""Cases: their numbers, how they are found again, what a list shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import cases, measures
from db.access import Role
from db.cases import Listing, case_number, is_case_number, plain_name, sound
from db.crypto import unseal
from db.measures import TooEarlyError
from db.models import Person
from db.models_cases import Case
from knowledge.rules import rules
from tests.unit.db.households import (
    NOON,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    SIBLING_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    examples,
    member,
    reported,
)

Sessions = sessionmaker[Session]
EXAMPLES = settings(
    max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
IDS = st.integers(1, 10**9)
MOMENTS = st.datetimes(dt.datetime(2020, 1, 2), dt.datetime(2090, 1, 1), timezones=st.just(dt.UTC))
TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def session(sessions: Sessions) -> Any:
    with sessions.begin() as session:
        yield session


@pytest.fixture
def cadre(session: Session) -> Person:
    return member(session, Role.VILLAGE_CADRE, VILLAGE)


# --- numbers --------------------------------------------------------------------------------


def test_a_number_has_the_year_the_case_and_a_check_digit() -> None:
    assert case_number(1, NOON) == "260000015"
    assert case_number(1234567, NOON)[:-1] == "261234567"


def test_the_year_of_a_number_is_the_one_in_china() -> None:
    new_year = dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)
    assert case_number(1, new_year - dt.timedelta(seconds=1)).startswith("26")
    assert case_number(1, new_year).startswith("27")


@EXAMPLES
@given(case=IDS, now=MOMENTS)
def test_a_number_is_known_to_be_one(case: int, now: dt.datetime) -> None:
    number = case_number(case, now)
    assert is_case_number(number) and number.isdigit() and len(number) >= 9


@EXAMPLES
@given(case=IDS, now=MOMENTS, place=st.integers(0, 30), digit=st.sampled_from("0123456789"))
def test_every_single_wrong_digit_shows(case: int, now: dt.datetime, place: int, digit: str) -> None:
    number = case_number(case, now)
    place %= len(number)
    mistyped = number[:place] + digit + number[place + 1 :]
    assert is_case_number(mistyped) is (mistyped == number)


def test_almost_every_pair_of_swapped_digits_shows() -> None:
    swapped = [
        number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        for number in (case_number(case, NOON) for case in range(1, 3000))
        for place in range(len(number) - 1)
        if number[place] != number[place + 1]
    ]
    missed = sum(is_case_number(number) for number in swapped)
    assert len(swapped) > 10_000 and missed / len(swapped) < 0.03


@pytest.mark.parametrize(
    "text", ["", "5", "26000001", "26000001x", "２６０００００１５", "-260000015", "²60000015"]
)
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert not is_case_number(text)


@EXAMPLES
@given(ids=st.sets(IDS, min_size=2, max_size=2), now=MOMENTS, later=MOMENTS)
def test_two_cases_never_have_one_number(ids: set[int], now: dt.datetime, later: dt.datetime) -> None:
    first, second = ids
    assert case_number(first, now) != case_number(second, later)


# --- a new case -----------------------------------------------------------------------------


def test_a_case_begins_at_the_first_step_undetermined_with_its_number(
    session: Session, cadre: Person
) -> None:
    case = reported(session, cadre, risks=("schooling", "illness", "illness"), urgent=True, help_first=True)
    assert case.number == case_number(case.id or 0, NOON)
    assert (case.step, case.category, case.version) == ("application", "undetermined", 1)
    assert (case.urgent, case.help_first, case.reported_by) == (True, True, cadre.id)
    assert case.identified_on is None and case.exited_on is None
    assert cases.risks(session, [case.id or 0]) == {case.id: ("illness", "schooling")}
    assert (case.step, case.category) == (rules().steps[0].code, rules().categories[-1].code)


def test_what_identifies_a_household_lies_sealed_in_the_database(session: Session, cadre: Person) -> None:
    told = {
        "head_name": "乌云其其格", "id_number": "150626199001010017", "phone": "13812345678",
        "narrative": "户主摔伤住院", "place_typed": "某某嘎查", "point": "39.1,109.2",
    }  # fmt: skip
    case = reported(session, cadre, **told)
    stored = session.execute(text("SELECT * FROM monitoring_case")).mappings().one()
    assert not any(said in str(value) for said in told.values() for value in stored.values())
    assert {name: unseal(session, getattr(case, name)) for name in told} == told


@EXAMPLES
@given(name=st.text(max_size=20))
def test_any_name_has_a_sound_as_long_as_itself(name: str) -> None:
    plain = plain_name(name)
    assert len(sound(name).split(" ")) == max(1, len(plain))
    assert plain_name(plain) == plain


# --- finding --------------------------------------------------------------------------------


def test_a_case_is_found_by_its_number_however_it_is_typed(session: Session, cadre: Person) -> None:
    case = reported(session, cadre)
    number = str(case.number)
    wide = number.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    for typed in (number, f" {number}\n", f"{number[:2]}-{number[2:]}", wide):
        assert cases.search(session, cadre, typed) == [case], typed
    assert cases.search(session, cadre, case_number(99, NOON)) == []


@pytest.mark.parametrize("typed", ["乌云其其格", "乌云·其其格", "乌云琪琪格", " 乌云 其其格 "])
def test_a_case_is_found_by_the_name_or_its_sound(session: Session, cadre: Person, typed: str) -> None:
    case = reported(session, cadre)
    reported(session, cadre, head_name="张三")
    assert cases.search(session, cadre, typed) == [case]


@pytest.mark.parametrize("typed", ["", " ", "-", "🙂", "%", "_", "张四", "²", "٣", "0" * 40])
def test_what_nothing_is_called_finds_nothing(session: Session, cadre: Person, typed: str) -> None:
    reported(session, cadre, head_name="张三")
    reported(session, cadre, head_name="")
    assert cases.search(session, cadre, typed) == []


def test_a_search_shows_no_more_than_asked_for(session: Session, cadre: Person) -> None:
    for _ in range(4):
        reported(session, cadre)
    assert len(cases.search(session, cadre, "乌云其其格", limit=3)) == 3


# --- lists ----------------------------------------------------------------------------------


def _at(session: Session, reporter: Person, step: str, day: int = 0, **given_: Any) -> Case:
    due = given_.pop("due_on", None)
    case = reported(session, reporter, now=NOON + dt.timedelta(days=day), **given_)
    case.step, case.due_on = step, due
    session.flush()
    return case


def _listed(session: Session, person: Person, listing: Listing, **narrowed: Any) -> list[int]:
    found = [case.id or 0 for case in cases.listed(session, person, listing, today=TODAY, **narrowed)]
    if "limit" not in narrowed and "offset" not in narrowed:
        area = narrowed.get("area", "")
        assert cases.count(session, person, listing, today=TODAY, area=area) == len(found)
    return found


def _ids(*found: Case) -> list[int]:
    return [case.id or 0 for case in found]


@pytest.mark.parametrize("listing", [Listing.TODO, Listing.MINE, Listing.OVERDUE])
def test_what_is_urgent_comes_first_and_then_what_waits_longest(
    session: Session, cadre: Person, listing: Listing
) -> None:
    late = TODAY - dt.timedelta(days=1)
    third = _at(session, cadre, "visit", day=2, due_on=late)
    first = _at(session, cadre, "visit", day=3, due_on=late, urgent=True)
    second = _at(session, cadre, "visit", day=1, due_on=late)
    assert _listed(session, cadre, listing) == _ids(first, second, third)
    assert _listed(session, cadre, listing, offset=1, limit=1) == _ids(second)


def test_of_all_cases_the_newest_come_first(session: Session, cadre: Person) -> None:
    first, second = (_at(session, cadre, "visit", day=day, urgent=not day) for day in (0, 1))
    assert _listed(session, cadre, Listing.ALL) == _ids(second, first)


@pytest.mark.parametrize(
    ("role", "area", "steps"),
    [
        (Role.VILLAGE_CADRE, VILLAGE, {"application", "visit", "consent", "hearing"}),
        (Role.TOWNSHIP_REVIEWER, TOWNSHIP, {"township_review", "exit_township"}),
        (
            Role.BANNER_REVIEWER,
            "150626",
            {"comparison", "banner_review", "registration", "exit_banner"},
        ),
        (Role.CITY_READER, "", set()),
        (Role.ADMINISTRATOR, "", set()),
    ],
)
def test_to_do_is_what_waits_for_the_role(
    session: Session, cadre: Person, role: Role, area: str, steps: set[str]
) -> None:
    by_step = {step.code: _at(session, cadre, step.code).id for step in rules().steps}
    found = _listed(session, member(session, role, area), Listing.TODO, limit=99)
    assert set(found) == {by_step[step] for step in steps}


def test_mine_are_those_that_i_reported(session: Session, cadre: Person) -> None:
    neighbour = member(session, Role.VILLAGE_CADRE, VILLAGE)
    mine, _ = reported(session, cadre), reported(session, neighbour)
    assert _listed(session, cadre, Listing.MINE) == _ids(mine)


def test_overdue_are_open_cases_whose_day_has_passed(session: Session, cadre: Person) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    late = _at(session, cadre, "visit", due_on=yesterday)
    for step, day in (("visit", TODAY), ("visit", None), ("refused", yesterday), ("merged", yesterday)):
        _at(session, cadre, step, due_on=day)
    assert _listed(session, cadre, Listing.OVERDUE) == _ids(late)


def test_a_list_is_narrowed_to_an_area_and_never_widened(session: Session) -> None:
    reporter = member(session, Role.VILLAGE_CADRE, VILLAGE)
    here, there, far = (
        reported(session, reporter, area=area) for area in (VILLAGE, SIBLING_VILLAGE, OTHER_VILLAGE)
    )
    banner = member(session, Role.BANNER_REVIEWER, "150626")
    township = member(session, Role.TOWNSHIP_REVIEWER, TOWNSHIP)
    assert _listed(session, banner, Listing.ALL, area=TOWNSHIP) == _ids(there, here)
    assert _listed(session, banner, Listing.ALL, area=OTHER_TOWNSHIP) == _ids(far)
    assert _listed(session, township, Listing.ALL, area="150626") == _ids(there, here)
    assert _listed(session, township, Listing.ALL, area=OTHER_TOWNSHIP) == []


def test_open_is_what_can_still_go_on(session: Session, cadre: Person) -> None:
    closed = {
        step.code for step in rules().steps if not cases.is_open(_at(session, cadre, step.code))
    }  # fmt: skip
    assert closed == {"exited", "refused", "withdrawn", "merged"}


# --- measures -------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [step.code for step in rules().steps])
@pytest.mark.parametrize("help_first", [False, True])
def test_help_needs_registration_unless_it_may_come_first(
    session: Session, cadre: Person, step: str, help_first: bool
) -> None:
    """「可先进行救助并落实帮扶政策，后履行相关程序」: the procedure is still to be gone through."""
    case = _at(session, cadre, step, help_first=help_first)
    registered = step in ("helping", "exit_township", "exit_banner", "exited")
    allowed = registered or (help_first and cases.is_open(case))
    if not allowed:
        with pytest.raises(TooEarlyError, match=str(case.number)):
            _start(session, case, cadre)
        assert measures.of_case(session, case) == [] and case.version == 1
        return
    row = _start(session, case, cadre)
    assert (row.before_procedure, case.version) == (not registered, 2)
    assert measures.running(session, case) == [row]
    measures.end(session, case, row, actor=cadre, on=TODAY, now=NOON)
    assert measures.running(session, case) == [] and measures.of_case(session, case) == [row]


def _start(session: Session, case: Case, actor: Person) -> Any:
    return measures.start(session, case, "health_help", actor=actor, started_on=TODAY, now=NOON)
