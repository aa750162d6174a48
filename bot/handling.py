"""Waiting turns become replies: a turn is handled and its replies are stored, both or neither."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.metrics import Metrics
from db import inbox, outbox, wakeup
from db.session import is_away, is_transient
from handlers.errors import TurnFailedError
from handlers.turn import Handle, Reply, Turn

logger = logging.getLogger(__name__)
T = TypeVar("T")

TOGETHER_SECONDS = 0.02  # how long turns are put into one transaction
ONE_BY_ONE = 100  # turns handled alone after one of several failed
ATTEMPTS = 5  # of a turn whose transaction fails by no fault of its own
PAUSE_SECONDS = 0.2


@dataclasses.dataclass(frozen=True, slots=True)
class _Done:
    """A turn that was handled, and how long it took from its arrival."""

    chat: str
    channel: str
    seconds: float
    replies: tuple[Reply, ...]


class TurnHandler:
    """Handles turns in database threads; several threads may call it at once."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        handle: Handle,
        clock: Callable[[], dt.datetime],
        metrics: Metrics,
    ) -> None:
        self._sessions = sessions
        self._handle = handle
        self._clock = clock
        self._metrics = metrics
        self._failures: dict[str, int] = {}
        self._one_by_one = 0

    def handle_some(self) -> set[str] | None:
        """Handle what waits, for a moment; the chats that have new replies, or None when no turn waits.

        Turns that wait together share a transaction. If one of them fails, it is done again turn by turn.
        """
        waiting = None
        done: list[_Done] = []
        try:
            with self._sessions.begin() as session:
                until = time.monotonic() + (0 if self._one_by_one else TOGETHER_SECONDS)
                while waiting := inbox.claim(session):
                    turn = Turn.from_json(waiting.turn)
                    done.append(self._finish(session, waiting, turn, self._handle(turn, session)))
                    if time.monotonic() >= until:
                        break
                chats = self._announce(session, done)
        except (TurnFailedError, DBAPIError) as error:
            return self._failed(waiting, error, alone=not done)
        self._one_by_one = max(0, self._one_by_one - 1)
        for finished in done:
            self._metrics.turn_handled(finished.channel, finished.seconds, finished.replies)
        return chats if done else None

    def _finish(
        self, session: Session, waiting: inbox.Waiting, turn: Turn, replies: tuple[Reply, ...]
    ) -> _Done:
        now = self._clock()
        edits = turn.message if replies and (replies[0].edit or replies[0].deletes) else None
        stored = [reply.to_json() for reply in replies]
        outbox.put(session, turn.chat, stored, turn_id=turn.id, now=now, edits=edits)
        inbox.finish(session, waiting.seq, now=now)
        return _Done(turn.chat, turn.channel, (now - waiting.received_at).total_seconds(), replies)

    def _announce(self, session: Session, done: Sequence[_Done]) -> set[str]:
        return _announce(session, outbox.told(session) | {finished.chat for finished in done})

    def _failed(
        self, waiting: inbox.Waiting | None, error: TurnFailedError | DBAPIError, *, alone: bool
    ) -> set[str]:
        if not alone:
            self._one_by_one = ONE_BY_ONE
            return set()
        if isinstance(error, TurnFailedError):
            assert waiting is not None  # the conversation had it
            return self._apologise(waiting, error.reply)
        return self._try_again(waiting.turn_id if waiting else "", error)

    def _apologise(self, waiting: inbox.Waiting, reply: Reply) -> set[str]:
        """All that remains of a turn that failed, in a transaction of its own."""
        with self._sessions.begin() as session:
            if not inbox.claim_again(session, waiting):  # somebody else has taken it meanwhile
                return set()
            return self._announce(
                session, [self._finish(session, waiting, Turn.from_json(waiting.turn), (reply,))]
            )

    def _try_again(self, turn_id: str, error: DBAPIError) -> set[str]:
        """The turn still waits, and is claimed anew. One that the database never takes ends the process."""
        failures = self._failures.get(turn_id, 0) + 1
        if not is_transient(error) or (failures > ATTEMPTS and not is_away(error)):
            raise error
        self._failures[turn_id] = failures
        logger.warning("a turn is tried again after %s", type(error.orig).__name__)
        time.sleep(PAUSE_SECONDS)
        return set()


def announcing(work: Callable[[Session], T]) -> Callable[[Session], tuple[T, set[str]]]:
    """`work`, and the chats that it told something."""

    def announced(session: Session) -> tuple[T, set[str]]:
        return work(session), _announce(session, outbox.told(session))

    return announced


def _announce(session: Session, chats: set[str]) -> set[str]:
    for chat in chats:
        wakeup.announce(session, chat)
    return chats
