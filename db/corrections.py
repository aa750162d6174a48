"""What a report said of a household, put right after it was returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from db import workflow
from db.cases import NewCase, known_id, risks, set_name, set_numbers
from db.crypto import seal, unseal
from db.masking import masked_name, masked_number
from db.models import Person
from db.models_cases import Case, CaseRisk

_PLAIN = ("size", "capacity", "source", "department", "urgent")


def correct(
    session: Session, case: Case, new: NewCase, fields: Sequence[str], *, actor: Person, now: dt.datetime
) -> tuple[str, ...]:
    """Take over these fields (codes of the report form) from `new`, and return those that differ.

    The history keeps old and new; of a name and of numbers both masked. Written down even if nothing
    differs: whoever returned the case learns that somebody has looked again.
    """
    case = workflow.lock(session, known_id(case))
    before = _values(session, case)
    _take_over(session, case, new, fields)
    after = _values(session, case)
    changed = {field: [before[field], after[field]] for field in fields if before[field] != after[field]}
    detail = {"changed": {field: [_shown(field, value) for value in both] for field, both in changed.items()}}
    workflow.change(session, case, "correction", actor=actor, now=now, detail=detail)
    return tuple(changed)


def _values(session: Session, case: Case) -> dict[str, Any]:
    """By the codes of the report form."""
    known = {field: getattr(case, field) for field in _PLAIN}
    return known | {
        "place": {"code": case.area, "typed": unseal(session, case.place_typed)},
        "head": unseal(session, case.head_name),
        "risks": list(risks(session, [known_id(case)])[known_id(case)]),
        "narrative": unseal(session, case.narrative),
        "id_number": unseal(session, case.id_number),
        "phone": unseal(session, case.phone),
    }


def _take_over(session: Session, case: Case, new: NewCase, fields: Sequence[str]) -> None:
    for field in fields:
        if field in _PLAIN:
            setattr(case, field, getattr(new, field))
    if "place" in fields:
        case.area, case.place_typed = new.area, seal(session, new.place_typed)
    if "head" in fields:
        set_name(session, case, new.head_name)
    if "narrative" in fields:
        case.narrative = seal(session, new.narrative)
    if "risks" in fields:
        session.execute(delete(CaseRisk).where(col(CaseRisk.case_id) == case.id))
        session.add_all(CaseRisk(case_id=known_id(case), risk=risk) for risk in dict.fromkeys(new.risks))
    if {"risks", "urgent"}.intersection(fields):
        case.help_first = new.help_first
    set_numbers(
        session, case,
        id_number=new.id_number if "id_number" in fields else "",
        phone=new.phone if "phone" in fields else "",
    )  # fmt: skip
    session.flush()


def _shown(field: str, value: Any) -> Any:
    masked: Mapping[str, Any] = {"head": masked_name, "id_number": masked_number, "phone": masked_number}
    return masked[field](value) if field in masked else value
