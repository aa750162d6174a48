"""Every role, every action, every relation of areas: as the tables say."""

import datetime as dt
import itertools
from pathlib import Path

import pytest

from db.access import (
    ACTIONS,
    AREA_LEVELS,
    LEVEL_OF_LENGTH,
    Action,
    Role,
    covers,
    fits,
    level_of,
    may,
    role_of,
)
from db.models import Person
from knowledge.places import PlaceRegister

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
REGION, LEAGUE, BANNER, TOWNSHIP, VILLAGE = "15", "1506", "150626", "150626103", "150626103201"
ELSEWHERE = ("1507", "150625", "150626104", "150626103202")
CHAIN = (REGION, LEAGUE, BANNER, TOWNSHIP, VILLAGE)
AREA_OF = {Role.VILLAGE_CADRE: VILLAGE, Role.TOWNSHIP_REVIEWER: TOWNSHIP, Role.BANNER_REVIEWER: BANNER}
_MEMBER = {Action.ASK, Action.LINK_CHANNEL}
_READER = {*_MEMBER, Action.SEE_CASES, Action.EXPORT}
_OFFICER = {*_READER, Action.REPORT, Action.WORK_ON_CASES, Action.REVEAL}
ALLOWED = {
    Role.VISITOR: {Action.ASK},
    Role.VILLAGE_CADRE: _OFFICER,
    Role.TOWNSHIP_REVIEWER: _OFFICER,
    Role.BANNER_REVIEWER: _OFFICER,
    Role.CITY_READER: _READER,
    Role.ADMINISTRATOR: {*_READER, Action.MERGE_CASES, Action.MANAGE_PEOPLE},
}


def _person(role: Role, *, active: bool = True) -> Person | None:
    if role is Role.VISITOR:
        return None
    return Person(id=1, name="", role=role, area=AREA_OF.get(role, ""), active=active, created_at=NOW)


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_a_role_may_what_the_table_says_and_nothing_when_switched_off(role: Role, action: Action) -> None:
    assert may(_person(role), action) is (action in ALLOWED[role])
    if role is not Role.VISITOR:
        assert not may(_person(role, active=False), action)


@pytest.mark.parametrize(
    ("role", "action", "area"), list(itertools.product(Role, Action, (*CHAIN, *ELSEWHERE)))
)
def test_an_area_is_reached_by_those_who_are_above_it(role: Role, action: Action, area: str) -> None:
    reached = {
        Role.VISITOR: (),
        Role.VILLAGE_CADRE: (VILLAGE,),
        Role.TOWNSHIP_REVIEWER: (TOWNSHIP, VILLAGE, "150626103202"),
        Role.BANNER_REVIEWER: (BANNER, TOWNSHIP, VILLAGE, "150626104", "150626103202"),
        Role.CITY_READER: (*CHAIN, *ELSEWHERE),
        Role.ADMINISTRATOR: (*CHAIN, *ELSEWHERE),
    }
    assert may(_person(role), action, area) is (action in ALLOWED[role] and area in reached[role])


@pytest.mark.parametrize("role", list(AREA_OF))
@pytest.mark.parametrize("scope", ["", "1", "乌审旗", "15062610"])
def test_whoever_has_lost_the_area_of_the_role_reaches_none(role: Role, scope: str) -> None:
    person = Person(id=1, name="", role=role, area=scope, created_at=NOW)
    assert not any(may(person, Action.ASK, area) for area in (*CHAIN, *ELSEWHERE))


def test_everybody_invited_is_in_the_tables() -> None:
    assert set(ACTIONS) == set(Role)
    assert set(AREA_LEVELS) == set(AREA_OF)
    assert role_of(None) is Role.VISITOR


@pytest.mark.parametrize(
    ("scope", "area", "covered"),
    [
        *((scope, area, len(scope) <= len(area)) for scope in CHAIN for area in CHAIN),
        ("150626", "150627103", False),
        ("", VILLAGE, False),
        (VILLAGE, "", False),
        ("1", VILLAGE, False),
        ("1506261", VILLAGE, False),
        (BANNER, "1506261032", False),
        ("１５", VILLAGE, False),
    ],
)
def test_an_area_covers_itself_and_what_lies_in_it(scope: str, area: str, covered: bool) -> None:
    assert covers(scope, area) is covered


def test_the_codes_of_the_register_say_their_level_and_what_they_lie_in() -> None:
    areas = PlaceRegister(Path(__file__).resolve().parents[3] / "knowledge/sources/areas.csv").by_code
    assert {level_of(code) == area.level for code, area in areas.items()} == {True}
    assert all(covers(area.parent_code, code) for code, area in areas.items() if area.parent_code)
    assert set(LEVEL_OF_LENGTH.values()) == {area.level for area in areas.values()}


@pytest.mark.parametrize(("role", "area"), list(itertools.product(Role, ("", *CHAIN))))
def test_a_role_is_bound_to_areas_of_its_level_or_to_none(role: Role, area: str) -> None:
    assert fits(role, area) is (area == AREA_OF.get(role, ""))
