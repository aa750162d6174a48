"""The web chat: many pages connected at the same time, each asking every few seconds.

Every client holds a stream open and posts a question; its time runs from the post to the reply on the
stream. The memory is that of the whole bot process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import everyday_questions
from tests.soak.bot_process import BotProcess

LONGEST_SECONDS = 30


@dataclass
class Seen:
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Client:
    """A page, with a connection for its stream and one for its posts; as little code as possible."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""
        self._csrf = ""
        self._asked: dict[str, float] = {}
        self._answered = asyncio.Event()

    async def enter(self) -> None:
        self._posts = await asyncio.open_connection("127.0.0.1", self._port)
        head, _ = await self._call("GET", "/")
        self._cookie = head.split("set-cookie: ", 1)[1].split(";", 1)[0]
        _, body = await self._call("GET", "/api/history")
        self._csrf = json.loads(body)["csrf"]
        self._stream = await asyncio.open_connection("127.0.0.1", self._port)
        self._stream[1].write(self._head("GET", "/api/events?after=0", 0))

    async def listen(self, seen: Seen) -> None:
        while line := await self._stream[0].readline():
            if line.startswith(b'data: {"seq"'):
                asked = self._asked.pop(json.loads(line[6:])["turn"], None)
                if asked is not None:
                    seen.milliseconds.append((time.perf_counter() - asked) * 1000)

    async def ask(self, question: str, seen: Seen) -> None:
        turn = str(uuid.uuid4())
        self._asked[turn] = time.perf_counter()
        body = json.dumps({"id": turn, "text": question}).encode()
        head, answer = await self._call("POST", "/api/turns", body)
        if not head.startswith("HTTP/1.1 200"):
            seen.errors.append(f"{head.splitlines()[0]} {answer[:100]!r}")

    @property
    def waits(self) -> bool:
        return bool(self._asked)

    def _head(self, method: str, path: str, length: int) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", f"Cookie: {self._cookie}",
            f"X-CSRF-Token: {self._csrf}", "Content-Type: application/json", f"Content-Length: {length}",
        ]  # fmt: skip
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _call(self, method: str, path: str, body: bytes = b"") -> tuple[str, bytes]:
        reader, writer = self._posts
        writer.write(self._head(method, path, len(body)) + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.split("content-length: ", 1)[1].split("\r\n", 1)[0])
        return head, await reader.readexactly(length)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench web_load", description=__doc__)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument(
        "--every", type=float, default=5.0, help="seconds between two questions of one client"
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    _allow_files(given.clients * 3 + 100)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder), given.clients, given.every, given.seconds))


async def _run(folder: Path, count: int, every: float, seconds: float) -> None:
    bot = BotProcess(folder, {})
    await bot.start()
    seen = Seen()
    clients = [Client(bot.port) for _ in range(count)]
    for client in clients:
        await client.enter()
    listening = [asyncio.create_task(client.listen(seen)) for client in clients]
    questions = everyday_questions()
    cpu = bot.cpu_seconds
    await asyncio.gather(*(_ask(client, questions, every, seconds, seen) for client in clients))
    deadline = time.monotonic() + LONGEST_SECONDS
    while any(client.waits for client in clients) and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    cpu_ms = (bot.cpu_seconds - cpu) / len(seen.milliseconds) * 1000
    memory = bot.peak_megabytes
    for task in listening:
        task.cancel()
    await bot.stop()
    _report(seen, clients, count, every)
    print(f"processor time of the bot for one question {cpu_ms:.1f} ms, peak memory {memory:.0f} MB")


async def _ask(client: Client, questions: Iterator[str], every: float, seconds: float, seen: Seen) -> None:
    until = time.monotonic() + seconds
    await asyncio.sleep(random.uniform(0, every))
    while time.monotonic() < until:
        started = time.monotonic()
        await client.ask(next(questions), seen)
        await asyncio.sleep(max(0.0, started + every - time.monotonic()))


def _report(seen: Seen, clients: list[Client], count: int, every: float) -> None:
    unanswered = sum(client.waits for client in clients)
    cuts = statistics.quantiles(seen.milliseconds, n=1000, method="inclusive")
    print(f"{count} clients, a question every {every:g} s each: {len(seen.milliseconds)} answers")
    print(f"errors {len(seen.errors)}, without an answer {unanswered}")
    print(
        f"from post to reply: p50 {cuts[499]:.1f} ms, p99 {cuts[989]:.1f} ms, "
        f"longest {max(seen.milliseconds):.0f} ms"
    )
    for error in seen.errors[:3]:
        print(f"  {error}")


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


if __name__ == "__main__":
    main()
