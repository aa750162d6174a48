"""The engine and its sessions, from a database URL.

Tables that are missing are created; a table that exists is left as it is. Alembic migrations, which
will change existing tables, come with the next issue.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, SQLModel

import db.models  # noqa: F401  (declares the tables)

BUSY_TIMEOUT_MS = 5_000


class DatabaseError(Exception):
    """The database cannot be opened; the message names it without its password."""


def open_database(url: str) -> sessionmaker[Session]:
    """Connect, create the missing tables, and return the factory of sessions.

    Raises:
        DatabaseError: the URL is malformed, its driver is missing, or the database refuses.
    """
    try:
        # Parameters hold what people wrote and must not reach an error or a log.
        engine = create_engine(make_url(url), hide_parameters=True, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            _configure_sqlite(engine)
        SQLModel.metadata.create_all(engine)
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseError(f"{_without_password(url)}: {_reason(error)}") from error
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def _configure_sqlite(engine: Engine) -> None:
    """Readers and one writer side by side; a writer waits for another one instead of failing.

    The driver would begin a transaction at the first write, too late to wait: whoever has read before
    gets "database is locked" at once. So each transaction begins as a writing one.
    """

    def on_connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "database URL"


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
