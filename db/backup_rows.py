"""The rows of a table as values of JSON and back, the same for SQLite and PostgreSQL.

Which tables and columns there are is asked of the migrations, not of the models: a backup may be older
than the models, and a database of PostgreSQL may hold tables of others.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TableClause,
    Text,
    cast,
    column,
    create_engine,
    insert,
    select,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from db import migrate
from db.columns import UtcDateTime

ROWS_AT_ONCE = 500
ROWS_WITH_FILES_AT_ONCE = 4  # each may have many megabytes


class JsonText(TypeDecorator[str]):
    """A column of JSON as it is stored, so that `null` and a missing value stay different things."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return cast(column, Text)

    def bind_expression(self, bindparam: Any) -> Any:
        return cast(bindparam, JSON)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds, the type to read and write it with on any database, and how it is written in
    JSON; None for what JSON has itself.
    """

    name: str
    matches: type[TypeEngine[Any]]
    type: TypeEngine[Any]
    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


_KINDS = (
    Kind("moment", DateTime, UtcDateTime(), dt.datetime.isoformat, dt.datetime.fromisoformat),
    Kind("date", Date, Date(), dt.date.isoformat, dt.date.fromisoformat),
    Kind("bytes", LargeBinary, LargeBinary(), _base64, base64.b64decode),
    Kind("json", JSON, Text().with_variant(JsonText(), "postgresql")),  # SQLite stores the text
    Kind("boolean", Boolean, Boolean()),
    Kind("integer", Integer, BigInteger()),
    Kind("real", Float, Float()),
    Kind("text", String, Text()),
)


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table of some revision."""

    table: Table

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def counter(self) -> str:
        """The column whose values the database counts up, "" if there is none."""
        key = list(self.table.primary_key)
        return key[0].name if len(key) == 1 and isinstance(key[0].type, Integer) else ""

    @property
    def columns(self) -> list[list[str]]:
        """Names and kinds, as they stand in the file."""
        return [[column.name, _kind(column).name] for column in self.table.columns]

    def rows(self, connection: Connection) -> Iterator[list[Any]]:
        """In the order of the primary key; few are in memory at a time."""
        encoders = [_kind(column).encode for column in self.table.columns]
        portable = self._portable
        in_order = select(portable).order_by(*(portable.c[key.name] for key in self.table.primary_key))
        found = connection.execute(in_order.execution_options(yield_per=self._at_once))
        for row in found:
            yield [
                value if value is None or encode is None else encode(value)
                for encode, value in zip(encoders, row, strict=True)
            ]

    def add(self, connection: Connection, rows: list[list[Any]]) -> None:
        kinds = [(column.name, _kind(column).decode) for column in self.table.columns]
        decoded = [
            {
                name: value if value is None or decode is None else decode(value)
                for (name, decode), value in zip(kinds, row, strict=True)
            }
            for row in rows
        ]
        connection.execute(insert(self._portable), decoded)

    @property
    def _at_once(self) -> int:
        has_files = any(isinstance(column.type, LargeBinary) for column in self.table.columns)
        return ROWS_WITH_FILES_AT_ONCE if has_files else ROWS_AT_ONCE

    @property
    def _portable(self) -> TableClause:
        return table(self.name, *(column(each.name, _kind(each).type) for each in self.table.columns))


def tables_of(revision: str) -> list[StoredTable]:
    """The tables as the migrations make them, parents before children."""
    engine = create_engine("sqlite://")
    try:
        migrate.upgrade(engine, revision)
        metadata = MetaData()
        metadata.reflect(engine)
        return [StoredTable(each) for each in metadata.sorted_tables if each.name != migrate.VERSION_TABLE]
    finally:
        engine.dispose()


def _kind(column: Column[Any]) -> Kind:
    for kind in _KINDS:
        if isinstance(column.type, kind.matches):
            return kind
    raise TypeError(f"{column}: a backup knows no columns of type {column.type!r}")
