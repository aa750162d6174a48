"""Where each chat stands, and the questions that found no answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from db.models import Conversation, Unanswered
from db.privacy import without_long_numbers

MAX_QUESTION_CHARACTERS = 500


def find(session: Session, chat: str) -> Conversation | None:
    return session.get(Conversation, chat)


def remember(
    session: Session, chat: str, *, context: str, options: Sequence[str], now: dt.datetime
) -> Conversation:
    """Store where the chat stands after one more answer."""
    conversation = find(session, chat) or Conversation(
        chat=chat, context=context, options=[], answers=0, updated_at=now
    )
    conversation.context = context
    conversation.options = list(options)
    conversation.answers += 1
    conversation.updated_at = now
    session.add(conversation)
    return conversation


def forget(session: Session, chat: str, *, now: dt.datetime) -> None:
    """Forget what was talked about; the count of answers stays, so that old buttons stay old."""
    conversation = find(session, chat)
    if conversation is not None:
        conversation.context, conversation.options, conversation.updated_at = "", [], now


def record_unanswered(
    session: Session, question: str, *, earlier: str = "", status: str, index_version: str, now: dt.datetime
) -> None:
    """Keep the question for those who look after the documents, without long numbers and cut to 500."""
    session.add(
        Unanswered(
            question=without_long_numbers(question)[:MAX_QUESTION_CHARACTERS],
            earlier=without_long_numbers(earlier)[:MAX_QUESTION_CHARACTERS],
            status=status, index_version=index_version, asked_at=now,
        )
    )  # fmt: skip
