"""`python -m bot run` in this process: everything real but the clock and Telegram's servers."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import re
import signal
import socket
from contextlib import redirect_stdout
from dataclasses import dataclass, field

import httpx

from bot import serve
from bot.config import Settings
from db.days import CHINA
from knowledge.library import KnowledgeBase

SECONDS = 20
_STARTED = "停止：按 Ctrl+C。"


class Clock:
    """Goes on as clocks do, and far ahead when told to."""

    def __init__(self, *day: int) -> None:
        self._ahead = _morning(day) - dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self._ahead

    def goes_to(self, *day: int) -> None:
        """Half past nine in the morning of that day in China."""
        ahead = _morning(day) - self()
        assert ahead > dt.timedelta(0), "time does not run backwards"
        self._ahead += ahead


def _morning(day: tuple[int, ...]) -> dt.datetime:
    return dt.datetime.combine(dt.date(*day), dt.time(9, 30), CHINA)


@dataclass
class Program:
    """Started and stopped, again and again, over the same data."""

    settings: Settings
    library: KnowledgeBase
    output: str = ""
    """All that it has printed."""
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://{self.settings.web.host}:{self.settings.web.port}"

    @property
    def first_link(self) -> str:
        """For the first administrator, as printed."""
        found = re.search(rf"{self.url}/in/\w+", self.output)
        assert found, self.output
        return found[0]

    async def start(self) -> None:
        printed = io.StringIO()
        with redirect_stdout(printed):
            self._task = asyncio.create_task(serve.serve(self.settings, self.library))
            async with asyncio.timeout(SECONDS):
                while _STARTED not in printed.getvalue() or not await self._is_reached():
                    self.still_runs()
                    await asyncio.sleep(0.01)
        self.output += printed.getvalue()

    async def stop(self) -> None:
        """As the operating system does it."""
        task, self._task = self._task, None
        if task is None:
            return
        if not task.done():  # else nobody takes the signal, and it ends the tests
            signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(task, SECONDS)

    def still_runs(self) -> None:
        """Raises what it ended with, if it has ended."""
        if self._task and self._task.done():
            self._task.result()
            raise AssertionError("it ended")

    async def _is_reached(self) -> bool:
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
            except httpx.TransportError:
                return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
