"""Filled forms about a case. The newest of a form and item counts; the older ones are its history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.crypto import seal, unseal
from db.models_cases import CaseEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled form with its answers open, by field."""

    form: str
    item: str
    answers: Mapping[str, Any]
    recorded_by: int
    recorded_at: dt.datetime


def record(
    session: Session,
    case_id: int,
    form: str,
    answers: Mapping[str, Any],
    *,
    person_id: int,
    now: dt.datetime,
    item: str = "",
) -> None:
    sealed = seal(session, json.dumps(dict(answers), ensure_ascii=False))
    session.add(
        CaseEntry(
            case_id=case_id, form=form, item=item, answers=sealed, recorded_by=person_id, recorded_at=now
        )
    )
    session.flush()


def newest(session: Session, case_id: int, form: str, item: str = "") -> Entry | None:
    wanted = select(CaseEntry).where(
        col(CaseEntry.case_id) == case_id, col(CaseEntry.form) == form, col(CaseEntry.item) == item
    )
    row = session.execute(wanted.order_by(col(CaseEntry.id).desc()).limit(1)).scalar_one_or_none()
    return _open(session, row) if row else None


def current(session: Session, case_id: int, form: str = "") -> list[Entry]:
    """The newest entry of each form and item, in the order in which the items first came."""
    wanted = select(CaseEntry).where(col(CaseEntry.case_id) == case_id)
    if form:
        wanted = wanted.where(col(CaseEntry.form) == form)
    found: dict[tuple[str, str], CaseEntry] = {}
    for row in session.execute(wanted.order_by(col(CaseEntry.id))).scalars():
        found[row.form, row.item] = row
    return [_open(session, row) for row in found.values()]


def _open(session: Session, row: CaseEntry) -> Entry:
    answers = json.loads(unseal(session, row.answers))
    return Entry(row.form, row.item, answers, row.recorded_by, row.recorded_at)


def last(session: Session, case_id: int, form: str) -> Entry | None:
    """The newest entry of a form, whatever its item."""
    wanted = select(CaseEntry).where(col(CaseEntry.case_id) == case_id, col(CaseEntry.form) == form)
    row = session.execute(wanted.order_by(col(CaseEntry.id).desc()).limit(1)).scalar_one_or_none()
    return _open(session, row) if row else None
