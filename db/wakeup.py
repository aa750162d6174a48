"""Telling other processes that something was stored, so that they need not look all the time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.session import engine_of, is_sqlite

logger = logging.getLogger(__name__)

TURNS = "turns"  # a turn came in
ANYTHING = "anything"  # we have only just begun to listen, so look at everything
# Every other message is the id of a chat that has a new reply.
_CHANNEL = "policybot"
RECONNECT_SECONDS = 2.0


def announce(session: Session, message: str) -> None:
    """Tell all processes when this transaction is committed. On SQLite there is only one."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_notify(:channel, :message)"), {"channel": _CHANNEL, "message": message}
        )


async def listen(sessions: sessionmaker[Session]) -> AsyncIterator[str]:
    """The messages of all processes, our own included, for ever. A lost connection is made again."""
    if is_sqlite(sessions):
        return
    url = engine_of(sessions).url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                await connection.execute(f"LISTEN {_CHANNEL}")
                yield ANYTHING
                async for notice in connection.notifies():
                    yield notice.payload
        except psycopg.OperationalError as error:
            logger.warning("the database connection for wake-ups was lost: %s", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)
