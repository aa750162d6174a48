"""Help that a household gets."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlmodel import Session, col

from db import workflow
from db.cases import is_open, known_id
from db.crypto import seal
from db.models import Person
from db.models_cases import Case, Measure
from db.people import known_id as person_id

HELPED = ("helping", "exit_township", "exit_banner", "exited")


class TooEarlyError(Exception):
    """The household is not registered yet, and the rule "help first" is not claimed for it."""


def start(
    session: Session,
    case: Case,
    measure: str,
    *,
    actor: Person,
    started_on: dt.date,
    now: dt.datetime,
    note: str = "",
) -> Measure:
    """Write down that a measure began. Before registration only where help comes first (M09).

    Raises TooEarlyError.
    """
    early = case.step not in HELPED
    if early and not (case.help_first and is_open(case)):
        raise TooEarlyError(f"case {case.number} is at {case.step}: a measure needs registration")
    row = Measure(
        case_id=known_id(case), measure=measure, note=seal(session, note) if note else "",
        started_on=started_on, before_procedure=early, recorded_by=person_id(actor), recorded_at=now,
    )  # fmt: skip
    session.add(row)
    workflow.change(session, case, "measure_started", actor=actor, now=now, detail={"measure": measure})
    return row


def end(session: Session, case: Case, row: Measure, *, actor: Person, on: dt.date, now: dt.datetime) -> None:
    row.ended_on = on
    workflow.change(session, case, "measure_ended", actor=actor, now=now, detail={"measure": row.measure})


def of_case(session: Session, case: Case) -> list[Measure]:
    """Oldest first."""
    wanted = select(Measure).where(col(Measure.case_id) == case.id).order_by(col(Measure.id))
    return list(session.execute(wanted).scalars())


def running(session: Session, case: Case) -> list[Measure]:
    return [row for row in of_case(session, case) if row.ended_on is None]
