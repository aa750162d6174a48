"""People who ask on Telegram and on the web page while the bot dies under them.

Everybody asks for rows 1, 2, 3, … of the assessment table, so each reply tells which question it is for.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Sequence

import httpx

from tests.botapi.server import BotApi
from tests.soak.bot_process import BotProcess

_ROW = re.compile(r"第(\d+)项")
RETRY_SECONDS = 0.2
TROUBLE = (httpx.HTTPError, httpx.StreamError)


def question(number: int) -> str:
    return f"第{number}项归谁考核"


def row_of(text: str) -> int | None:
    """The row that a reply speaks of first."""
    found = _ROW.search(text)
    return int(found[1]) if found else None


class TelegramPerson:
    """Writes at once; Telegram keeps what the bot has not confirmed."""

    def __init__(self, api: BotApi, number: int) -> None:
        self.name = f"telegram:{number}"
        self._user = api.user(number)
        self._user.says("/start")

    async def ask(self, number: int) -> None:
        self._user.says(question(number))

    async def shown(self) -> list[int]:
        """The rows in the order in which their replies stand in the chat, repetitions included."""
        rows = [row_of(message.text) for message in self._user.messages]
        return [row for row in rows if row is not None]


class WebPerson:
    """Does what the page does: sends until the server has it, reads the stream, shows each number once."""

    def __init__(self, bots: Sequence[BotProcess], number: int) -> None:
        self.name = f"web:{number}"
        self._bots = bots
        self._number = number
        self._client = httpx.AsyncClient(timeout=10)
        self._csrf = ""
        self._seen = 0
        self._shown: list[int] = []
        self._reading: asyncio.Task[None] | None = None

    async def enter(self) -> None:
        await self._insist("GET", "/")
        self._csrf = (await self._insist("GET", "/api/history")).json()["csrf"]
        self._reading = asyncio.create_task(self._read())

    async def leave(self) -> None:
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._client.aclose()

    async def ask(self, number: int) -> None:
        turn = {"id": str(uuid.uuid4()), "text": question(number), "seen": self._seen}
        for _ in range(2):  # as if the line had lost the answer to the first
            await self._insist("POST", "/api/turns", json=turn, headers={"X-CSRF-Token": self._csrf})

    async def shown(self) -> list[int]:
        return list(self._shown)

    @property
    def _url(self) -> str:
        return self._bots[self._number % len(self._bots)].url

    async def _insist(self, method: str, path: str, **options: object) -> httpx.Response:
        """Send again and again, the same, as a phone on a bad line does."""
        while True:
            try:
                response = await self._client.request(method, self._url + path, **options)  # type: ignore[arg-type]
                if response.status_code < 500 and response.status_code != 429:
                    response.raise_for_status()
                    return response
            except httpx.HTTPStatusError:
                raise
            except TROUBLE:
                pass
            await asyncio.sleep(RETRY_SECONDS)

    async def _read(self) -> None:
        while True:
            try:
                path = f"{self._url}/api/events?after={self._seen}"
                async with self._client.stream("GET", path, timeout=None) as response:
                    async for line in response.aiter_lines():
                        self._show(line)
            except TROUBLE:
                pass
            await asyncio.sleep(RETRY_SECONDS)

    def _show(self, line: str) -> None:
        if not line.startswith('data: {"seq"'):
            return
        reply = json.loads(line.removeprefix("data: "))
        if reply["seq"] <= self._seen:
            return
        self._seen = reply["seq"]
        row = row_of("".join(part for part, _ in reply["spans"]))
        if row is not None:
            self._shown.append(row)
