"""Several people at one case in the same moment, each in a session of their own."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import audit, consents, merging, workflow
from db.access import Role
from db.cases import known_id
from db.consents import Given
from db.merging import NotMergeableError
from db.models import Person
from db.models_cases import Case
from db.workflow import Move, StaleCaseError, TransitionError, move_case
from tests.databases import wait_for_a_lock
from tests.unit.db.households import BANNER, NOON, TOWNSHIP, VILLAGE, member, reported

Sessions = sessionmaker[Session]
PATIENCE = 30  # seconds until a thread counts as stuck
PASS, RETURN = Move("pass"), Move("return", "人口不对", ("size",), "visit")
REFUSE, WITHDRAW = Move("refuse", "不符合条件"), Move("withdraw", "农牧户不再申请")


@pytest.fixture
def reviewers(store: Sessions) -> tuple[Person, Person]:
    with store.begin() as session:
        first, second = (member(session, Role.TOWNSHIP_REVIEWER, TOWNSHIP) for _ in range(2))
        return first, second


@pytest.fixture
def case_id(store: Sessions) -> int:
    """A case that waits for the township, with a consent."""
    with store.begin() as session:
        cadre = member(session, Role.VILLAGE_CADRE, VILLAGE)
        case = reported(session, cadre)
        consents.record(session, case, Given("户主", "signed", "比对", NOON.date()), actor=cadre, now=NOON)
        for _ in range(4):
            move_case(session, case, PASS, actor=cadre, expected_version=case.version, now=NOON)
        return known_id(case)


def _version(store: Sessions, case_id: int) -> int:
    with store.begin() as session:
        return session.get_one(Case, case_id).version


@pytest.mark.parametrize("first", [PASS, RETURN, REFUSE, WITHDRAW], ids=lambda move: move.action)
@pytest.mark.parametrize("second", [PASS, RETURN, REFUSE, WITHDRAW], ids=lambda move: move.action)
def test_the_second_reviewer_is_told_and_overwrites_nothing(
    store: Sessions, database_url: str, reviewers: tuple[Person, Person], case_id: int,
    first: Move, second: Move,
) -> None:  # fmt: skip
    seen = _version(store, case_id)
    told: list[tuple[int, str]] = []

    def decide_too() -> None:
        with store.begin() as session:
            case = session.get_one(Case, case_id)
            try:
                move_case(session, case, second, actor=reviewers[1], expected_version=seen, now=NOON)
            except StaleCaseError as stale:
                told.append((stale.case.version, stale.case.step))

    pool = ThreadPoolExecutor(1)
    with store.begin() as session:
        case = session.get_one(Case, case_id)
        moved = move_case(session, case, first, actor=reviewers[0], expected_version=seen, now=NOON)
        other = pool.submit(decide_too)
        if database_url.startswith("postgresql"):
            wait_for_a_lock(database_url)
        step = moved.step
    other.result(PATIENCE)
    pool.shutdown()
    assert told == [(seen + 1, step)]
    with store.begin() as session:
        case = session.get_one(Case, case_id)
        assert (case.version, case.step) == (seen + 1, step)
        last = audit.of_case(session, case_id)[-1]
        assert (last.action, last.person_id) == (first.action, reviewers[0].id)
        assert last.detail.get("reason", "") == first.reason
        assert audit.first_fault(session, case_id) is None


def test_of_many_who_decide_at_once_one_decides(
    store: Sessions, reviewers: tuple[Person, Person], case_id: int
) -> None:
    seen, together = _version(store, case_id), threading.Barrier(6)

    def decide(number: int) -> bool:
        move = (PASS, RETURN, REFUSE)[number % 3]
        together.wait(PATIENCE)
        try:
            with store.begin() as session:
                case = session.get_one(Case, case_id)
                move_case(session, case, move, actor=reviewers[number % 2], expected_version=seen, now=NOON)
        except StaleCaseError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, range(6), timeout=PATIENCE)) == 1
    with store.begin() as session:
        assert session.get_one(Case, case_id).version == seen + 1
        assert len(audit.of_case(session, case_id)) == seen + 1
        assert audit.first_fault(session, case_id) is None


def test_changes_by_people_who_saw_the_same_version_are_all_kept(
    store: Sessions, reviewers: tuple[Person, Person], case_id: int
) -> None:
    """Nobody's change asks for a version here; each has loaded the case before any of them writes."""
    seen, together = _version(store, case_id), threading.Barrier(6)

    def agree(number: int) -> None:
        with store() as session:
            case = session.get_one(Case, case_id)
            session.commit()
            together.wait(PATIENCE)
            with session.begin():
                given = Given(f"户主{number}", "signed", "比对", NOON.date())
                consents.record(session, case, given, actor=reviewers[0], now=NOON)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(agree, range(6), timeout=PATIENCE))
    with store.begin() as session:
        case = session.get_one(Case, case_id)
        assert case.version == seen + 6
        assert {given.given_by for _, given in consents.of_case(session, case)} == {
            "户主", *(f"户主{number}" for number in range(6))
        }  # fmt: skip
        assert len(audit.of_case(session, case_id)) == seen + 6
        assert audit.first_fault(session, case_id) is None


def test_a_field_that_one_sets_while_another_moves_the_case_is_kept(
    store: Sessions, reviewers: tuple[Person, Person], case_id: int
) -> None:
    with store() as slow:
        case = slow.get_one(Case, case_id)
        slow.commit()
        with store.begin() as session:
            move_case(session, session.get_one(Case, case_id), PASS, actor=reviewers[0],
                      expected_version=case.version, now=NOON)  # fmt: skip
        with slow.begin():
            case.stable_since = dt.date(2026, 1, 1)
            workflow.change(slow, case, "stable", actor=reviewers[1], now=NOON, detail={})
    with store.begin() as session:
        case = session.get_one(Case, case_id)
        assert (case.step, case.stable_since) == ("comparison", dt.date(2026, 1, 1))
        assert [entry.action for entry in audit.of_case(session, case_id)[-2:]] == ["pass", "stable"]
        assert case.version == len(audit.of_case(session, case_id))


def test_two_cases_that_are_merged_into_each_other_at_once_are_merged_one_way(
    store: Sessions, case_id: int
) -> None:
    with store.begin() as session:
        administrator = member(session, Role.ADMINISTRATOR)
        other_id = known_id(reported(session, member(session, Role.BANNER_REVIEWER, BANNER)))
    versions = {number: _version(store, number) for number in (case_id, other_id)}
    together = threading.Barrier(2)

    def merge(one: int, into: int) -> bool:
        together.wait(PATIENCE)
        try:
            with store.begin() as session:
                merging.merge(
                    session, session.get_one(Case, one), session.get_one(Case, into), actor=administrator,
                    expected_versions=(versions[one], versions[into]), now=NOON,
                )  # fmt: skip
        except (StaleCaseError, NotMergeableError, TransitionError):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(merge, (case_id, other_id), (other_id, case_id), timeout=PATIENCE))
    assert sorted(done) == [False, True]
    with store.begin() as session:
        both = [session.get_one(Case, number) for number in (case_id, other_id)]
        (merged,) = (case for case in both if case.step == "merged")
        (left,) = (case for case in both if case.step != "merged")
        assert merged.merged_into == left.id and left.merged_into is None
        assert all(audit.first_fault(session, known_id(case)) is None for case in both)
