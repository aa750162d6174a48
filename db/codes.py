"""Codes that work once: invitations, and further channels of a person."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlmodel import Session, col, or_

from db import people
from db.access import Role
from db.models import Code, Person

INVITATION_LIFETIME = dt.timedelta(days=7)
LINK_LIFETIME = dt.timedelta(minutes=10)
_SECRET_BYTES = 16


class Purpose(StrEnum):
    INVITE = "invite"
    FIRST = "first"  # an invitation that is void as soon as there is an administrator
    LINK = "link"


class Refusal(StrEnum):
    """Why a code was not taken. Only the first three are final; the others leave the code as it was."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    KNOWN = "known"  # the channel belongs to somebody already, who cannot be invited again
    SWITCHED_OFF = "switched_off"  # the channel's owner, or whom the code would link it to


def invite(
    session: Session, *, role: Role, area: str, name: str, created_by: int | None, now: dt.datetime
) -> str:
    """Make an invitation. Raises WrongAreaError when the role cannot be bound to the area."""
    people.require_area(role, area)
    return _make(
        session,
        Code(
            hash="", purpose=Purpose.INVITE, role=role, area=area, name=name, created_by=created_by,
            created_at=now, expires_at=now + INVITATION_LIFETIME,
        ),
    )  # fmt: skip


def invite_first_administrator(session: Session, *, now: dt.datetime) -> str | None:
    """Make an invitation for the first administrator; None when there is one already."""
    if people.has_administrator(session):
        return None
    return _make(
        session,
        Code(
            hash="", purpose=Purpose.FIRST, role=Role.ADMINISTRATOR, created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        ),
    )  # fmt: skip


def link(session: Session, person_id: int, *, now: dt.datetime) -> str:
    """Make a code that adds a channel to the person, or signs in a browser."""
    return _make(
        session,
        Code(
            hash="", purpose=Purpose.LINK, person_id=person_id, created_by=person_id,
            created_at=now, expires_at=now + LINK_LIFETIME,
        ),
    )  # fmt: skip


def redeem(session: Session, secret: str, identity: str | None, *, now: dt.datetime) -> Person | Refusal:
    """Take a code and let the channel's id be the person's from now on.

    An invitation makes a new person; a link code joins the channel to the person who asked for it. A
    channel that belongs to somebody keeps its owner: roles are changed by an administrator, not by a
    second invitation. `identity` None is a browser, which gets the id that `people.web_identity` names.
    """
    code = session.get(Code, _hash(secret))
    if code is None:
        return Refusal.UNKNOWN
    if refusal := _refusal(session, code, identity, now):
        return refusal
    if not _take(session, code, now):
        return Refusal.USED
    person = _person_of(session, code, now)
    people.add_channel(session, person, identity or people.web_identity(person), now=now)
    return person


def revoke(session: Session, secret: str, *, now: dt.datetime) -> None:
    """Make a code worthless that others have seen."""
    session.execute(_taking(_hash(secret), now))


def forget_unused(session: Session, person_id: int) -> None:
    """Delete what the person has made and nobody has used yet."""
    session.execute(
        delete(Code).where(
            or_(col(Code.created_by) == person_id, col(Code.person_id) == person_id),
            col(Code.used_at).is_(None),
        )
    )


def _make(session: Session, code: Code) -> str:
    # Base32: nothing in it that a keyboard, a link or a hasty eye could get wrong.
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip("=").lower()
    code.hash = _hash(secret)
    session.add(code)
    session.flush()
    return secret


def _hash(secret: str) -> str:
    """128 random bits cannot be guessed from it, so it needs no salt."""
    return hashlib.sha256(secret.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def _refusal(session: Session, code: Code, identity: str | None, now: dt.datetime) -> Refusal | None:
    if code.used_at is not None or (code.purpose == Purpose.FIRST and people.has_administrator(session)):
        return Refusal.USED
    if code.expires_at <= now:
        return Refusal.EXPIRED
    owner = people.owner(session, identity) if identity else None
    linked = session.get(Person, code.person_id) if code.person_id else None
    if any(person and not person.active for person in (owner, linked)):
        return Refusal.SWITCHED_OFF
    return Refusal.KNOWN if owner and owner is not linked else None


def _take(session: Session, code: Code, now: dt.datetime) -> bool:
    """Whether it is ours: of several at once, the database lets one win."""
    taken = session.execute(_taking(code.hash, now))
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def _taking(hash_: str, now: dt.datetime) -> Any:
    unused = (col(Code.hash) == hash_, col(Code.used_at).is_(None))
    return update(Code).where(*unused).values(used_at=now).execution_options(synchronize_session=False)


def _person_of(session: Session, code: Code, now: dt.datetime) -> Person:
    if code.person_id is None:
        return people.create(session, role=Role(code.role), area=code.area, name=code.name, now=now)
    person = session.get(Person, code.person_id)
    assert person is not None  # a foreign key
    return person
