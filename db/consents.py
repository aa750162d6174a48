"""That a household lets its data be compared: a record of its own, before any comparison."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from db import workflow
from db.cases import known_id
from db.crypto import seal, unseal
from db.models import Person
from db.models_cases import Case, Consent
from db.people import known_id as person_id


@dataclass(frozen=True, slots=True)
class Given:
    """Who agreed, how ("signed", "spoken", "witnessed"), for what, when; `guardian_for` names a child."""

    given_by: str
    manner: str
    purpose: str
    given_on: dt.date
    guardian_for: str = ""


def record(session: Session, case: Case, given: Given, *, actor: Person, now: dt.datetime) -> None:
    session.add(
        Consent(
            case_id=known_id(case), given_by=seal(session, given.given_by),
            guardian_for=seal(session, given.guardian_for) if given.guardian_for else "",
            manner=given.manner, purpose=given.purpose, given_on=given.given_on,
            recorded_by=person_id(actor), recorded_at=now,
        )
    )  # fmt: skip
    workflow.change(session, case, "consent_given", actor=actor, now=now, detail={"manner": given.manner})


def withdraw(session: Session, case: Case, *, actor: Person, now: dt.datetime) -> None:
    """From now on nothing is compared any more; what was done before stays in the history."""
    supersede(session, case, now=now)
    workflow.change(session, case, "consent_withdrawn", actor=actor, now=now, detail={})


def supersede(session: Session, case: Case, *, now: dt.datetime) -> None:
    """An earlier consent no longer counts: another is recorded in its place at once."""
    valid = update(Consent).where(col(Consent.case_id) == case.id, col(Consent.withdrawn_at).is_(None))
    session.execute(valid.values(withdrawn_at=now))


def of_case(session: Session, case: Case) -> list[tuple[Consent, Given]]:
    """All of them, oldest first, each with its names open."""
    wanted = select(Consent).where(col(Consent.case_id) == case.id).order_by(col(Consent.id))
    return [(row, _open(session, row)) for row in session.execute(wanted).scalars()]


def _open(session: Session, row: Consent) -> Given:
    child = unseal(session, row.guardian_for) if row.guardian_for else ""
    return Given(unseal(session, row.given_by), row.manner, row.purpose, row.given_on, child)
