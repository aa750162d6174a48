"""Databases for the tests of backups: made of either kind, filled, saved, and read out."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    insert,
    select,
    text,
)
from sqlmodel import SQLModel

from db import backup, models
from db.backup_errors import BackupError, Reason
from db.session import database_as_it_is, open_database
from tests.databases import with_database

KINDS = ("sqlite", "postgresql")
EITHER = pytest.mark.parametrize("kind", KINDS)
PASSPHRASE = "草原上的骏马 12345678"
NOW = dt.datetime(2026, 3, 1, 2, 30, 0, 123456, tzinfo=dt.UTC)
TEXT = "其其格\t“王\\府”\n👩‍🌾\u2028 'x'; \"y\" %s :z "
ROWS = 3
assert models.Person  # the models are known to SQLModel.metadata
_numbers = itertools.count()


class Databases:
    """Makes databases without any table."""

    def __init__(self, folder: Path, server: str) -> None:
        self._folder, self._server = folder, server

    def empty(self, kind: str) -> str:
        name = f"backup_{next(_numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{self._folder}/{name}.db"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return with_database(self._server, name)


def fill(url: str) -> None:
    """ROWS rows in every table, with every kind of value. What may be missing is missing in the second.

    A row that refers to its own table refers to the last row, which comes later.
    """
    with database_as_it_is(url) as engine, engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            rows = [_row(table, number) for number in range(1, ROWS + 1)]
            to_self = [key.parent.name for key in table.foreign_keys if key.column.table is table]
            connection.execute(insert(table), [{**row, **dict.fromkeys(to_self)} for row in rows])
            for name in to_self:
                connection.execute(table.update().where(table.c.id == 1).values({name: ROWS}))


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    sessions = open_database(url)
    with sessions.begin() as session:
        found = {
            table.name: [tuple(row) for row in session.connection().execute(_all(table))]
            for table in SQLModel.metadata.sorted_tables
        }
    sessions.kw["bind"].dispose()
    return found


def save(url: str, file: Path, **options: str) -> backup.Summary:
    return backup.back_up(url, file, now=NOW, **options)


def refusal(restored_or_read: Callable[[], object]) -> Reason:
    with pytest.raises(BackupError) as refused:
        restored_or_read()
    return refused.value.reason


def execute(url: str, *statements: str) -> None:
    with database_as_it_is(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _all(table: Table) -> Any:
    return select(table).order_by(*table.primary_key)


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return _value(key.column, number)
    if column.nullable and number == 2:
        return None
    kinds = {
        DateTime: NOW + dt.timedelta(days=number, microseconds=number),
        Date: dt.date(2026, 1, number),
        JSON: [TEXT, number, None, {"a": 0.1}],
        Boolean: number == 1,
        Integer: number,
        Float: 39.6 + number / 7,
        LargeBinary: bytes(range(256)) * number,
    }
    sqltype = getattr(column.type, "impl_instance", column.type)
    return next((value for kind, value in kinds.items() if isinstance(sqltype, kind)), f"{TEXT}{number}")
