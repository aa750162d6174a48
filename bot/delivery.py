"""Between channels and conversation: every turn is stored, handled once, and its replies delivered.

What came in is stored before the channel is told so; it is handled, and its replies stored, in one
transaction; a reply stays due until its channel has it. So a process may die at any moment.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import itertools
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.group_commit import DatabaseThreads
from bot.metrics import Metrics
from db import inbox, outbox, wakeup
from db.models import OutboxReply
from db.session import is_sqlite, is_transient
from handlers.errors import TurnFailedError, new_reference, trace
from handlers.turn import Handle, Reply, Turn

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)  # longer than a channel may take over one reply, its own retries included
POLL_SECONDS = 1.0  # how long a wake-up that got lost, or a reply put off, may wait
CHATS_AT_ONCE = 64
STOP_SECONDS = 10.0  # for replies that are being sent
ATTEMPTS = 5  # of a turn whose transaction fails by no fault of its own

T = TypeVar("T")


class TryLaterError(Exception):
    """The channel cannot take the reply now (flood limit, network)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The channel will never take this reply; later ones may pass."""


class UnreachableError(Exception):
    """Nothing can be delivered to this chat any more, until something comes from there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    """A stored reply. `edits` is the channel's id of the message to replace, None for a new message."""

    seq: int
    turn_id: str
    chat: str
    reply: Reply
    edits: str | None


Send = Callable[[Outgoing], Awaitable[str | None]]


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
        self._handle = handle
        self._clock = clock
        self._database = DatabaseThreads(sessions)
        self._senders: dict[str, Send] = {}
        self._turns = asyncio.Event()
        self._due: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._stopping = asyncio.Event()
        self._failures: dict[str, int] = {}

    # --- for channels -----------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    async def accept(self, turns: Sequence[Turn]) -> None:
        """Store turns; when this returns they will be handled, once, whatever happens."""
        incoming = [inbox.Incoming(turn.id, turn.chat, turn.to_json()) for turn in turns]
        await self._database.write(lambda session: self._accept(session, incoming))
        self._turns.set()

    def _accept(self, session: Session, incoming: Sequence[inbox.Incoming]) -> None:
        inbox.accept(session, incoming, now=self._clock())
        wakeup.announce(session, wakeup.TURNS)

    async def in_session(self, work: Callable[[Session], T]) -> T:
        """Run `work` as one transaction, off the event loop."""
        return await self._database.in_session(work)

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
                for outgoing in await self.in_session(partial(_stored_after, chat=chat, after=after)):
                    after = outgoing.seq
                    yield outgoing
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

    def _wake(self, chat: str) -> None:
        self._due[chat.partition(":")[0]].set()
        for bell in self._listeners.get(chat, ()):
            bell.set()

    # --- handling ---------------------------------------------------------------------------

    async def _handle_turns(self) -> None:
        while not self.stopping:
            self._turns.clear()
            handled = await self._database.run(self._handle_next)
            if handled is None:
                await _wait(self._turns, POLL_SECONDS)
                continue
            for chat in handled:
                self._wake(chat)

    def _handle_next(self) -> set[str] | None:
        """The chats that have new replies; None when no turn waits."""
        waiting = None
        try:
            with self._sessions.begin() as session:
                waiting = inbox.claim(session)
                if waiting is None:
                    return None
                turn = Turn.from_json(waiting.turn)
                return self._finish(session, waiting, turn, self._handle(turn, session))
        except TurnFailedError as failed:
            assert waiting is not None  # the conversation had it
            return self._apologise(waiting, failed.reply)
        except DBAPIError as error:
            return self._try_again(waiting.turn_id if waiting else "", error)

    def _apologise(self, waiting: inbox.Waiting, reply: Reply) -> set[str]:
        """All that remains of a turn that failed, in a transaction of its own."""
        with self._sessions.begin() as session:
            if not inbox.claim_again(session, waiting):  # somebody else has taken it meanwhile
                return set()
            return self._finish(session, waiting, Turn.from_json(waiting.turn), (reply,))

    def _try_again(self, turn_id: str, error: DBAPIError) -> set[str]:
        """The turn still waits, and is claimed anew; a database that stays away ends the process."""
        failures = self._failures.get(turn_id, 0) + 1
        if not is_transient(error) or failures > ATTEMPTS:
            raise error
        self._failures[turn_id] = failures
        logger.warning("a turn is tried again after %s", type(error.orig).__name__)
        return set()

    def _finish(
        self, session: Session, waiting: inbox.Waiting, turn: Turn, replies: tuple[Reply, ...]
    ) -> set[str]:
        now = self._clock()
        edits = turn.message if replies and replies[0].edit else None
        stored = [reply.to_json() for reply in replies]
        outbox.put(session, turn.chat, stored, turn_id=turn.id, now=now, edits=edits)
        inbox.finish(session, waiting.seq, now=now)
        chats = outbox.told(session) | {turn.chat}
        for chat in chats:
            wakeup.announce(session, chat)
        self.metrics.turn_handled(turn.channel, (now - waiting.received_at).total_seconds(), replies)
        return chats

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

    async def _claim(self, channel: str, limit: int) -> list[OutboxReply]:
        return await self.write(
            lambda session: outbox.claim(session, channel, now=self._clock(), lease=LEASE, limit=limit)
        )

    async def _send_chat(self, replies: list[Outgoing], send: Send) -> None:
        """Send in order; one that has to wait keeps those after it waiting."""
        for position, outgoing in enumerate(replies):
            try:
                message = await send(outgoing)
            except TryLaterError as later:
                await self._put_off(replies[position:], later.seconds)
                return
            except UnreachableError as error:
                await self._give_up_chat(outgoing, str(error))
                return
            except Exception as error:
                await self._give_up(outgoing, error)
            else:
                await self._delivered(outgoing, message)

    async def _delivered(self, outgoing: Outgoing, message: str | None) -> None:
        await self.write(
            lambda session: outbox.delivered(session, outgoing.seq, message=message, now=self._clock())
        )
        self.metrics.reply_sent(outgoing.chat.partition(":")[0])

    async def _put_off(self, replies: list[Outgoing], seconds: float) -> None:
        until = self._clock() + dt.timedelta(seconds=seconds)
        seqs = [outgoing.seq for outgoing in replies]
        await self.write(lambda session: outbox.put_off(session, seqs, until=until))
        due = self._due[replies[0].chat.partition(":")[0]]
        asyncio.get_running_loop().call_later(seconds, due.set)

    async def _give_up_chat(self, outgoing: Outgoing, reason: str) -> None:
        logger.info("chat is unreachable: %s", reason)
        await self.write(
            lambda session: outbox.chat_is_unreachable(
                session, outgoing.chat, reason=reason, now=self._clock()
            )
        )

    async def _give_up(self, outgoing: Outgoing, error: Exception) -> None:
        """A reply that its channel refuses, or that breaks the channel's code, must not block the chat."""
        reference = new_reference()
        told = str(error) if isinstance(error, RefusedError) else trace(error)
        logger.error("reference %s: a reply was not delivered: %s", reference, told)
        await self.write(
            lambda session: outbox.give_up(session, outgoing.seq, reason=reference, now=self._clock())
        )
        self.metrics.reply_lost(outgoing.chat.partition(":")[0])


def _stored_after(session: Session, chat: str, after: int) -> list[Outgoing]:
    return [_outgoing(row) for row in outbox.after(session, chat, after)]


def _outgoing(row: OutboxReply) -> Outgoing:
    assert row.seq is not None
    return Outgoing(row.seq, row.turn_id, row.chat, Reply.from_json(row.reply), row.edits)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
