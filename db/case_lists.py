"""Cases for lists: how many lie where, what the digits of a list line mean, what belongs together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.access import Action, reach
from db.models import Person
from db.models_cases import Case, CaseFile, Report

YEAR_DIGITS = 2  # at the head of a number
_MOST_DIGITS = 10  # an id that PostgreSQL's integer holds, and the check digit


def areas(session: Session, person: Person) -> list[tuple[str, int]]:
    """The areas in which the person sees cases, in the order of their codes, with how many there are."""
    counted = select(col(Case.area), func.count()).where(reach(person, Action.SEE_CASES, col(Case.area)))
    rows: Any = session.execute(counted.group_by(col(Case.area)).order_by(col(Case.area)))
    return [(area, number) for area, number in rows]


def short_number(number: str) -> str:
    """What a list shows of it: without the year and the zeros that follow."""
    return number[YEAR_DIGITS:].lstrip("0")


def by_short_number(session: Session, person: Person, digits: str) -> Case | None:
    """The case whose number a list shows so, if the person may see it."""
    if not 2 <= len(digits) <= _MOST_DIGITS:
        return None
    visible = select(Case).where(reach(person, Action.SEE_CASES, col(Case.area)))
    case = session.execute(visible.where(col(Case.id) == int(digits[:-1]))).scalar_one_or_none()
    return case if case and short_number(str(case.number)) == digits.lstrip("0") else None


def merged_into(session: Session, case: Case) -> list[Case]:
    """Those that an administrator has joined to it."""
    wanted = select(Case).where(col(Case.merged_into) == case.id).order_by(col(Case.id))
    return list(session.execute(wanted).scalars())


def reports_of(session: Session, case: Case) -> list[Report]:
    """Oldest first."""
    wanted = select(Report).where(col(Report.case_id) == case.id).order_by(col(Report.id))
    return list(session.execute(wanted).scalars())


def count_reports(session: Session, case: Case) -> int:
    wanted = select(func.count()).select_from(Report).where(col(Report.case_id) == case.id)
    return int(session.execute(wanted).scalar_one())


def count_photos(session: Session, case: Case) -> int:
    wanted = select(func.count()).select_from(CaseFile).where(col(CaseFile.case_id) == case.id)
    return int(session.execute(wanted).scalar_one())
