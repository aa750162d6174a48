"""Pushes updates to the bot's webhook until each is answered with 2xx."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from urllib.parse import urlsplit

from tests.botapi.updates import Update, Updates


class Webhook:
    """Updates of one queue go one after the other, queues side by side."""

    def __init__(
        self, updates: Updates, url: str, secret: str, max_connections: int, first_delay: float
    ) -> None:
        self.url = url
        self.max_connections = max_connections
        self.last_error = ""
        self.attempts: list[tuple[int, int]] = []
        """Update id and status of every push, 0 for a failed connection."""
        self._first_delay = first_delay
        self._updates = updates
        self._head = _head(url, secret)
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._slots = asyncio.Semaphore(max_connections)
        self._queues: dict[tuple[str, int], deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    def start(self) -> None:
        self._updates.on_new = self.add
        for update in self._updates.pending.values():
            self.add(update)

    def stop(self) -> None:
        self._updates.on_new = None
        for task in self._tasks:
            task.cancel()
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    def add(self, update: Update) -> None:
        if queue := self._queues.get(update.queue):
            queue.append(update)
            return
        self._queues[update.queue] = deque([update])
        task = asyncio.ensure_future(self._drain(update.queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, name: tuple[str, int]) -> None:
        queue = self._queues[name]
        while queue:
            await self._push_until_taken(queue[0])
            self._updates.pending.pop(queue.popleft().id, None)
        del self._queues[name]

    async def _push_until_taken(self, update: Update) -> None:
        delay = self._first_delay
        while True:
            async with self._slots:
                status, retry_after = await self._push(update)
            self.attempts.append((update.id, status))
            if 200 <= status <= 299:
                return
            self.last_error = (
                f"Wrong response from the webhook: {status}" if status else "Webhook connection closed"
            )
            await asyncio.sleep(retry_after or delay)
            delay = min(delay * 2, 60.0)

    async def _push(self, update: Update) -> tuple[int, int]:
        """The status, 0 when there was no answer, and the seconds of Retry-After."""
        connection = None
        try:
            connection = self._reusable() or await asyncio.open_connection(*self._address)
            reader, writer = connection
            writer.write(b"%s%d\r\n\r\n%s" % (self._head, len(update.body), update.body))
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode("latin-1")
            await _read_body(reader, head)
        except (OSError, EOFError, TimeoutError):
            if connection:
                connection[1].close()
            return 0, 0
        if re.search(r"\r\nconnection: *close", head, re.IGNORECASE):
            writer.close()
        else:
            self._idle.append(connection)
        retry_after = re.search(r"\r\nretry-after: *(\d+)", head, re.IGNORECASE)
        return int(head.split(" ", 2)[1]), int(retry_after[1]) if retry_after else 0

    def _reusable(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return None


async def _read_body(reader: asyncio.StreamReader, head: str) -> None:
    length = re.search(r"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    if length:
        await reader.readexactly(int(length[1]))
    elif re.search(r"\r\ntransfer-encoding: *chunked", head, re.IGNORECASE):
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()


def _head(url: str, secret: str) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json"]
    if secret:
        lines.append(f"X-Telegram-Bot-Api-Secret-Token: {secret}")
    return ("\r\n".join(lines) + "\r\nContent-Length: ").encode()
