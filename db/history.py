"""What was said lately in a chat, for a page that was opened anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.crypto import open_message
from db.models import InboxTurn, OutboxReply
from db.outbox import Due, opened


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it came in (JSON), and whether it still waits."""

    turn_id: str
    turn: str
    received_at: dt.datetime
    waiting: bool


def recent(session: Session, chat: str, *, limit: int) -> tuple[list[Said], list[Due]]:
    """The last turns and the last replies, at most `limit` of each, oldest first."""
    turns = [
        Said(row.turn_id, open_message(session, row.turn), row.received_at, row.done_at is None)
        for row in _last(session, InboxTurn, chat, limit)
    ]
    return turns, [opened(session, row) for row in _last(session, OutboxReply, chat, limit)]


def _last(session: Session, table: Any, chat: str, limit: int) -> list[Any]:
    newest = select(table).where(col(table.chat) == chat).order_by(col(table.seq).desc()).limit(limit)
    return list(reversed(session.execute(newest).scalars().all()))
