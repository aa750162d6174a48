"""What was said lately in a chat, for a page that was opened anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.models import InboxTurn, OutboxReply


def recent(session: Session, chat: str, *, limit: int) -> tuple[list[InboxTurn], list[OutboxReply]]:
    """The last turns and the last replies, at most `limit` of each, oldest first."""
    return _last(session, InboxTurn, chat, limit), _last(session, OutboxReply, chat, limit)


def _last(session: Session, table: Any, chat: str, limit: int) -> list[Any]:
    newest = select(table).where(col(table.chat) == chat).order_by(col(table.seq).desc()).limit(limit)
    return list(reversed(session.execute(newest).scalars().all()))
