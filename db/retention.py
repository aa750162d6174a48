"""Deleting what is older than it may be kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlmodel import Session, col

from db.models import Code, Conversation, GivenAnswer, InboxTurn, OutboxReply, StoredFile, WebSession

BATCH = 1_000  # rows of a table in one go: on SQLite everybody else waits meanwhile


def forget_old(session: Session, *, now: dt.datetime, days: int) -> bool:
    """Delete a batch of what is older than so many days. Returns whether there may be more.

    A turn that waits is kept. A reply is not, even if it was never fetched: a browser that left does
    not come back for it. Verdicts and unanswered questions stay; they belong to nobody.
    """
    before = now - dt.timedelta(days=days)
    full = [_delete(session, key, old) for key, old in _old(before)]
    return any([*full, _forget_conversations(session, before)])


def _old(before: dt.datetime) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    """What goes: the key of a table, and which of its rows."""
    handled = col(InboxTurn.done_at).is_not(None)
    return (
        (col(InboxTurn.seq), handled & (col(InboxTurn.received_at) < before)),
        (col(OutboxReply.seq), col(OutboxReply.created_at) < before),
        (col(StoredFile.id), col(StoredFile.created_at) < before),
        (col(GivenAnswer.id), col(GivenAnswer.given_at) < before),
        (col(Code.hash), col(Code.expires_at) < before),
        (col(WebSession.hash), or_(col(WebSession.expires_at) < before, col(WebSession.revoked_at) < before)),
    )


def _delete(session: Session, key: Any, old: ColumnElement[bool]) -> bool:
    """Whether the batch was full."""
    batch = select(key).where(old).limit(BATCH)
    return _rows(session, delete(key.class_).where(key.in_(batch))) == BATCH


def _forget_conversations(session: Session, before: dt.datetime) -> bool:
    """The row stays with its count of answers, so that old buttons stay old."""
    old = (col(Conversation.updated_at) < before, col(Conversation.context) != "")
    batch = select(col(Conversation.chat)).where(*old).limit(BATCH)
    forgetting = update(Conversation).where(col(Conversation.chat).in_(batch)).values(context="", options=[])
    return _rows(session, forgetting) == BATCH


def _rows(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    return done.rowcount
