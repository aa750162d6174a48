"""What identifies a household: changed and revealed with an entry in the case's history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from sqlmodel import Session

from db import audit, workflow
from db.cases import known_id, set_name, set_numbers
from db.crypto import unseal
from db.masking import masked_name, masked_number
from db.models import Person
from db.models_cases import Case
from db.people import known_id as person_id


class Field(StrEnum):
    """Codes as the report form has them."""

    HEAD = "head"
    ID_NUMBER = "id_number"
    PHONE = "phone"


def value(session: Session, case: Case, field: Field) -> str:
    """The open value; "" when there is none."""
    stored = {Field.HEAD: case.head_name, Field.ID_NUMBER: case.id_number, Field.PHONE: case.phone}
    return unseal(session, stored[field])


def masked(field: Field, plain: str) -> str:
    return masked_name(plain) if field is Field.HEAD else masked_number(plain)


def change(
    session: Session, case: Case, given: Mapping[Field, str], *, actor: Person, now: dt.datetime
) -> tuple[Field, ...]:
    """Store the values that differ and return which; the history keeps old and new masked."""
    case = workflow.lock(session, known_id(case))
    before = {field: value(session, case, field) for field in given}
    changed = tuple(field for field in given if given[field] != before[field])
    if not changed:
        return ()
    if Field.HEAD in changed:
        set_name(session, case, given[Field.HEAD])
    numbers = {field.value: given[field] for field in changed if field is not Field.HEAD}
    set_numbers(session, case, **numbers)
    detail = {field.value: [masked(field, before[field]), masked(field, given[field])] for field in changed}
    workflow.change(session, case, "personal", actor=actor, now=now, detail=detail)
    return changed


def reveal(
    session: Session, case: Case, field: Field, *, actor: Person, reason: str, now: dt.datetime
) -> str:
    """The open value of one field, written down with the reason. The case itself stays as it is."""
    case = workflow.lock(session, known_id(case))
    audit.record(
        session, known_id(case), "reveal", person_id=person_id(actor), now=now, from_step=case.step,
        to_step=case.step, detail={"field": field.value, "reason": reason},
    )  # fmt: skip
    return value(session, case, field)


def looked(session: Session, case: Case, what: str, *, actor: Person, now: dt.datetime) -> None:
    """Write down that somebody else than the reporter read what happened ("story"), or saw the "photos"."""
    if case.reported_by == actor.id:
        return
    workflow.lock(session, known_id(case))
    audit.record(
        session, known_id(case), "looked", person_id=person_id(actor), now=now, from_step=case.step,
        to_step=case.step, detail={"what": what},
    )  # fmt: skip
