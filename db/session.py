"""The engine and its sessions, from a database URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import migrate
from db.crypto import KEYRING, Keys

_SERIALIZATION = ("40001", "40P01")  # PostgreSQL: could not serialize; deadlock detected
_POSTGRESQL_AWAY = ("08", "53", "57P")  # connection exception; insufficient resources; shutdown
_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
SQLITE_BEGIN = "sqlite_begin"
BUSY_TIMEOUT_MS = 10_000
_PAUSE_SECONDS = 0.01
POSTGRESQL_CONNECTIONS = 8  # of one process


class DatabaseError(Exception):
    """The database cannot be opened; the message names it without its password."""


class OutdatedDatabaseError(DatabaseError):
    """The tables are those of another version of the program."""


def open_database(url: str, keyring: Keys | None = None) -> sessionmaker[Session]:
    """Connect and return the factory of sessions. SQLite is brought up to date on the way.

    Without a keyring everything works but what is sealed (db/crypto).

    Raises:
        OutdatedDatabaseError: another database is not up to date; `migrate_database` mends that.
        DatabaseError: the URL is malformed, its driver is missing, or the database refuses.
    """
    engine = _engine(url)
    try:
        if not migrate.is_current(engine):
            if engine.dialect.name != "sqlite":
                raise OutdatedDatabaseError(without_password(url))
            migrate.upgrade(engine)
    except SQLAlchemyError as error:
        raise DatabaseError(f"{without_password(url)}: {reason(error)}") from error
    return sessionmaker(engine, class_=Session, expire_on_commit=False, info={KEYRING: keyring})


def migrate_database(url: str) -> tuple[str | None, str | None]:
    """Bring any database up to date. Raises DatabaseError like `open_database`.

    Returns:
        The versions of its tables before and after; None for a database without any.
    """
    with database_as_it_is(url) as engine:
        before = migrate.current(engine)
        migrate.upgrade(engine)
        return before, migrate.current(engine)


@contextmanager
def database_as_it_is(url: str) -> Iterator[Engine]:
    """Connect, whatever the version of the tables, and disconnect. Raises DatabaseError."""
    engine = _engine(url)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise DatabaseError(f"{without_password(url)}: {reason(error)}") from error
    finally:
        engine.dispose()


def engine_of(sessions: sessionmaker[Session]) -> Engine:
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    return engine


def is_sqlite(sessions: sessionmaker[Session]) -> bool:
    return engine_of(sessions).dialect.name == "sqlite"


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed when tried again."""
    return is_away(error) or getattr(getattr(error, "orig", None), "sqlstate", None) in _SERIALIZATION


def is_away(error: BaseException) -> bool:
    """Whether the database itself is in trouble: not reachable, shutting down, busy, its disk full."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "").startswith(_SQLITE_AWAY)
    state = getattr(error.orig, "sqlstate", None)
    unreachable = isinstance(error.orig, psycopg.OperationalError) and state is None
    return error.connection_invalidated or unreachable or str(state).startswith(_POSTGRESQL_AWAY)


def _engine(url: str) -> Engine:
    try:
        # Parameters hold what people wrote and must not reach an error or a log.
        options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
        parsed = _with_driver(make_url(url))
        if parsed.get_backend_name() != "sqlite":
            options |= {"pool_size": POSTGRESQL_CONNECTIONS, "max_overflow": POSTGRESQL_CONNECTIONS}
        engine = create_engine(parsed, **options)
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseError(f"{without_password(url)}: {reason(error)}") from error
    if engine.dialect.name == "sqlite":
        _configure_sqlite(engine)
    return engine


def _with_driver(url: URL) -> URL:
    """`postgresql://…`, as people write it, means the driver that comes with the product."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _configure_sqlite(engine: Engine) -> None:
    """Readers and one writer side by side; a writer waits for another one instead of failing.

    The driver would begin a transaction at the first write, too late to wait: whoever has read before
    gets "database is locked" at once. So each transaction begins as a writing one. `synchronous=FULL`
    keeps what was committed when the power fails; a program that is killed loses nothing either way.
    A reader that must keep no writer waiting says so with the execution option SQLITE_BEGIN.
    """

    def on_connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(SQLITE_BEGIN, "BEGIN IMMEDIATE"))

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL. While another process does so on a new file, SQLite refuses and waits for nothing."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)


def without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "database URL"


def reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
