"""Database work of a program that runs on one event loop: off the loop, and many small writes at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.session import is_sqlite

T = TypeVar("T")
THREADS = 4  # on PostgreSQL


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[[Session], Any]
    done: asyncio.Future[Any]


class DatabaseThreads:
    """Runs work in database threads, each piece as one transaction.

    SQLite has one writer at a time. A single thread gives every piece its turn in the order in which it
    came; several would wait for each other in naps of the driver, and some would wait long.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.count = 1 if is_sqlite(sessions) else THREADS
        self._sessions = sessions
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="database")
        self._waiting: list[_Write] = []
        self._lock = threading.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """Work that opens its transactions itself."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def in_session(self, work: Callable[[Session], T]) -> T:
        return await self.run(lambda: self._transaction(work))

    async def write(self, work: Callable[[Session], T]) -> T:
        """A small write. All that come while a transaction runs share the next one.

        When it returns, it is stored. If one of them fails, each is tried alone.
        """
        write = _Write(work, asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(write)
            first = len(self._waiting) == 1
        if first:  # whoever comes while the batch waits for its thread is in that batch
            self._threads.submit(self._write_waiting)
        result: T = await write.done
        return result

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    def _transaction(self, work: Callable[[Session], T]) -> T:
        with self._sessions.begin() as session:
            return work(session)

    def _write_waiting(self) -> None:
        with self._lock:
            writes, self._waiting = self._waiting, []
        try:
            results = self._transaction(lambda session: [write.work(session) for write in writes])
        except Exception:
            for write in writes:
                self._write_alone(write)
        else:
            for write, result in zip(writes, results, strict=True):
                _settle(write.done, result, None)

    def _write_alone(self, write: _Write) -> None:
        try:
            _settle(write.done, self._transaction(write.work), None)
        except Exception as error:  # it belongs to the one who asked, not to this thread
            _settle(write.done, None, error)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    def settle() -> None:
        if future.done():  # the one who waited has gone
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    future.get_loop().call_soon_threadsafe(settle)
