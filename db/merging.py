"""Two cases of one household: the one goes into the other, and out again. Nothing of either is moved."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from db import workflow
from db.access import Action, reach
from db.cases import CLOSED, is_open, known_id
from db.models import Person
from db.models_cases import Case
from db.workflow import Move, StaleCaseError

_TOWNSHIP_DIGITS = 9


class NotMergeableError(Exception):
    """A case into itself, or into one that is closed."""


def merge(
    session: Session,
    case: Case,
    into: Case,
    *,
    actor: Person,
    expected_versions: tuple[int, int],
    now: dt.datetime,
) -> None:
    """Raises NotMergeableError, and what `workflow.move_case` raises, for either case."""
    if case.id == into.id:
        raise NotMergeableError(f"case {case.number} into itself")
    into = _lock_both(session, case, into)
    if into.version != expected_versions[1]:
        raise StaleCaseError(into)
    if not is_open(into):
        raise NotMergeableError(f"case {into.number} is at {into.step}: it must be open")
    move = Move("merge", reason=str(into.number))
    case = workflow.move_case(
        session, case, move, actor=actor, expected_version=expected_versions[0], now=now
    )
    case.merged_into = into.id
    workflow.change(session, into, "merged_in", actor=actor, now=now, detail={"number": case.number})


def undo(session: Session, case: Case, *, actor: Person, expected_version: int, now: dt.datetime) -> Case:
    """Put a merged case back to where it was. Raises like `workflow.move_case`."""
    into = session.get(Case, case.merged_into) if case.merged_into else None
    if into is not None:
        into = _lock_both(session, case, into)
    case = workflow.move_case(
        session, case, Move("unmerge"), actor=actor, expected_version=expected_version, now=now
    )
    case.merged_into = None
    if into is not None:
        workflow.change(session, into, "merged_out", actor=actor, now=now, detail={"number": case.number})
    return case


def likely(session: Session, person: Person | None, *, limit: int = 9) -> list[tuple[Case, Case]]:
    """Open cases that may be one household, the newer one first: the same ID number, or the same name
    in one township. At most `limit` pairs, the newest first.
    """
    newer, older = aliased(Case), aliased(Case)
    township = func.substr(col(newer.area), 1, _TOWNSHIP_DIGITS) == func.substr(
        col(older.area), 1, _TOWNSHIP_DIGITS
    )
    same = (
        (col(newer.id_hash) == col(older.id_hash)) & (col(newer.id_hash) != ""),
        (col(newer.name_hash) == col(older.name_hash)) & (col(newer.name_hash) != "") & township,
    )
    found: dict[tuple[int, int], tuple[Case, Case]] = {}
    for alike in same:
        pairs = (
            select(newer, older)
            .where(col(newer.id) > col(older.id), alike)
            .where(col(newer.step).not_in(CLOSED), col(older.step).not_in(CLOSED))
            .where(reach(person, Action.MERGE_CASES, col(newer.area)))
            .where(reach(person, Action.MERGE_CASES, col(older.area)))
            .order_by(col(newer.id).desc(), col(older.id))
            .limit(limit)
        )
        found |= {(known_id(a), known_id(b)): (a, b) for a, b in session.execute(pairs)}
    return list(found.values())[:limit]


def _lock_both(session: Session, case: Case, into: Case) -> Case:
    """In the order of their ids, whoever asks; returns the second."""
    locked = {number: workflow.lock(session, number) for number in sorted((known_id(case), known_id(into)))}
    return locked[known_id(into)]
