"""Links to a page of our own that work once, for one person and one draft or case."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from enum import StrEnum

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col

from db.crypto import seal, unseal
from db.models_cases import SecureLink

LIFETIME = dt.timedelta(minutes=15)
_SECRET_BYTES = 16


class Purpose(StrEnum):
    FILL = "fill"  # write into a draft or a case, and read nothing
    REVEAL = "reveal"  # read one value of a case


class LinkState(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"


def make(
    session: Session,
    person_id: int,
    chat: str,
    purpose: Purpose,
    *,
    draft_id: int | None = None,
    case_id: int | None = None,
    detail: str = "",
    now: dt.datetime,
    lifetime: dt.timedelta = LIFETIME,
) -> str:
    """Store a link and return its secret, which is kept nowhere. `chat` is where it was asked for."""
    # Base32: nothing in it that a keyboard, a link or a hasty eye could get wrong.
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip("=").lower()
    session.add(
        SecureLink(
            hash=hash_of(secret), person_id=person_id, chat=chat, purpose=purpose, draft_id=draft_id,
            case_id=case_id, detail=seal(session, detail), created_at=now, expires_at=now + lifetime,
        )
    )  # fmt: skip
    session.flush()
    return secret


def find(session: Session, secret: str) -> SecureLink | None:
    """The link as it is stored, whatever its state."""
    return session.get(SecureLink, hash_of(secret), populate_existing=True)


def state_of(link: SecureLink | None, now: dt.datetime) -> LinkState:
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.OPEN


def look(session: Session, secret: str, now: dt.datetime) -> LinkState:
    """Whether it could be used; looking leaves it as it is."""
    return state_of(find(session, secret), now)


def use(session: Session, link: SecureLink, now: dt.datetime) -> bool:
    """Use it up. False when it was before: of several at once, the database lets one win."""
    unused = (
        col(SecureLink.hash) == link.hash,
        col(SecureLink.used_at).is_(None),
        col(SecureLink.expires_at) > now,
    )
    used = session.execute(
        update(SecureLink).where(*unused).values(used_at=now).execution_options(synchronize_session=False)
    )
    assert isinstance(used, CursorResult)
    return used.rowcount == 1


def detail_of(session: Session, link: SecureLink) -> str:
    return unseal(session, link.detail)


def hash_of(secret: str) -> str:
    """128 random bits cannot be guessed from it, so it needs no salt."""
    return hashlib.sha256(secret.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
