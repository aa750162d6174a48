"""Kinds of columns that every table uses."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Column, DateTime, Dialect
from sqlalchemy.types import TypeDecorator


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


LARGEST_INTEGER = 2**31 - 1  # PostgreSQL refuses to compare a column of integers with a larger one


def moment(*, optional: bool = False, index: bool = False) -> Column[dt.datetime]:
    return Column(UtcDateTime, nullable=optional, index=index)
