"""The photos of a case: shown to those who may see it; and what is said of one that cannot be had."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from db import audience, cases, files, outbox, photos
from db.models_cases import Case, CaseFile
from handlers import wording_pages as wording
from handlers.turn import Desk, Reply, Turn

Replies = tuple[Reply, ...]


def show(case: Case, desk: Desk, turn: Turn) -> Replies:
    """Each photo in a message of its own. Copies go to the chat; they are deleted as its messages are."""
    if turn.group or cases.get(desk.session, desk.person, cases.known_id(case)) is None:
        return (Reply(wording.NOT_YOUR_CASE),)
    if not desk.hears_names:
        return (Reply(wording.PHOTOS_ON_THE_WEB),)
    rows = photos.of_case(desk.session, cases.known_id(case))
    kept = [row for row in rows if row.content]
    waiting = sum(1 for row in rows if row.fetch)
    captions = (wording.photo_of(str(case.number), place, len(kept)) for place in range(1, len(kept) + 1))
    shown = [_copied(row, text, desk, turn) for row, text in zip(kept, captions, strict=True)]
    if waiting:
        shown.append(Reply(wording.not_yet_fetched(waiting)))
    return tuple(shown) or (Reply(wording.NO_PHOTOS),)


def lose(session: Session, number: int, channel: str, *, now: dt.datetime) -> None:
    """Give up a photo that its channel does not have or that is none, and tell who sent it."""
    row = photos.fetched(session, number, b"")
    if row is None:
        return
    for chat in audience.chats(session, row.created_by):
        if chat.startswith(f"{channel}:"):
            reply = Reply(wording.PHOTO_LOST).to_json()
            outbox.tell(session, chat, [reply], reason=f"photo:{number}:{chat}", now=now)


def _copied(row: CaseFile, text: str, desk: Desk, turn: Turn) -> Reply:
    number = files.store(
        desk.session, chat=turn.chat, content=photos.content(desk.session, row), media_type="image/jpeg",
        name=f"{row.id}.jpg", now=desk.now,
    )  # fmt: skip
    return Reply(text, photo=number)
