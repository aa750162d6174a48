"""The tables."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Column, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC, time zone included; SQLite stores none, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Conversation(SQLModel, table=True):
    """Where a chat stands.

    `context` is JSON of knowledge's own making (what a follow-up question needs; "" after `/new`),
    `options` the choices of the last answer, `answers` how many were given so far: a button names the
    answer that it belongs to.
    """

    chat: str = Field(primary_key=True)
    context: str = Field(sa_column=Column(Text, nullable=False))
    options: list[str] = Field(sa_column=Column(JSON, nullable=False))
    answers: int
    updated_at: dt.datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Unanswered(SQLModel, table=True):
    """A question that the documents did not answer. Who asked is not stored."""

    id: int | None = Field(default=None, primary_key=True)
    question: str
    status: str
    index_version: str
    asked_at: dt.datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
