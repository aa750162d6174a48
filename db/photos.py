"""Photos of a report. Those of Telegram are fetched a moment later; all are kept sealed, without metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import delete, func, select, text, update
from sqlmodel import Session, col

from db import files
from db.crypto import seal_bytes, unseal_bytes
from db.models_cases import TO_FETCH, CaseFile

MAX_BYTES = 20 * 1024 * 1024  # Telegram's bots fetch no more, and the web page sends no more
MAX_PHOTOS = 9


class Fault(StrEnum):
    TOO_LARGE = "too_large"
    NO_PHOTO = "no_photo"
    TOO_MANY = "too_many"


def keep(
    session: Session,
    *,
    draft_id: int,
    person_id: int,
    channel: str,
    ref: str,
    size: int,
    media_type: str,
    now: dt.datetime,
) -> Fault | None:
    """Store a photo beside a draft, or say why not. `ref` is what the channel finds it by again."""
    if media_type and not media_type.startswith("image/"):
        return Fault.NO_PHOTO
    if size > MAX_BYTES:
        return Fault.TOO_LARGE
    if count(session, draft_id=draft_id) >= MAX_PHOTOS:
        return Fault.TOO_MANY
    stored = files.load(session, int(ref)) if channel == "web" else None
    if channel == "web" and stored is None:
        return Fault.NO_PHOTO
    session.add(
        CaseFile(
            draft_id=draft_id, created_by=person_id, created_at=now,
            fetch="" if stored else f"{channel}:{ref}",
            content=seal_bytes(session, stored.content) if stored else b"",
        )
    )  # fmt: skip
    session.flush()
    return None


def count(session: Session, *, draft_id: int) -> int:
    mine = select(func.count()).select_from(CaseFile).where(col(CaseFile.draft_id) == draft_id)
    return int(session.execute(mine).scalar_one())


def attach(session: Session, *, draft_id: int, case_id: int) -> None:
    """The photos of a draft belong to the case from now on."""
    mine = update(CaseFile).where(col(CaseFile.draft_id) == draft_id)
    session.execute(mine.values(case_id=case_id).execution_options(synchronize_session=False))


def forget(session: Session, *, draft_id: int) -> None:
    session.execute(delete(CaseFile).where(col(CaseFile.draft_id) == draft_id))


def of_case(session: Session, case_id: int) -> list[CaseFile]:
    """Oldest first, those not yet fetched too."""
    wanted = select(CaseFile).where(col(CaseFile.case_id) == case_id).order_by(col(CaseFile.id))
    return list(session.execute(wanted).scalars())


def to_fetch(
    session: Session, channel: str, *, beside: Collection[int] = (), limit: int = 8
) -> list[CaseFile]:
    """Photos that are still with the channel, those `beside` left out."""
    waiting = (text(TO_FETCH), col(CaseFile.fetch).startswith(f"{channel}:"), col(CaseFile.id).not_in(beside))
    return list(
        session.execute(select(CaseFile).where(*waiting).order_by(col(CaseFile.id)).limit(limit)).scalars()
    )


def fetched(session: Session, file_id: int, content: bytes) -> CaseFile | None:
    """The photo is here; b"" for one that cannot be had. None when somebody else has brought it already."""
    waiting = select(CaseFile).where(col(CaseFile.id) == file_id, text(TO_FETCH)).with_for_update()
    row = session.execute(waiting).scalar_one_or_none()
    if row is not None:
        row.fetch, row.content = "", seal_bytes(session, content)
    return row


def content(session: Session, row: CaseFile) -> bytes:
    return unseal_bytes(session, row.content)
