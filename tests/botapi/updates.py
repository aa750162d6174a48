"""The queue of updates: kept until they are confirmed, by polling or by the webhook's answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.botapi.refusals import RefusalError, conflict

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    kind: str
    queue: tuple[str, int]
    """Updates of one queue keep their order; a person's presses are another queue than the messages."""
    body: bytes


class Updates:
    """Belongs to the loop of the server, but `make` may be called by any thread under the lock."""

    def __init__(self) -> None:
        self.pending: dict[int, Update] = {}
        self.known: dict[int, Update] = {}
        self.allowed: list[str] = []
        self.on_new: Callable[[Update], None] | None = None
        """The webhook, if one is set."""
        self.remember = True
        self.polled = False
        self._again: list[Update] = []
        self._last_id = 100_000
        self._poll: asyncio.Future[RefusalError | None] | None = None

    def make(self, payload: dict[str, Any], queue: tuple[str, int]) -> Update:
        self._last_id += 1
        kind = next(iter(payload))
        body = json.dumps({"update_id": self._last_id, **payload}, ensure_ascii=False).encode()
        return Update(self._last_id, kind, queue, body)

    def allows(self, update: Update) -> bool:
        return update.kind in self.allowed if self.allowed else update.kind not in NOT_BY_DEFAULT

    def add(self, update: Update) -> None:
        self.pending[update.id] = update
        if self.remember:
            self.known[update.id] = update
        if self.on_new:
            self.on_new(update)
        self._wake(None)

    def deliver_again(self, update: Update) -> None:
        """Once more, although it was confirmed."""
        if self.on_new:
            self.pending[update.id] = update
            self.on_new(update)
        else:
            self._again.append(update)
            self._wake(None)

    def _wake(self, refusal: RefusalError | None) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(refusal)

    def abort_poll(self, reason: str) -> None:
        self._wake(conflict(f"terminated by {reason}"))

    def take(self, offset: int, limit: int) -> list[Update]:
        """Confirms what is before the offset; what is taken stays until it is confirmed."""
        if offset < 0:
            offset = [*self.pending][max(offset, -len(self.pending))] if self.pending else 0
        while self.pending and (first := next(iter(self.pending))) < offset:
            del self.pending[first]
        again, self._again = self._again[:limit], self._again[limit:]
        taken = list(again)
        for update in self.pending.values():
            if len(taken) >= limit:
                break
            taken.append(update)
        return taken

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """Waits for updates; a second call ends the first one with a conflict."""
        self.polled = True
        self.abort_poll("other getUpdates request; make sure that only one bot instance is running")
        taken = self.take(offset, limit)
        if taken or seconds <= 0:
            return taken
        self._poll = mine = asyncio.get_running_loop().create_future()
        try:
            refusal = await asyncio.wait_for(mine, seconds)
        except TimeoutError:
            return []
        finally:
            if self._poll is mine:
                self._poll = None
        if refusal:
            raise refusal
        return self.take(offset, limit)
