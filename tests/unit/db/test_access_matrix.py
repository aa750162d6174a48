"""Every role × every relation of areas × every way to see or change a case: as RIGHTS says, nowhere else."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from db import audience, case_lists, cases, drafts, exports, people, screening, workflow
from db.access import Action, Role, may, reach
from db.cases import Listing
from db.models import Person
from db.models_cases import Case
from db.workflow import MissingError, Move, ObstacleError, TransitionError, move_case
from tests.unit.db import procedure_table as table
from tests.unit.db.households import (
    BANNER,
    FOREIGN_VILLAGE,
    LEAGUE,
    NOON,
    OTHER_BANNER,
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
SEE, WORK, MERGE = "see", "work", "merge"
OFFICER = {"own": {SEE, WORK}, "below": {SEE, WORK}, "above": set(), "sibling": set(), "foreign": set()}
NOBODY: dict[str, set[str]] = {named: set() for named in (*OFFICER, "none")}
# What a role may do with a case, by how its area lies to the person's ("none": the person has no area).
RIGHTS: dict[Role, dict[str, set[str]]] = {
    Role.VISITOR: NOBODY,
    Role.VILLAGE_CADRE: {**OFFICER, "none": set()},
    Role.TOWNSHIP_REVIEWER: {**OFFICER, "none": set()},
    Role.BANNER_REVIEWER: {**OFFICER, "none": set()},
    Role.CITY_READER: {"none": {SEE}},
    Role.ADMINISTRATOR: {"none": {SEE, MERGE}},
}
CASES_AT = (VILLAGE, SIBLING_VILLAGE, OTHER_VILLAGE, FOREIGN_VILLAGE, TOWNSHIP, OTHER_TOWNSHIP, BANNER,
            OTHER_BANNER)  # fmt: skip
PEOPLE: tuple[tuple[Role, str, bool], ...] = (
    *((role, area, True) for role, area in (
        (Role.VISITOR, ""),
        (Role.VILLAGE_CADRE, VILLAGE),
        (Role.TOWNSHIP_REVIEWER, TOWNSHIP),
        (Role.BANNER_REVIEWER, BANNER),
        (Role.CITY_READER, ""),
        (Role.ADMINISTRATOR, ""),
        (Role.VILLAGE_CADRE, ""),
        (Role.TOWNSHIP_REVIEWER, ""),
        (Role.BANNER_REVIEWER, ""),
    )),
    (Role.VILLAGE_CADRE, VILLAGE, False),
    (Role.BANNER_REVIEWER, BANNER, False),
    (Role.CITY_READER, "", False),
    (Role.ADMINISTRATOR, "", False),
)  # fmt: skip


def relation(own: str, area: str) -> str:
    """How the area of a case lies to somebody's own."""
    if not own:
        return "none"
    if own == area:
        return "own"
    if area.startswith(own):
        return "below"
    if own.startswith(area):
        return "above"
    parent = {12: 9, 9: 6, 6: 4}[len(own)]
    return "sibling" if len(area) == len(own) and area[:parent] == own[:parent] else "foreign"


def rights(role: Role, own: str, active: bool, area: str) -> set[str]:
    return RIGHTS[role][relation(own, area)] if active else set()


@dataclass
class World:
    session: Session
    cases: dict[str, Case]
    people: dict[tuple[Role, str, bool], Person | None]


@pytest.fixture
def world(store: Sessions) -> Iterator[World]:
    """A watched case of one name in each area, and people of every kind."""
    with store.begin() as session:
        known = {
            key: None if key[0] is Role.VISITOR else member(session, key[0], key[1], active=key[2])
            for key in PEOPLE
        }
        reporter = member(session, Role.VILLAGE_CADRE, VILLAGE)
        found = {area: reported(session, reporter, area=area) for area in CASES_AT}
        for case in found.values():
            case.step, case.identified_on = "helping", dt.date(2025, 1, 1)
        session.flush()
        yield World(session, found, known)


def test_every_relation_of_areas_comes_up() -> None:
    seen = {(role, relation(own, area)) for role, own, _ in PEOPLE for area in CASES_AT}
    wanted = {
        (role, named)
        for role in (Role.VILLAGE_CADRE, Role.TOWNSHIP_REVIEWER, Role.BANNER_REVIEWER)
        for named in (*OFFICER, "none")
    }
    impossible = {(Role.VILLAGE_CADRE, "below"), (Role.BANNER_REVIEWER, "above")}
    assert wanted - impossible <= seen and {role for role, _, _ in PEOPLE} == set(Role)


# --- seeing ---------------------------------------------------------------------------------


def test_a_case_is_seen_in_every_way_or_in_none(world: World) -> None:
    for (key, person), (area, case) in itertools.product(world.people.items(), world.cases.items()):
        expected = SEE in rights(*key, area)
        for way, sees in _ways_to_see(world.session, person, case).items():
            assert sees is expected, (way, key, area)


def _ways_to_see(session: Session, person: Person | None, case: Case) -> dict[str, bool]:
    ways = {
        "find": cases.find(session, person, str(case.number)) is not None,
        "get": cases.get(session, person, case.id or 0) is not None,
        "export": case.id in {row.id for row, _, _ in exports.rows(session, person)},
        "export of the area": case.id in {row.id for row, _, _ in exports.rows(session, person, case.area)},
        "export of a step": case in exports.at_step(session, person, "helping", case.area),
        "count of exports": exports.by_area(session, person, "", 12).get(case.area, 0) == 1,
    }
    return ways | (_ways_of_a_member(session, person, case) if person else {})


def _ways_of_a_member(session: Session, person: Person, case: Case) -> dict[str, bool]:
    today = dt.date(2026, 3, 1)

    def listed(listing: Listing, area: str = "") -> bool:
        return case in cases.listed(session, person, listing, today=today, area=area, limit=99)

    quarter = screening.period(screening.QUARTERLY, today)
    return {
        "search by number": cases.search(session, person, str(case.number)) == [case],
        "search by name": case in cases.search(session, person, "乌云其其格", limit=99),
        "search by sound": case in cases.search(session, person, "乌云琪琪格", limit=99),
        "short number": case_lists.by_short_number(session, person, case_lists.short_number(str(case.number)))
        is case,
        "list of all": listed(Listing.ALL),
        "list of an area": listed(Listing.ALL, case.area),
        "areas": dict(case_lists.areas(session, person)).get(case.area) == 1,
        "due": case in screening.due(session, person, quarter),
    }


def test_counts_count_what_lists_show(world: World) -> None:
    today = dt.date(2026, 3, 1)
    quarter = screening.period(screening.QUARTERLY, today)
    for key, person in world.people.items():
        if person is None:
            continue
        seen = sum(SEE in rights(*key, area) for area in CASES_AT)
        assert cases.count(world.session, person, Listing.ALL, today=today) == seen, key
        assert screening.count_due(world.session, person, quarter) == seen, key
        assert exports.count(world.session, person) == seen, key
        assert sum(exports.counts_by_step(world.session, person).values()) == seen, key
        assert sum(exports.counts_by_risk(world.session, person).values()) == seen, key


def test_whoever_reported_a_case_elsewhere_does_not_see_it_for_that(world: World) -> None:
    """Somebody who was moved to another village, say."""
    session, today = world.session, dt.date(2026, 3, 1)
    for (key, person), area in itertools.product(world.people.items(), CASES_AT):
        if person is not None:
            case = reported(session, person, area=area)
            mine = cases.listed(session, person, Listing.MINE, today=today, limit=99)
            assert (case in mine) is (SEE in rights(*key, area)), (key, area)


def test_nobody_gets_at_the_draft_of_somebody_else(world: World) -> None:
    session = world.session
    known = [person for person in world.people.values() if person]
    begun = {people.known_id(person): _begun(session, person) for person in known}
    for person, (owner, draft_id) in itertools.product(known, begun.items()):
        mine = people.known_id(person) == owner
        assert (drafts.get(session, draft_id, people.known_id(person)) is not None) is mine
        assert (draft_id in {one.id for one in drafts.waiting(session, people.known_id(person))}) is mine


def _begun(session: Session, person: Person) -> int:
    return drafts.known_id(drafts.begin(session, people.known_id(person), "report", now=NOON))


# --- changing -------------------------------------------------------------------------------


def test_a_transition_is_offered_to_those_of_the_table_alone(world: World) -> None:
    for (key, person), area, step in itertools.product(world.people.items(), CASES_AT, table.STEPS):
        case = world.cases[area]
        case.step = step
        offered = {(move.action, move.target) for move in workflow.offered(case, person)}
        expected = {
            (row.action, "" if row.target == table.FORMER else row.target)
            for row in table.TABLE
            if row.source == step and _may_make(row, key, area)
        }
        assert offered == expected, (key, area, step)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", [key for key in PEOPLE if key[0] is not Role.VISITOR], ids=str)
def test_a_transition_is_made_by_those_of_the_table_alone(world: World, key: tuple[Role, str, bool]) -> None:
    """What it needs aside: whoever may not make it is told so first."""
    person = world.people[key]
    assert person is not None
    for area, row in itertools.product(CASES_AT, table.TABLE):
        case = world.cases[area]
        case.step, case.before, case.category = row.source, "visit", "marginal"
        target = "" if row.target == table.FORMER else row.target
        move = Move(row.action, "原因", ("size",), target)
        try:
            move_case(world.session, case, move, actor=person, expected_version=case.version, now=NOON)
        except TransitionError:
            assert not _may_make(row, key, area), (key, area, row)
        except (MissingError, ObstacleError):
            assert _may_make(row, key, area), (key, area, row)
        else:
            assert _may_make(row, key, area), (key, area, row)
            assert case.step == ("visit" if row.target == table.FORMER else row.target)


def _may_make(row: table.Row, key: tuple[Role, str, bool], area: str) -> bool:
    needed = MERGE if row.action in ("merge", "unmerge") else WORK
    return key[0] in row.roles and needed in rights(*key, area)


def test_a_message_about_a_case_goes_to_those_who_work_on_it(world: World) -> None:
    """Nobody is told of what they may not open."""
    bound = {Role.VILLAGE_CADRE, Role.TOWNSHIP_REVIEWER, Role.BANNER_REVIEWER}
    for area in CASES_AT:
        told = {person.id for person in audience.of_roles(world.session, bound, area)}
        for key, person in world.people.items():
            if person is not None:
                assert (person.id in told) is (WORK in rights(*key, area)), (key, area)


# --- the query and the question ask the same ------------------------------------------------


def _codes() -> list[str]:
    """Areas of all levels, with the digits at which ranges begin and end."""
    levels = [("15", "00", "99"), ("06", "00", "99"), ("26", "00", "99"), ("103", "000", "999"),
              ("201", "000", "999")]  # fmt: skip
    found, above = [], [""]
    for digits in levels:
        above = [code + more for code in above for more in digits]
        found += above
    return found


CODES = _codes()
SCOPES = st.one_of(
    st.sampled_from(CODES),
    st.sampled_from(["", "1", "乌审旗", "15062", "1506261", LEAGUE, "15A", "%", "150626\n"]),
)


def test_a_query_selects_exactly_what_may_be_done(store: Sessions) -> None:
    with store.begin() as session:
        for code in CODES:
            session.add(Person(name="", role=Role.VILLAGE_CADRE, area=code, created_at=NOON))

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(role=st.sampled_from(Role), scope=SCOPES, action=st.sampled_from(Action), active=st.booleans())
    def check(role: Role, scope: str, action: Action, active: bool) -> None:
        person = (
            None
            if role is Role.VISITOR
            else Person(id=1, name="", role=role, area=scope, active=active, created_at=NOON)
        )
        with store.begin() as session:
            rows = select(col(Person.area)).where(reach(person, action, col(Person.area)))
            found = sorted(session.execute(rows).scalars())
        assert found == sorted(code for code in CODES if may(person, action, code))

    check()
