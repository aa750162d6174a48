"""Replies on their way: stored with their turn, delivered at least once, in the order of their chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from db.columns import LARGEST_INTEGER
from db.crypto import open_message, seal_message
from db.inbox import add_missing
from db.models import Chat, OutboxReply

READ_AT_ONCE = 200
_TOLD = "chats that were told something"


@dataclass(frozen=True, slots=True)
class Due:
    """A stored reply."""

    seq: int
    turn_id: str
    chat: str
    reply: str
    edits: str | None
    created_at: dt.datetime


def put(
    session: Session,
    chat: str,
    replies: Sequence[str],
    *,
    turn_id: str,
    now: dt.datetime,
    edits: str | None = None,
) -> None:
    """Store the replies of a turn. `replies` are JSON; `edits` is the message that the first may replace."""
    channel = chat.partition(":")[0]
    rows = [
        {
            "turn_id": turn_id, "position": position, "chat": chat, "channel": channel,
            "reply": seal_message(session, reply), "edits": None if position else edits,
            "created_at": now, "due_at": now, "attempts": 0,
        }
        for position, reply in enumerate(replies)
    ]  # fmt: skip
    if rows:
        session.connection().execute(insert(OutboxReply), rows)


def tell(session: Session, chat: str, replies: Sequence[str], *, reason: str, now: dt.datetime) -> None:
    """Send somebody else a message in the transaction of a turn. `reason` is unique for what it tells.

    The other chat is locked first, so that its replies become visible in the order of their numbers.
    """
    add_missing(session, Chat, [{"id": chat}])
    session.execute(select(col(Chat.id)).where(col(Chat.id) == chat).with_for_update(key_share=True))
    put(session, chat, replies, turn_id=reason, now=now)
    session.info.setdefault(_TOLD, set()).add(chat)


def told(session: Session) -> set[str]:
    """The chats that `tell` stored something for in this session."""
    return set(session.info.get(_TOLD, ()))


def claim(session: Session, channel: str, *, now: dt.datetime, lease: dt.timedelta, limit: int) -> list[Due]:
    """Due replies of at most `limit` chats, all that wait in each of them, by chat in order.

    They are ours until `now + lease`; whoever dies before leaves them to the others. A reply that is
    not due (claimed by somebody, or put off) keeps the later ones of its chat back.
    """
    bound = {"of_channel": channel, "until_now": now, "at_most": limit}
    chats = list(session.connection().execute(_DUE_CHATS, bound).scalars())
    if not chats:
        return []
    rows: Any = session.connection().execute(_WAITING, {"of_chats": chats})
    due = [opened(session, row) for row in rows]
    bound = {"of_seqs": [reply.seq for reply in due], "due_at": now + lease}
    session.connection().execute(_LEASE, bound)
    return due


_UNDELIVERED = col(OutboxReply.delivered_at).is_(None)
_COLUMNS = [getattr(OutboxReply, name) for name in Due.__dataclass_fields__]
_earlier = aliased(OutboxReply)
_IS_FIRST = ~exists().where(
    col(_earlier.chat) == col(OutboxReply.chat),
    col(_earlier.seq) < col(OutboxReply.seq),
    col(_earlier.delivered_at).is_(None),
)
_DUE_CHATS = (
    select(col(OutboxReply.chat))
    .where(col(OutboxReply.channel) == bindparam("of_channel"), _UNDELIVERED)
    .where(col(OutboxReply.due_at) <= bindparam("until_now"), _IS_FIRST)
    .order_by(col(OutboxReply.seq))
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_WAITING = (
    select(*_COLUMNS)
    .where(col(OutboxReply.chat).in_(bindparam("of_chats", expanding=True)), _UNDELIVERED)
    .order_by(col(OutboxReply.chat), col(OutboxReply.seq))
)
_SEEN = update(OutboxReply).where(
    col(OutboxReply.chat) == bindparam("of_chat"), col(OutboxReply.seq) <= bindparam("up_to"), _UNDELIVERED
)
_DELIVERED = update(OutboxReply).where(col(OutboxReply.seq) == bindparam("of_seq"))
_LEASE = update(OutboxReply).where(col(OutboxReply.seq).in_(bindparam("of_seqs", expanding=True)))
_AFTER = (
    select(*_COLUMNS)
    .where(col(OutboxReply.chat) == bindparam("of_chat"), col(OutboxReply.seq) > bindparam("after_seq"))
    .order_by(col(OutboxReply.seq))
    .limit(bindparam("at_most"))
)


def opened(session: Session, row: Any) -> Due:
    """A row of the table as it was put there."""
    return Due(row.seq, row.turn_id, row.chat, open_message(session, row.reply), row.edits, row.created_at)


def delivered(session: Session, seq: int, *, message: str | None, now: dt.datetime) -> None:
    bound = {"of_seq": seq, "delivered_at": now, "message": message}
    session.connection().execute(_DELIVERED, bound)


def put_off(session: Session, seqs: Iterable[int], *, until: dt.datetime) -> None:
    """Try again then; the later replies of the chat wait, too."""
    _set(session, seqs, due_at=until, attempts=col(OutboxReply.attempts) + 1)


def give_up(session: Session, seq: int, *, reason: str, now: dt.datetime) -> None:
    """Let the later replies of the chat pass."""
    _set(session, [seq], delivered_at=now, failure=reason)


def chat_is_unreachable(session: Session, chat: str, *, reason: str, now: dt.datetime) -> None:
    """Give up everything that waits for the chat, until something comes from there again."""
    waiting = select(col(OutboxReply.seq)).where(col(OutboxReply.chat) == chat, _UNDELIVERED)
    for seq in session.execute(waiting).scalars().all():
        give_up(session, seq, reason=reason, now=now)
    session.execute(update(Chat).where(col(Chat.id) == chat).values(unreachable_at=now))


def release(session: Session, channel: str, *, now: dt.datetime) -> None:
    """Make due what a process that is gone had claimed; only for one that is alone with its database."""
    session.execute(
        update(OutboxReply)
        .where(col(OutboxReply.channel) == channel, _UNDELIVERED, col(OutboxReply.due_at) > now)
        .values(due_at=now)
    )


def seen(session: Session, chat: str, up_to: int, *, now: dt.datetime) -> None:
    """The person has everything up to this number."""
    bound = {"of_chat": chat, "up_to": min(up_to, LARGEST_INTEGER), "delivered_at": now}
    session.connection().execute(_SEEN, bound)


def after(session: Session, chat: str, seq: int) -> list[Due]:
    """The next replies of a chat with a higher number, oldest first, at most READ_AT_ONCE."""
    bound = {"of_chat": chat, "after_seq": min(seq, LARGEST_INTEGER), "at_most": READ_AT_ONCE}
    rows: Any = session.connection().execute(_AFTER, bound)
    return [opened(session, row) for row in rows]


def depth(session: Session) -> int:
    """How many replies wait."""
    waiting = select(func.count()).select_from(OutboxReply).where(_UNDELIVERED)
    return int(session.execute(waiting).scalar_one())


def forget(session: Session, *, before: dt.datetime) -> None:
    session.execute(delete(OutboxReply).where(~_UNDELIVERED, col(OutboxReply.created_at) < before))


def _set(session: Session, seqs: Iterable[int | None], **values: Any) -> None:
    chosen = update(OutboxReply).where(col(OutboxReply.seq).in_(list(seqs)))
    session.connection().execute(chosen.values(**values))
