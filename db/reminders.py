"""That somebody is reminded of something at most once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from db.access import AREA_LEVELS, Role
from db.models import Person
from db.models_cases import Case, Reminder
from db.people import known_id


def claim(session: Session, person: Person, kind: str, period: str, *, now: dt.datetime) -> bool:
    """Whether this reminder is ours to send: the first to ask gets it, in whatever process."""
    insert = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    values = {"person_id": known_id(person), "kind": kind, "period": period, "sent_at": now}
    claiming = insert(Reminder).values(**values).on_conflict_do_nothing().returning(col(Reminder.id))
    return session.execute(claiming).first() is not None


def bound_people(session: Session) -> list[Person]:
    """Active people who are bound to an area, in their order."""
    roles = [role for role in Role if role in AREA_LEVELS]
    wanted = select(Person).where(col(Person.active), col(Person.role).in_(roles), col(Person.area) != "")
    return list(session.execute(wanted.order_by(col(Person.id))).scalars())


def overdue(session: Session, today: dt.date, *, limit: int) -> list[Case]:
    """Cases whose local time limit has passed, the oldest limit first."""
    late = select(Case).where(col(Case.due_on) < today)
    return list(session.execute(late.order_by(col(Case.due_on), col(Case.id)).limit(limit)).scalars())
