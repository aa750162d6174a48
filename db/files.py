"""Photos and files of a chat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col

from db.columns import LARGEST_INTEGER
from db.crypto import open_file, seal_file
from db.models import StoredFile


@dataclass(frozen=True, slots=True)
class File:
    """A stored file with its content open."""

    chat: str
    name: str
    media_type: str
    content: bytes


def store(
    session: Session, *, chat: str, content: bytes, media_type: str, name: str, now: dt.datetime
) -> int:
    """Store a file and return its id."""
    sealed = seal_file(session, content)
    file = StoredFile(chat=chat, content=sealed, media_type=media_type, name=name, created_at=now)
    session.add(file)
    session.flush()
    if file.id is None:
        raise RuntimeError("the database gave the stored file no id")
    return file.id


def load(session: Session, file_id: int) -> File | None:
    """The file of that number, whatever number somebody asks for."""
    row = session.get(StoredFile, file_id) if 0 < file_id <= LARGEST_INTEGER else None
    return File(row.chat, row.name, row.media_type, open_file(session, row.content)) if row else None


def forget(session: Session, *, before: dt.datetime) -> None:
    session.execute(delete(StoredFile).where(col(StoredFile.created_at) < before))
