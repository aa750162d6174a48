"""Browsers: signed in as a person, or asking without a name."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from db import codes, people
from db.models import Identity, Person, WebSession

_SECRET_BYTES = 32


def open_session(session: Session, *, chat: str, person_id: int | None, now: dt.datetime, days: int) -> str:
    """Remember a browser and return the secret for its cookie."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        WebSession(
            hash=_hash(token), chat=chat, person_id=person_id, created_at=now,
            expires_at=now + dt.timedelta(days=days),
        )
    )  # fmt: skip
    session.flush()
    return token


def anonymous_chat() -> str:
    """The id of a new chat of somebody who asks without a name."""
    return f"web:a{secrets.token_hex(16)}"


def find(session: Session, token: str, now: dt.datetime) -> WebSession | None:
    """The browser with this secret, unless its time is over or its person was switched off."""
    known = session.get(WebSession, _hash(token))
    if known is None or known.revoked_at is not None or known.expires_at <= now:
        return None
    person = session.get(Person, known.person_id) if known.person_id else None
    return None if person and not person.active else known


def sign_in(session: Session, code: str, now: dt.datetime, days: int) -> tuple[str, WebSession] | None:
    """Take an invitation or a link code; None when it is refused (codes.redeem says why)."""
    person = codes.redeem(session, code, None, now=now)
    if isinstance(person, codes.Refusal):
        return None
    token = open_session(session, chat=people.web_identity(person), person_id=person.id, now=now, days=days)
    opened = session.get(WebSession, _hash(token))
    assert opened is not None  # stored just now
    return token, opened


def extend(session: Session, token: str, now: dt.datetime, days: int) -> None:
    """Let the browser stay signed in for so many days from now."""
    session.execute(
        update(WebSession)
        .where(col(WebSession.hash) == _hash(token), col(WebSession.revoked_at).is_(None))
        .values(expires_at=now + dt.timedelta(days=days))
    )


def revoke(session: Session, token: str, now: dt.datetime) -> None:
    _end(session, col(WebSession.hash) == _hash(token), now=now)


def revoke_person(session: Session, person_id: int, now: dt.datetime) -> None:
    """End all sessions of a person, also of a browser that became theirs by a code typed into its chat."""
    own = select(col(Identity.id)).where(col(Identity.person_id) == person_id)
    _end(session, or_(col(WebSession.person_id) == person_id, col(WebSession.chat).in_(own)), now=now)


def _end(session: Session, which: ColumnElement[bool], *, now: dt.datetime) -> None:
    session.execute(
        update(WebSession).where(which, col(WebSession.revoked_at).is_(None)).values(revoked_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
