"""The history of a case: written whole, and whatever is done to it afterwards is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from db import audit
from db.access import Role
from db.crypto import keyring_of, seal, unseal
from db.models_cases import AuditEntry, Case
from tests.unit.db.households import NOON, VILLAGE, examples, member, reported

Sessions = sessionmaker[Session]
LENGTH = 5
EXAMPLES = settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Of all columns but the key of the row, which says nothing.
COVERED = sorted({column.name for column in AuditEntry.__table__.columns} - {"id"})  # type: ignore[attr-defined]


def _history(session: Session, length: int = LENGTH) -> int:
    """A case whose history has that many entries."""
    cadre = member(session, Role.VILLAGE_CADRE, VILLAGE)
    case = reported(session, cadre)
    assert case.id is not None
    for number in range(length - 1):
        audit.record(
            session, case.id, "changed", person_id=cadre.id, now=NOON + dt.timedelta(minutes=number),
            from_step="visit", to_step="visit", detail={"size": [number, number + 1]},
        )  # fmt: skip
    return case.id


def _rows(session: Session, case_id: int) -> list[AuditEntry]:
    chain = select(AuditEntry).where(col(AuditEntry.case_id) == case_id).order_by(col(AuditEntry.seq))
    return list(session.execute(chain).scalars())


def _changed(session: Session, row: AuditEntry, column: str) -> Any:
    value = getattr(row, column)
    match column:
        case "case_id":
            return _history(session, 1)
        case "seq":
            return value + 100
        case "person_id":
            return None
        case "at":
            return value + dt.timedelta(microseconds=1)
        case "detail":
            return seal(session, unseal(session, value).replace("1", "7") + " ")
        case _:
            return value + "x"


def test_an_entry_says_who_did_what_when(store: Sessions) -> None:
    with store.begin() as session:
        case_id = _history(session, 1)
        seq = audit.record(
            session, case_id, "return", person_id=1, now=NOON, from_step="township_review", to_step="visit",
            detail={"reason": "人口不对", "fields": ["size"]},
        )  # fmt: skip
        *_, entry = audit.of_case(session, case_id)
        assert (seq, entry.seq, entry.at, entry.person_id) == (2, 2, NOON, 1)
        assert (entry.action, entry.from_step, entry.to_step) == ("return", "township_review", "visit")
        assert entry.detail == {"reason": "人口不对", "fields": ["size"]}


def test_details_lie_sealed_in_the_database(sessions: Sessions) -> None:
    with sessions.begin() as session:
        audit.record(session, _history(session), "x", person_id=1, now=NOON, detail={"reason": "乌云"})
        stored = session.execute(text("SELECT detail FROM audit_entry")).scalars().all()
        assert all(value.startswith("k1:") for value in stored)


def test_a_history_that_nobody_touched_holds(store: Sessions) -> None:
    with store.begin() as session:
        case_id = _history(session)
    with store.begin() as session:
        assert audit.first_fault(session, case_id) is None
        assert [entry.seq for entry in audit.of_case(session, case_id)] == list(range(1, LENGTH + 1))


def test_the_histories_of_two_cases_are_two(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first, second = _history(session, 2), _history(session, 3)
        audit.record(session, first, "x", person_id=1, now=NOON)
        assert [len(audit.of_case(session, case)) for case in (first, second)] == [3, 3]
        assert audit.first_fault(session, first) is None and audit.first_fault(session, second) is None


@pytest.mark.parametrize("place", [1, 3, LENGTH])
@pytest.mark.parametrize("column", COVERED)
def test_a_changed_column_is_found(store: Sessions, column: str, place: int) -> None:
    with store() as session:
        case_id = _history(session)
        row = _rows(session, case_id)[place - 1]
        other = _changed(session, row, column)
        if column == "case_id":  # the place in the other chain must be free
            session.execute(delete(AuditEntry).where(col(AuditEntry.case_id) == other))
        session.execute(update(AuditEntry).where(col(AuditEntry.id) == row.id).values({column: other}))
        session.expire_all()
        assert audit.first_fault(session, case_id) == place
        session.rollback()


@pytest.mark.parametrize("token", ["", "k1:AAAA", "geheim"])
def test_a_detail_that_cannot_be_read_is_a_fault_and_no_crash(sessions: Sessions, token: str) -> None:
    with sessions.begin() as session:
        case_id = _history(session)
        _rows(session, case_id)[1].detail = token
        session.flush()
        assert audit.first_fault(session, case_id) == 2


@pytest.mark.parametrize(
    ("gone", "fault"), [({1}, 1), ({3}, 3), ({LENGTH}, LENGTH), ({4, 5}, 4), ({2, 4}, 2)]
)
def test_a_missing_entry_is_found_also_the_last(store: Sessions, gone: set[int], fault: int) -> None:
    with store.begin() as session:
        case_id = _history(session)
        session.execute(
            delete(AuditEntry).where(col(AuditEntry.case_id) == case_id, col(AuditEntry.seq).in_(gone))
        )
        assert audit.first_fault(session, case_id) == fault


def test_a_history_that_is_gone_is_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        case_id = _history(session)
        session.execute(delete(AuditEntry))
        assert audit.first_fault(session, case_id) == 1


def test_the_end_of_another_case_does_not_stand_for_ones_own(sessions: Sessions) -> None:
    with sessions.begin() as session:
        case_id, other = _history(session, 3), _history(session, 2)
        session.execute(
            delete(AuditEntry).where(col(AuditEntry.case_id) == case_id, col(AuditEntry.seq) == 3)
        )
        session.get_one(Case, case_id).history_end = session.get_one(Case, other).history_end
        assert audit.first_fault(session, case_id) == 3


@EXAMPLES
@given(order=st.permutations(range(1, LENGTH + 1)))
def test_another_order_is_found(sessions: Sessions, order: list[int]) -> None:
    with sessions() as session:
        case_id = _history(session)
        rows = _rows(session, case_id)
        for shift in (100, 0):  # in two steps: no place is taken twice
            for row, place in zip(rows, order, strict=True):
                row.seq = place + shift
            session.flush()
        in_order = order == sorted(order)
        assert (audit.first_fault(session, case_id) is None) is in_order
        session.rollback()


@EXAMPLES
@given(place=st.integers(1, LENGTH), renumbered=st.booleans())
def test_an_entry_that_is_slipped_in_is_found(sessions: Sessions, place: int, renumbered: bool) -> None:
    """A copy of a true one; the others make room for it or it stands at the end."""
    with sessions() as session:
        case_id = _history(session)
        rows = _rows(session, case_id)
        copy = AuditEntry(**rows[place - 1].model_dump(exclude={"id"}))
        copy.seq = LENGTH + 1
        if renumbered:
            for row in reversed(rows[place:]):
                row.seq += 1
                session.flush()
            copy.seq = place + 1
        session.add(copy)
        session.flush()
        assert audit.first_fault(session, case_id) == copy.seq
        session.rollback()


def test_an_entry_of_another_course_of_events_is_found(sessions: Sessions) -> None:
    """One that was true once, out of an older copy of the database, and was followed by something else."""
    with sessions() as session:
        case_id = _history(session, 2)
        with session.begin_nested() as undone:
            audit.record(session, case_id, "refuse", person_id=1, now=NOON)
            other = _rows(session, case_id)[2].model_dump(exclude={"id"})
            undone.rollback()
        for action in ("pass", "pass"):
            audit.record(session, case_id, action, person_id=1, now=NOON)
        assert audit.first_fault(session, case_id) is None
        for name, value in other.items():
            setattr(_rows(session, case_id)[2], name, value)
        session.flush()
        assert audit.of_case(session, case_id)[2].action == "refuse"
        assert audit.first_fault(session, case_id) == 4
        session.rollback()


def test_sealing_anew_with_another_key_leaves_the_history_as_it_was(sessions: Sessions) -> None:
    with sessions() as session:
        case_id = _history(session)
        session.info["keyring"] = keyring_of(session).with_new_key()
        for row in _rows(session, case_id):
            row.detail = seal(session, unseal(session, row.detail))
        session.flush()
        assert all(row.detail.startswith("k2:") for row in _rows(session, case_id))
        assert audit.first_fault(session, case_id) is None
        session.rollback()


def test_two_entries_cannot_have_one_place(store: Sessions) -> None:
    with store.begin() as session:
        case_id = _history(session)
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(AuditEntry(**_rows(session, case_id)[0].model_dump(exclude={"id"})))


def test_nothing_is_written_about_a_case_that_is_not_there(store: Sessions) -> None:
    with pytest.raises(Exception, match=r"foreign|FOREIGN|No row"), store.begin() as session:
        audit.record(session, 4711, "report", person_id=None, now=NOON)
