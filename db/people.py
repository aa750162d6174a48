"""Who somebody is, across channels."""

from __future__ import annotations

from sqlmodel import Session

from db.models import Identity, Person


def find(session: Session, identity: str) -> Person | None:
    """The person behind a channel's id; None for a visitor and for somebody switched off."""
    known = session.get(Identity, identity)
    person = session.get(Person, known.person_id) if known else None
    return person if person and person.active else None
