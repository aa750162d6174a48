"""Between channels and conversation: every turn is stored, handled once, and its replies delivered.

A process may die at any moment: see docs/adr/0008-inbox-and-outbox.md.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.group_commit import DatabaseThreads
from bot.handling import TurnHandler, announcing
from bot.metrics import Metrics
from bot.sending import Outgoing, RefusedError, Send, TryLaterError, UnreachableError
from db import inbox, outbox, wakeup
from db.session import is_sqlite, is_transient
from handlers.errors import new_reference, trace
from handlers.turn import Handle, Reply, Turn

logger = logging.getLogger(__name__)
T = TypeVar("T")

LEASE = dt.timedelta(seconds=60)  # twice as long as a channel may take over one reply
POLL_SECONDS = 1.0  # how long a wake-up that got lost, or a reply put off, may wait
CHATS_AT_ONCE = 8  # httpx looks at all its connections for each request, so many are slower than few
STOP_SECONDS = 10.0  # for replies that are being sent


class Delivery:
    """`run` works until `stop`. All methods belong to the event loop that `run` is on."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        handle: Handle,
        clock: Callable[[], dt.datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self._sessions = sessions
        self._handler = TurnHandler(sessions, handle, clock, self.metrics)
        self._clock = clock
        self._database = DatabaseThreads(sessions)
        self._senders: dict[str, Send] = {}
        self._turns = asyncio.Event()
        self._due: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._stopping = asyncio.Event()

    # --- for channels -----------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    async def accept(self, turns: Sequence[Turn]) -> None:
        """Store turns; when this returns they will be handled, once, whatever happens."""
        incoming = [inbox.Incoming(turn.id, turn.chat, turn.to_json()) for turn in turns]
        await self.write(lambda session: self._accept(session, incoming))
        self._turns.set()

    def _accept(self, session: Session, incoming: Sequence[inbox.Incoming]) -> None:
        inbox.accept(session, incoming, now=self._clock())
        wakeup.announce(session, wakeup.TURNS)

    async def in_session(self, work: Callable[[Session], T]) -> T:
        """Run `work` as one transaction, off the event loop. Chats that it tells something are woken."""
        result, chats = await self._database.in_session(announcing(work))
        self._wake(*chats)
        return result

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run a small write in a transaction that it shares with others."""
        return await self._database.write(work)

    async def replies(self, chat: str, after: int) -> AsyncIterator[Outgoing]:
        """The replies of a chat with a higher number, then those to come, until delivery stops."""
        bell = asyncio.Event()
        self._listeners[chat].add(bell)
        try:
            while not self.stopping:
                bell.clear()
                rows = await self.in_session(partial(outbox.after, chat=chat, seq=after))
                for row in rows:
                    after = row.seq
                    yield _outgoing(row)
                if len(rows) < outbox.READ_AT_ONCE:
                    await bell.wait()
        finally:
            self._listeners[chat].discard(bell)
            if not self._listeners[chat]:
                del self._listeners[chat]

    async def seen(self, chat: str, seq: int) -> None:
        """The person has every reply up to this number."""
        await self.write(lambda session: outbox.seen(session, chat, seq, now=self._clock()))

    def add_sender(self, channel: str, send: Send) -> None:
        """Deliver the replies of a channel by calling `send`, which returns the id of the message made.

        It is called for one reply at a time of a chat, and may raise TryLaterError, RefusedError or
        UnreachableError.
        """
        self._senders[channel] = send

    # --- running ----------------------------------------------------------------------------

    async def run(self) -> None:
        """Handle and deliver until `stop`; what is being done then is finished."""
        await self._database.run(self._take_over)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._database.count):
                tasks.create_task(self._handle_turns())
            for channel, send in self._senders.items():
                tasks.create_task(self._send_replies(channel, send))
            listening = tasks.create_task(self._listen())
            await self._stopping.wait()
            listening.cancel()

    def stop(self) -> None:
        """Take nothing new from the queues; what comes in until `close` is still stored."""
        self._stopping.set()
        self._wake_all()

    async def wait_until_stopped(self, seconds: float) -> None:
        """Return after that time, or as soon as `stop` is called."""
        await _wait(self._stopping, seconds)

    def close(self) -> None:
        """The end, after `run` has returned and the channels have stopped."""
        self._database.close()

    def _take_over(self) -> None:
        """On SQLite nobody else works here, so what the process before had claimed is free."""
        if is_sqlite(self._sessions):
            with self._sessions.begin() as session:
                for channel in self._senders:
                    outbox.release(session, channel, now=self._clock())

    async def _listen(self) -> None:
        """Hear of what other processes have stored. SQLite has no other processes."""
        async for message in wakeup.listen(self._sessions):
            if message == wakeup.TURNS:
                self._turns.set()
            elif message == wakeup.ANYTHING:
                self._wake_all()
            else:
                self._wake(message)

    def _wake_all(self) -> None:
        listeners = itertools.chain.from_iterable(self._listeners.values())
        for bell in (self._turns, *self._due.values(), *listeners):
            bell.set()

    def _wake(self, *chats: str) -> None:
        for chat in chats:
            self._due[chat.partition(":")[0]].set()
            for bell in self._listeners.get(chat, ()):
                bell.set()

    async def _handle_turns(self) -> None:
        while not self.stopping:
            self._turns.clear()
            handled = await self._database.run(self._handler.handle_some)
            if handled is None:
                await _wait(self._turns, POLL_SECONDS)
                continue
            self._wake(*handled)

    # --- sending ----------------------------------------------------------------------------

    async def _send_replies(self, channel: str, send: Send) -> None:
        sending: set[asyncio.Task[None]] = set()
        while not self.stopping:
            self._due[channel].clear()
            free = CHATS_AT_ONCE - len(sending)
            rows = await self._claim(channel, free) if free else []
            for _, of_chat in itertools.groupby(rows, key=lambda row: row.chat):
                task = asyncio.create_task(self._send_chat([_outgoing(row) for row in of_chat], send))
                sending.add(task)
                task.add_done_callback(sending.discard)
                task.add_done_callback(lambda _: self._due[channel].set())
            if not rows:
                await _wait(self._due[channel], POLL_SECONDS)
        if sending:
            await asyncio.wait(sending, timeout=STOP_SECONDS)

    async def _claim(self, channel: str, limit: int) -> list[outbox.Due]:
        return await self._insist(
            lambda session: outbox.claim(session, channel, now=self._clock(), lease=LEASE, limit=limit)
        )

    async def _insist(self, work: Callable[[Session], T]) -> T:
        """Write as soon as the database allows: nobody else would do it if we gave up."""
        while True:
            try:
                return await self.write(work)
            except DBAPIError as error:
                if not is_transient(error):
                    raise
                logger.warning("the database is tried again after %s", type(error.orig).__name__)
                await asyncio.sleep(POLL_SECONDS)

    async def _send_chat(self, replies: list[Outgoing], send: Send) -> None:
        """Send in order; one that has to wait keeps those after it waiting."""
        until = self._clock() + LEASE / 2
        for position, outgoing in enumerate(replies):
            if self._clock() > until:  # or somebody would take over what we are about to send
                await self._put_off(replies[position:], 0)
                return
            try:
                message = await send(outgoing)
            except TryLaterError as later:
                await self._put_off(replies[position:], later.seconds)
                return
            except UnreachableError as error:
                await self._give_up_chat(outgoing.chat, str(error))
                return
            except Exception as error:
                await self._give_up(outgoing, error)
            else:
                await self._delivered(outgoing, message)

    async def _delivered(self, outgoing: Outgoing, message: str | None) -> None:
        await self._insist(
            lambda session: outbox.delivered(session, outgoing.seq, message=message, now=self._clock())
        )
        self.metrics.reply_sent(outgoing.chat.partition(":")[0])

    async def _put_off(self, replies: list[Outgoing], seconds: float) -> None:
        until = self._clock() + dt.timedelta(seconds=seconds)
        seqs = [outgoing.seq for outgoing in replies]
        await self._insist(lambda session: outbox.put_off(session, seqs, until=until))
        due = self._due[replies[0].chat.partition(":")[0]]
        asyncio.get_running_loop().call_later(seconds, due.set)

    async def _give_up_chat(self, chat: str, reason: str) -> None:
        logger.info("chat is unreachable: %s", reason)
        await self._insist(
            lambda session: outbox.chat_is_unreachable(session, chat, reason=reason, now=self._clock())
        )

    async def _give_up(self, outgoing: Outgoing, error: Exception) -> None:
        """A reply that its channel refuses, or that breaks the channel's code, must not block the chat."""
        reference = new_reference()
        told = str(error) if isinstance(error, RefusedError) else trace(error)
        logger.error("reference %s: a reply was not delivered: %s", reference, told)
        await self._insist(
            lambda session: outbox.give_up(session, outgoing.seq, reason=reference, now=self._clock())
        )
        self.metrics.reply_lost(outgoing.chat.partition(":")[0])


def _outgoing(row: outbox.Due) -> Outgoing:
    return Outgoing(row.seq, row.turn_id, row.chat, Reply.from_json(row.reply), row.edits)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
