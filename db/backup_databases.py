"""What a backup asks of SQLite and of PostgreSQL in different words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, column, func, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.backup_errors import BackupError, Reason
from db.backup_rows import StoredTable
from db.session import SQLITE_BEGIN, database_as_it_is, reason

LOCK_SECONDS = 10
_LOCK_TIMEOUT = "55P03"


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """The database at one moment, while others go on writing; they need not wait."""
    with database_as_it_is(url) as engine:
        _make_sure_it_exists(engine)
        with engine.connect() as connection:
            if _is_sqlite(connection):
                connection.execution_options(**{SQLITE_BEGIN: "BEGIN"})
            else:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection


@contextmanager
def exclusive(url: str) -> Iterator[Connection]:
    """A transaction in which tables may be dropped, made and filled in any order, all or nothing.

    Raises BackupError if others do not let go of the database.
    """
    with database_as_it_is(url) as engine, engine.connect() as connection:
        if _is_sqlite(connection):
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")  # later it would do nothing
        try:
            with connection.begin():
                if not _is_sqlite(connection):
                    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                yield connection
        except DBAPIError as error:
            if _is_busy(error):
                raise BackupError(Reason.BUSY) from error
            raise


def lock(connection: Connection, tables: list[StoredTable]) -> None:
    """Nobody reads or writes them until the transaction ends. (SQLite: nobody writes anyway.)"""
    if not _is_sqlite(connection):
        names = ", ".join(_quoted(connection, each.name) for each in tables)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


# --- foreign keys ---------------------------------------------------------------------------


def drop_foreign_keys(connection: Connection, tables: list[StoredTable]) -> list[str]:
    """Returns the statements that bring them back. SQLite does not look at them in `exclusive`."""
    if _is_sqlite(connection):
        return []
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(CAST(:names AS regclass[]))"
        ),
        {"names": [_quoted(connection, each.name) for each in tables]},
    ).all()
    for owner, name, _ in found:
        connection.execute(text(f"ALTER TABLE {owner} DROP CONSTRAINT {name}"))
    return [f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}" for owner, name, definition in found]


def check_foreign_keys(connection: Connection, brought_back: list[str]) -> None:
    """Raises BackupError if a row refers to one that is not there."""
    try:
        for statement in brought_back:
            connection.execute(text(statement))
    except IntegrityError as error:
        raise BackupError(Reason.REFUSED_BY_DATABASE, reason(error)) from error
    if _is_sqlite(connection):
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken:
            raise BackupError(Reason.REFUSED_BY_DATABASE, f"{broken[0]}: FOREIGN KEY {broken[2]}")


# --- numbers that the database gives --------------------------------------------------------


def last_number(connection: Connection, stored: StoredTable) -> int | None:
    """The highest number ever given to a row, also to one long deleted; None if nobody remembers that."""
    if _is_sqlite(connection):
        return _sqlite_last(connection, stored) if _remembers(connection, stored) else None
    sequence = _sequence(connection, stored)
    if sequence is None:
        return None
    last, is_called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return int(last) if is_called else 0


def go_on_after(connection: Connection, stored: StoredTable, last: int | None) -> None:
    """Let the next number be higher than `last` and than those of all rows."""
    if not stored.counter:
        return
    highest = connection.scalar(select(func.max(column(stored.counter))).select_from(table(stored.name)))
    last = max(last or 0, highest or 0)
    if _is_sqlite(connection):
        if _remembers(connection, stored):
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": stored.name})
            connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
                {"name": stored.name, "last": last},
            )
    elif last and (sequence := _sequence(connection, stored)):
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _sqlite_last(connection: Connection, stored: StoredTable) -> int:
    found = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name")
    return connection.scalar(found, {"name": stored.name}) or 0


def _remembers(connection: Connection, stored: StoredTable) -> bool:
    """SQLite gives numbers of deleted rows again, unless the table is declared so."""
    made_by = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in (connection.scalar(made_by, {"name": stored.name}) or "")


def _sequence(connection: Connection, stored: StoredTable) -> str | None:
    if not stored.counter:
        return None
    found: str | None = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": _quoted(connection, stored.name), "column": stored.counter},
    )
    return found


# --- little things --------------------------------------------------------------------------


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _make_sure_it_exists(engine: Engine) -> None:
    """SQLite would make an empty file."""
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and not Path(path).exists():
        raise BackupError(Reason.NO_TABLES, path)


def _is_busy(error: DBAPIError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith("SQLITE_BUSY") or getattr(error.orig, "sqlstate", None) == _LOCK_TIMEOUT
