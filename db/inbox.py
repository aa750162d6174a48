"""Turns that came in: stored once, handled once, in the order of their chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from db.models import Chat, InboxTurn


@dataclass(frozen=True, slots=True)
class Incoming:
    """`turn` is JSON that only the conversation reads."""

    turn_id: str
    chat: str
    turn: str


def accept(session: Session, turns: Sequence[Incoming], *, now: dt.datetime) -> None:
    """Store turns in their order; those whose id is known are passed over."""
    rows = [
        {"turn_id": turn.turn_id, "chat": turn.chat, "turn": turn.turn, "received_at": now} for turn in turns
    ]
    if not rows:
        return
    chats = sorted({turn.chat for turn in turns})  # one order for all writers, else they might deadlock
    add_missing(session, Chat, [{"id": chat} for chat in chats])
    session.execute(
        update(Chat)
        .where(col(Chat.id).in_(chats), col(Chat.unreachable_at).is_not(None))
        .values(unreachable_at=None)
    )
    add_missing(session, InboxTurn, rows)


def add_missing(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert the rows that hurt no unique key."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).values(rows).on_conflict_do_nothing())


def claim(session: Session) -> InboxTurn | None:
    """The oldest waiting turn of a chat that nobody else is at work on, locked until the commit.

    Both rows are locked: the chat's keeps its later turns waiting, the turn's own makes the database
    look again whether it is still waiting, had somebody finished it a moment ago.
    """
    return session.execute(_oldest_waiting()).scalar_one_or_none()


def _oldest_waiting() -> Select[InboxTurn]:
    return (
        select(InboxTurn)
        .join(Chat, col(Chat.id) == col(InboxTurn.chat))
        .where(col(InboxTurn.done_at).is_(None))
        .order_by(col(InboxTurn.seq))
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)  # new turns of the chat may be stored meanwhile
    )


def finish(turn: InboxTurn, *, now: dt.datetime) -> None:
    turn.done_at = now


def of_chat(session: Session, chat: str, *, since: dt.datetime) -> list[InboxTurn]:
    """The turns of a chat that are still stored, oldest first."""
    wanted = select(InboxTurn).where(col(InboxTurn.chat) == chat, col(InboxTurn.received_at) >= since)
    return list(session.execute(wanted.order_by(col(InboxTurn.seq))).scalars())


def depth(session: Session) -> int:
    """How many turns wait."""
    waiting = select(func.count()).select_from(InboxTurn).where(col(InboxTurn.done_at).is_(None))
    return int(session.execute(waiting).scalar_one())


def forget(session: Session, *, before: dt.datetime) -> None:
    """Delete handled turns that came in before then; they would be handled again if delivered again."""
    session.execute(
        delete(InboxTurn).where(col(InboxTurn.done_at).is_not(None), col(InboxTurn.received_at) < before)
    )
