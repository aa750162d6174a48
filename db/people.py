"""Who somebody is, across channels."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from db.access import AREA_LEVELS, Role, fits
from db.inbox import add_missing
from db.models import Identity, Person


class WrongAreaError(Exception):
    """The role is bound to areas of another level, or to none."""


def find(session: Session, identity: str) -> Person | None:
    """The person behind a channel's id; None for a visitor and for somebody switched off."""
    person = owner(session, identity)
    return person if person and person.active else None


def owner(session: Session, identity: str) -> Person | None:
    """The person behind a channel's id, also one who was switched off."""
    known = session.connection().execute(_OWNER, {"identity": identity}).scalar_one_or_none()
    return session.get(Person, known) if known is not None else None


_OWNER = select(col(Identity.person_id)).where(col(Identity.id) == bindparam("identity"))  # in every turn


def get(session: Session, person_id: int) -> Person | None:
    return session.get(Person, person_id)


def listed(session: Session, *, offset: int = 0, limit: int | None = None) -> list[Person]:
    """Everybody in the order in which they came."""
    wanted = select(Person).order_by(col(Person.id)).offset(offset).limit(limit)
    return list(session.execute(wanted).scalars())


def count(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(Person)).scalar_one())


def channels(session: Session, person: Person) -> list[str]:
    """The names of the channels that the person uses, without ids."""
    known = select(col(Identity.id)).where(col(Identity.person_id) == person.id)
    ids = session.execute(known.order_by(col(Identity.linked_at))).scalars()
    return list(dict.fromkeys(identity.partition(":")[0] for identity in ids))


def create(session: Session, *, role: Role, area: str, name: str, now: dt.datetime) -> Person:
    person = Person(name=name, role=role, area=area, created_at=now)
    session.add(person)
    session.flush()
    return person


def add_channel(session: Session, person: Person, identity: str, *, now: dt.datetime) -> None:
    """Nothing happens when the id is somebody's already."""
    add_missing(session, Identity, [{"id": identity, "person_id": person.id, "linked_at": now}])


def has_administrator(session: Session) -> bool:
    return session.execute(administrators().limit(1)).first() is not None


def administrators() -> Select[int | None]:
    """The ids of those who are active, in their order."""
    wanted = select(col(Person.id)).where(col(Person.role) == Role.ADMINISTRATOR, col(Person.active))
    return wanted.order_by(col(Person.id))


def require_area(role: Role, area: str) -> None:
    """Raises WrongAreaError when somebody in that role cannot be bound to the area ("" for none)."""
    if not fits(role, area):
        wanted = AREA_LEVELS.get(role, "no area")
        raise WrongAreaError(f"area {area!r} of a {role}: expected {wanted}")


def known_id(person: Person) -> int:
    assert person.id is not None  # only before it is stored
    return person.id


def web_identity(person: Person) -> str:
    """How the web chat knows a person who signed in there; also the id of the chat."""
    return f"web:p{known_id(person)}"
