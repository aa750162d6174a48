"""Where each chat stands, and the questions that found no answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from db.models import Conversation, Unanswered
from db.privacy import without_long_numbers

MAX_QUESTION_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of Conversation."""

    context: str
    options: list[str]
    answers: int
    updated_at: dt.datetime


# Statements are made once, and rows are not made objects of the session: this is done in every turn.
_FIND = select(
    col(Conversation.context), col(Conversation.options), col(Conversation.answers),
    col(Conversation.updated_at),
).where(col(Conversation.chat) == bindparam("of_chat"))  # fmt: skip


@cache
def _remember(dialect: str) -> Executable:
    insert = postgresql.insert(Conversation) if dialect == "postgresql" else sqlite.insert(Conversation)
    new = insert.excluded
    changed = {"context": new.context, "options": new.options, "updated_at": new.updated_at}
    counted = changed | {"answers": col(Conversation.answers) + 1}
    return insert.on_conflict_do_update(index_elements=["chat"], set_=counted).returning(
        col(Conversation.answers)
    )


def find(session: Session, chat: str) -> Standing | None:
    row: Any = session.connection().execute(_FIND, {"of_chat": chat}).one_or_none()
    return Standing(*row) if row else None


def remember(session: Session, chat: str, *, context: str, options: Sequence[str], now: dt.datetime) -> int:
    """Store where the chat stands after one more answer; how many answers it has had."""
    connection = session.connection()
    row = {"chat": chat, "context": context, "options": list(options), "answers": 1, "updated_at": now}
    return int(connection.execute(_remember(connection.dialect.name), row).scalar_one())


def forget(session: Session, chat: str, *, now: dt.datetime) -> None:
    """Forget what was talked about; the count of answers stays, so that old buttons stay old."""
    forgotten = update(Conversation).where(col(Conversation.chat) == chat)
    session.connection().execute(forgotten.values(context="", options=[], updated_at=now))


def record_unanswered(
    session: Session, question: str, *, earlier: str = "", status: str, index_version: str, now: dt.datetime
) -> None:
    """Keep the question for those who look after the documents, without long numbers and cut to 500."""
    row = {
        "question": without_long_numbers(question)[:MAX_QUESTION_CHARACTERS],
        "earlier": without_long_numbers(earlier)[:MAX_QUESTION_CHARACTERS],
        "status": status, "index_version": index_version, "asked_at": now,
    }  # fmt: skip
    session.connection().execute(_UNANSWERED, row)


_UNANSWERED = insert(Unanswered)
