"""Changing and switching off people, so that what they held is void at once."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from db import codes, web_sessions
from db.access import AREA_LEVELS, Action, Role, may
from db.models import Person
from db.people import administrators, known_id, require_area


class LastAdministratorError(Exception):
    """Nobody would be left who can manage people."""


def change(
    session: Session,
    person: Person,
    *,
    role: Role | None = None,
    area: str | None = None,
    name: str | None = None,
) -> None:
    """Change what is given. A role that is bound to no area drops the one that was.

    Raises:
        WrongAreaError: role and area would not go together.
        LastAdministratorError: nobody would be left who can manage people.
    """
    role = role or Role(person.role)
    area = area if area is not None else person.area if role in AREA_LEVELS else ""
    require_area(role, area)
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, person)
    person.role, person.area, person.name = role, area, person.name if name is None else name
    if not may(person, Action.MANAGE_PEOPLE):
        codes.forget_unused(session, known_id(person))
    session.flush()


def switch_off(session: Session, person: Person, *, now: dt.datetime) -> None:
    """Let the person do nothing any more, in no channel. Raises LastAdministratorError."""
    _keep_an_administrator(session, person)
    person.active = False
    codes.forget_unused(session, known_id(person))
    web_sessions.revoke_person(session, known_id(person), now=now)
    session.flush()


def switch_on(session: Session, person: Person) -> None:
    """Sessions in browsers stay ended; the person signs in anew."""
    person.active = True
    session.flush()


def _keep_an_administrator(session: Session, person: Person) -> None:
    """Raises LastAdministratorError. Locked, so that two do not leave at the same moment."""
    left = session.execute(administrators().with_for_update()).scalars().all()
    if list(left) == [person.id]:
        raise LastAdministratorError(f"person {person.id} is the last active administrator")
