"""All that is sealed in the database: whether the keys open it, and sealing it anew with the newest one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Column, LargeBinary, Table, and_, func, literal, or_, select, tuple_, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, SQLModel

import db.models_cases  # noqa: F401  (its tables)
from db.crypto import hold_keys, keyring_of, open_file, open_message, seal, seal_bytes, unseal, unseal_bytes
from db.session import is_transient

ROWS_AT_ONCE = 50
ATTEMPTS = 5
PAUSE_SECONDS = 0.1
_Row = Mapping[str, Any]
T = TypeVar("T")


def has_sealed(session: Session) -> bool:
    return any(True for _ in _samples(session))


def check_keys(session: Session) -> None:
    """Open one row of each table. Raises UnsealError when the keys are not those of the database."""
    for table, row in _samples(session):
        for column in _sealed(table):
            _unsealed(session, column, row[column.name])


def reseal(sessions: sessionmaker[Session]) -> int:
    """Seal everything with the newest key, and return how many rows had another one.

    The bot may run meanwhile: it is done batch by batch, and whoever seals takes the newest key. At the
    end nobody may seal for a moment, so that what was under way with the old key is not missed. May be
    interrupted and begun anew at any time.
    """
    done = sum(_reseal_table(sessions, table) for table in _tables())
    return done + _tried(sessions, _reseal_rest)


def _reseal_rest(session: Session) -> int:
    hold_keys(session, alone=True)
    rest = [(table, row) for table in _tables() for row in _old_rows(session, table, None, None)]
    for table, row in rest:
        _reseal_row(session, table, row)
    return len(rest)


def _reseal_table(sessions: sessionmaker[Session], table: Table) -> int:
    done, last = 0, None
    while batch := _tried(sessions, partial(_reseal_batch, table=table, last=last)):
        done, last = done + len(batch), batch[-1]
    return done


def _reseal_batch(session: Session, table: Table, last: _Row | None) -> list[_Row]:
    """The rows that were sealed anew, in the order of their primary key; none at the end of the table."""
    rows = _old_rows(session, table, last, ROWS_AT_ONCE)
    for row in rows:
        _reseal_row(session, table, row)
    return rows


def _tried(sessions: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    """`work` as a transaction, once more if it and a turn have locked each other out."""
    for _ in range(ATTEMPTS - 1):
        try:
            with sessions.begin() as session:
                return work(session)
        except DBAPIError as error:
            if not is_transient(error):
                raise
            time.sleep(PAUSE_SECONDS)
    with sessions.begin() as session:
        return work(session)


def _old_rows(session: Session, table: Table, last: _Row | None, limit: int | None) -> list[_Row]:
    """Rows after `last` with something that the newest key has not sealed, locked."""
    newest = keyring_of(session).newest.id
    old = or_(*(_is_old(column, newest) for column in _sealed(table)))
    key = list(table.primary_key.columns)
    wanted = select(*key, *_sealed(table)).where(old).order_by(*key).limit(limit).with_for_update()
    if last is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(*(literal(last[column.name]) for column in key)))
    return [dict(row) for row in session.connection().execute(wanted).mappings()]


def _is_old(column: Column[Any], newest: str) -> Any:
    opening: Any = f"{newest}:"
    nothing: Any = ""
    if isinstance(column.type, LargeBinary):
        opening, nothing = opening.encode(), b""
    return and_(column != nothing, func.substr(column, 1, len(opening)) != literal(opening, column.type))


def _reseal_row(session: Session, table: Table, row: _Row) -> None:
    anew = {column.name: _resealed(session, column, row[column.name]) for column in _sealed(table)}
    this = and_(*(column == row[column.name] for column in table.primary_key.columns))
    session.connection().execute(update(table).where(this).values(anew))


def _resealed(session: Session, column: Column[Any], token: str | bytes | None) -> str | bytes | None:
    opened = _unsealed(session, column, token)
    if opened is None:
        return None
    return seal(session, opened) if isinstance(opened, str) else seal_bytes(session, opened)


def _unsealed(session: Session, column: Column[Any], token: str | bytes | None) -> str | bytes | None:
    if token is None:
        return None
    if column.info.get("open"):
        return open_message(session, token) if isinstance(token, str) else open_file(session, bytes(token))
    return unseal(session, token) if isinstance(token, str) else unseal_bytes(session, bytes(token))


def _samples(session: Session) -> Iterator[tuple[Table, _Row]]:
    """One row of each table that has something sealed."""
    for table in _tables():
        columns = _sealed(table)
        filled = or_(*(_is_sealed(column) for column in columns))
        row = session.connection().execute(select(*columns).where(filled).limit(1)).mappings().first()
        if row is not None:
            yield table, dict(row)


def _is_sealed(column: Column[Any]) -> Any:
    """What was stored before there were keys begins otherwise: JSON with a brace, files with their mark."""
    if not column.info.get("open"):
        return func.length(column) > 0
    opening: Any = b"k" if isinstance(column.type, LargeBinary) else "k"
    return func.substr(column, 1, 1) == literal(opening, column.type)


def _tables() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.info.get("sealed")]
