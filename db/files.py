"""Photos and files of a chat."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete
from sqlmodel import Session, col

from db.models import StoredFile


def store(
    session: Session, *, chat: str, content: bytes, media_type: str, name: str, now: dt.datetime
) -> int:
    """Store a file and return its id."""
    file = StoredFile(chat=chat, content=content, media_type=media_type, name=name, created_at=now)
    session.add(file)
    session.flush()
    if file.id is None:
        raise RuntimeError("the database gave the stored file no id")
    return file.id


def load(session: Session, file_id: int) -> StoredFile | None:
    return session.get(StoredFile, file_id)


def forget(session: Session, *, before: dt.datetime) -> None:
    session.execute(delete(StoredFile).where(col(StoredFile.created_at) < before))
