"""Turns that came in: stored once, handled once, in the order of their chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import Session, SQLModel, col

from db.crypto import open_message, seal_message
from db.models import Chat, InboxTurn


@dataclass(frozen=True, slots=True)
class Incoming:
    """`turn` is JSON that only the conversation reads."""

    turn_id: str
    chat: str
    turn: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored turn that is to be handled."""

    seq: int
    turn_id: str
    chat: str
    turn: str
    received_at: dt.datetime


def accept(session: Session, turns: Sequence[Incoming], *, now: dt.datetime) -> None:
    """Store turns in their order; those whose id is known are passed over."""
    rows = [
        {
            "turn_id": turn.turn_id, "chat": turn.chat, "turn": seal_message(session, turn.turn),
            "received_at": now,
        }
        for turn in turns
    ]  # fmt: skip
    if not rows:
        return
    chats = sorted({turn.chat for turn in turns})  # one order for all writers, else they might deadlock
    add_missing(session, Chat, [{"id": chat} for chat in chats])
    session.connection().execute(_REACHABLE_AGAIN, {"of_chats": chats})
    add_missing(session, InboxTurn, rows)


def add_missing(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert the rows that hurt no unique key."""
    connection = session.connection()
    connection.execute(_insert_missing(connection.dialect.name, table), rows)


# Statements are made once: making them takes longer than running them.
@cache
def _insert_missing(dialect: str, table: type[SQLModel]) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


_REACHABLE_AGAIN = (
    update(Chat)
    .where(col(Chat.id).in_(bindparam("of_chats", expanding=True)), col(Chat.unreachable_at).is_not(None))
    .values(unreachable_at=None)
)


def claim(session: Session) -> Waiting | None:
    """The oldest waiting turn of a chat that nobody is at work on; the chat is locked until the commit."""
    while (chat := session.connection().execute(_WAITING_CHAT).scalar_one_or_none()) is not None:
        # Which of its turns is the oldest can only be said now: while we passed over those of a chat in
        # work, its lock may have come free at a later one, or all may have been finished.
        if (turn := _oldest(session, chat)) is not None:
            return turn
    return None


def claim_again(session: Session, turn: Waiting) -> bool:
    """Lock the chat of a turn again; whether the turn is still the oldest that waits there."""
    locked = select(col(Chat.id)).where(col(Chat.id) == turn.chat).with_for_update(key_share=True)
    session.connection().execute(locked)
    return _oldest(session, turn.chat) == turn


def finish(session: Session, seq: int, *, now: dt.datetime) -> None:
    session.connection().execute(_FINISH, {"of_seq": seq, "done_at": now})


_WAITING_CHAT = (
    select(col(Chat.id))
    .join(InboxTurn, col(InboxTurn.chat) == col(Chat.id))
    .where(col(InboxTurn.done_at).is_(None))
    .order_by(col(InboxTurn.seq))
    .limit(1)
    # `key_share`: new turns of the chat may be stored meanwhile.
    .with_for_update(skip_locked=True, key_share=True, of=Chat)
)


_OLDEST = (
    select(
        col(InboxTurn.seq), col(InboxTurn.turn_id), col(InboxTurn.chat), col(InboxTurn.turn),
        col(InboxTurn.received_at),
    )
    .where(col(InboxTurn.chat) == bindparam("of_chat"), col(InboxTurn.done_at).is_(None))
    .order_by(col(InboxTurn.seq))
    .limit(1)
)  # fmt: skip
_FINISH = update(InboxTurn).where(col(InboxTurn.seq) == bindparam("of_seq"))


def _oldest(session: Session, chat: str) -> Waiting | None:
    # Rows as they are: making objects of the session of them costs three times as much.
    row: Any = session.connection().execute(_OLDEST, {"of_chat": chat}).one_or_none()
    if row is None:
        return None
    return Waiting(row.seq, row.turn_id, row.chat, open_message(session, row.turn), row.received_at)


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
