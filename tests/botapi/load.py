"""Load from within the server, so that a benchmark needs no second process in its measurement."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.chats import Chat
from tests.botapi.state import State

FIRST_PERSON = 1_000_000


@dataclass
class Load:
    """Messages of many people at a steady rate; the bot's next message in a chat answers the oldest."""

    state: State
    texts: list[str]
    chats: int
    rate: float
    """Messages a second; 0 for as fast as they are answered, one per chat under way."""
    seconds: float
    sent: int = 0
    waiting: dict[int, list[float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    answered_at: float = 0.0
    _ended: bool = False

    async def run(self) -> dict[str, Any]:
        self.state.on_sent = self._answered
        started = time.perf_counter()
        people = [self.state.chats.private(FIRST_PERSON + number, "压测") for number in range(self.chats)]
        if self.rate:
            await self._steadily(people, started)
        else:
            for chat in people:
                self._ask(chat)
            await asyncio.sleep(self.seconds)
        self._ended = True
        await self._drain()
        self.state.on_sent = None
        return self._report(started)

    async def _steadily(self, people: list[Chat], started: float) -> None:
        while (passed := time.perf_counter() - started) < self.seconds:
            while self.sent < passed * self.rate:
                self._ask(people[self.sent % len(people)])
            await asyncio.sleep(0.001)

    async def _drain(self) -> None:
        """The last answers; ends when nothing more comes for five seconds."""
        quiet_since = time.perf_counter()
        while any(self.waiting.values()) and time.perf_counter() - max(quiet_since, self.answered_at) < 5:
            await asyncio.sleep(0.01)

    def _ask(self, chat: Chat) -> None:
        sender = {"id": chat.id, "is_bot": False, "first_name": "压测", "language_code": "zh-hans"}
        text = self.texts[self.sent % len(self.texts)]
        message = self.state.chats.add(chat, sender, text=text)
        self.sent += 1
        self.waiting.setdefault(chat.id, []).append(time.perf_counter())
        update = self.state.updates.make({"message": message.wire()}, ("chat", chat.id))
        self.state.updates.add(update)

    def _answered(self, chat: Chat) -> None:
        asked = self.waiting.get(chat.id)
        if not asked:
            return
        self.answered_at = time.perf_counter()
        self.latencies.append(self.answered_at - asked.pop(0))
        if not self.rate and not self._ended:
            self._ask(chat)

    def _report(self, started: float) -> dict[str, Any]:
        ordered = sorted(self.latencies)
        seconds = max(self.answered_at - started, 1e-9)

        def at(share: float) -> float | None:
            return (
                round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000, 2)
                if ordered
                else None
            )

        return {
            "sent": self.sent,
            "answered": len(ordered),
            "answers_per_second": round(len(ordered) / seconds, 1),
            "p50_ms": at(0.5),
            "p95_ms": at(0.95),
            "p99_ms": at(0.99),
            "max_ms": at(1),
        }
