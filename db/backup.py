"""Save a whole database in one file, and fill an empty one from it, of the same kind or the other.

The file holds the rows of all tables as they were at one moment, the revision of the tables, and what the
database counts up (db/backup_file: the format). What is sealed in the rows stays sealed (db/crypto): the
keys are only in the file when they are handed over here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import DropTable

from db import backup_databases as databases
from db import migrate
from db.backup_errors import BackupError, Reason
from db.backup_file import FORMAT, VERSION, read, writing
from db.backup_rows import ROWS_AT_ONCE, StoredTable, tables_of
from db.session import reason

BATCH_CHARACTERS = 4 * 2**20
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds. `revision` is that of its tables, `keys` those that unseal its rows ("": none)."""

    revision: str
    made_at: dt.datetime
    rows: int
    keys: str = field(default="", repr=False)


def back_up(
    url: str,
    path: Path,
    *,
    now: dt.datetime,
    passphrase: str = "",
    keys: str = "",
    overwrite: bool = False,
) -> Summary:
    """Write a backup; the database may be in use meanwhile, and may be of an older revision.

    Raises:
        BackupError: there is nothing to save, or the file is in the way.
        DatabaseError: the database cannot be reached.
    """
    with databases.snapshot(url) as connection, writing(path, passphrase, overwrite) as writer:
        revision = _known_revision(connection)
        if revision is None:
            raise BackupError(Reason.NO_TABLES)
        writer.write({FORMAT: VERSION, "revision": revision, "made_at": now.isoformat(), "keys": keys})
        for stored in tables_of(revision):
            last = databases.last_number(connection, stored)
            writer.write({"table": stored.name, "columns": stored.columns, "last": last})
            for row in stored.rows(connection):
                writer.write_row(row)
    return Summary(revision, now, writer.rows, keys)


def verify(path: Path, passphrase: str = "") -> Summary:
    """Read a backup to its end. Raises BackupError if it is damaged or from a newer program."""
    lines = read(path, passphrase)
    header = _header(lines)
    rows = sum(isinstance(value, list) for value in lines)
    return Summary(header["revision"], dt.datetime.fromisoformat(header["made_at"]), rows, header["keys"])


def rows_in(url: str) -> int:
    """How many rows the database has that a restore would delete."""
    with databases.exclusive(url) as connection:
        return _count(connection, _present_tables(connection))


def restore(url: str, path: Path, passphrase: str = "", *, replace: bool = False) -> None:
    """Fill a database in one transaction, and bring its tables up to date. `verify` the file first.

    Tables without rows do not matter; with `replace`, those with rows do not either.

    Raises:
        BackupError: the file is damaged, or from a newer program; the database has rows, or is in use.
        DatabaseError: the database cannot be reached.
    """
    lines = read(path, passphrase)
    revision = _header(lines)["revision"]
    with databases.exclusive(url) as connection:
        _make_room(connection, replace=replace)
        migrate.upgrade_within(connection, revision)
        _fill(connection, tables_of(revision), lines)
        migrate.upgrade_within(connection)


# --- what is there --------------------------------------------------------------------------


def _known_revision(connection: Connection) -> str | None:
    revision = migrate.version(connection)
    if revision is not None and not migrate.knows(revision):
        raise BackupError(Reason.NEWER_DATABASE, revision)
    return revision


def _present_tables(connection: Connection) -> list[StoredTable]:
    revision = _known_revision(connection)
    return tables_of(revision) if revision else []


def _count(connection: Connection, tables: list[StoredTable]) -> int:
    counts = (select(func.count()).select_from(table(stored.name)) for stored in tables)
    return sum(connection.scalar(count) or 0 for count in counts)


def _make_room(connection: Connection, *, replace: bool) -> None:
    tables = _present_tables(connection)
    if not tables:
        return
    databases.lock(connection, tables)
    rows = _count(connection, tables)
    if rows and not replace:
        raise BackupError(Reason.NOT_EMPTY, str(rows))
    databases.drop_foreign_keys(connection, tables)
    for stored in reversed(tables):
        connection.execute(DropTable(stored.table))
    connection.execute(text(f"DROP TABLE {migrate.VERSION_TABLE}"))


# --- filling --------------------------------------------------------------------------------


def _header(lines: Iterator[Any]) -> dict[str, Any]:
    header: dict[str, Any] = next(lines)
    if not migrate.knows(header["revision"]):
        raise BackupError(Reason.NEWER, header["revision"])
    return header


def _fill(connection: Connection, tables: list[StoredTable], lines: Iterator[Any]) -> None:
    foreign_keys = databases.drop_foreign_keys(connection, tables)
    awaited = {stored.name: stored for stored in tables}
    filled: list[tuple[StoredTable, int | None]] = []
    for value in _batches(lines):
        if isinstance(value, dict):
            filled.append((_opened(value, awaited), value["last"]))
        else:
            _add(connection, filled[-1][0], value)
    if awaited:
        raise BackupError(Reason.DAMAGED)
    for stored, last in filled:
        databases.go_on_after(connection, stored, last)
    databases.check_foreign_keys(connection, foreign_keys)


def _batches(lines: Iterator[Any]) -> Iterator[dict[str, Any] | list[Row]]:
    """What opens a table as it is, and its rows by the batch."""
    batch: list[Row] = []
    characters = 0
    for value in lines:
        full = len(batch) == ROWS_AT_ONCE or characters > BATCH_CHARACTERS
        if batch and (full or isinstance(value, dict)):
            yield batch
            batch, characters = [], 0
        if isinstance(value, dict):
            yield value
        else:
            batch.append(value)
            characters += sum(len(cell) for cell in value if isinstance(cell, str))
    if batch:
        yield batch


def _opened(opening: dict[str, Any], awaited: dict[str, StoredTable]) -> StoredTable:
    stored = awaited.pop(opening["table"], None)
    if stored is None or opening["columns"] != stored.columns:
        raise BackupError(Reason.DAMAGED)
    return stored


def _add(connection: Connection, stored: StoredTable, rows: list[Row]) -> None:
    try:
        stored.add(connection, rows)
    except SQLAlchemyError as error:
        raise BackupError(Reason.REFUSED_BY_DATABASE, f"{stored.name}: {reason(error)}") from error
