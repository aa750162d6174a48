"""Households that are to be looked at again: every quarter, and at the end of the year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from db.access import Action, reach, within
from db.days import CHINA
from db.models import Person
from db.models_cases import Case, CaseEntry

WATCHED_STEPS = ("helping", "exit_township", "exit_banner")
QUARTERLY, ANNUAL = "quarterly", "annual"
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter ("2026Q4") or a year ("2026"), with its first and last day."""

    form: str
    name: str
    first: dt.date
    last: dt.date

    @property
    def before(self) -> Period:
        return period(self.form, self.first - dt.timedelta(days=1))


def period(form: str, day: dt.date) -> Period:
    """The quarter or year in which the day lies."""
    if form == ANNUAL:
        return Period(form, str(day.year), dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))
    quarter = (day.month - 1) // _MONTHS
    first = dt.date(day.year, quarter * _MONTHS + 1, 1)
    following = dt.date(day.year + quarter // 3, (quarter * _MONTHS + _MONTHS) % 12 + 1, 1)
    return Period(form, f"{day.year}Q{quarter + 1}", first, following - dt.timedelta(days=1))


def due(
    session: Session, person: Person, wanted: Period, *, offset: int = 0, limit: int | None = None
) -> list[Case]:
    """The households of the person's area that were not looked at in the period, by village."""
    rows = _due(person, wanted).order_by(col(Case.area), col(Case.id)).offset(offset).limit(limit)
    return list(session.execute(rows).scalars())


def count_due(session: Session, person: Person, wanted: Period) -> int:
    counted = select(func.count()).select_from(_due(person, wanted).subquery())
    return int(session.execute(counted).scalar_one())


def due_by_village(session: Session, scope: str, wanted: Period) -> dict[str, int]:
    """How many are due in each village of an area, in the order of their codes."""
    rows = (
        select(col(Case.area), func.count())
        .where(within(scope, col(Case.area)), *_open(wanted))
        .group_by(col(Case.area))
        .order_by(col(Case.area))
    )
    return {area: int(number) for area, number in session.execute(rows)}


def is_due(session: Session, case: Case, wanted: Period) -> bool:
    found = select(col(Case.id)).where(col(Case.id) == case.id, *_open(wanted))
    return session.execute(found).first() is not None


def _due(person: Person, wanted: Period) -> Select[Case]:
    return select(Case).where(reach(person, Action.SEE_CASES, col(Case.area)), *_open(wanted))


def _open(wanted: Period) -> tuple[ColumnElement[bool], ...]:
    """Watched, identified and known here before the period ended, and without an entry for it."""
    ended = dt.datetime.combine(wanted.last + dt.timedelta(days=1), dt.time(), CHINA)
    watched = or_(
        col(Case.step).in_(WATCHED_STEPS),
        and_(col(Case.step) == "exited", col(Case.category) == "unstable"),
    )
    done = exists().where(
        col(CaseEntry.case_id) == col(Case.id),
        col(CaseEntry.form) == wanted.form,
        col(CaseEntry.item) == wanted.name,
    )
    return watched, col(Case.identified_on) <= wanted.last, col(Case.created_at) < ended, ~done
