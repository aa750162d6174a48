"""The web chat on a real port: uvicorn, delivery and a database, on an event loop in a thread."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.config import WebSettings
from bot.delivery import Delivery
from bot.web import WebParts, create_app
from db import codes
from db.access import Role
from handlers.turn import Handle
from knowledge.library import KnowledgeBase

SECONDS = 30
T = TypeVar("T")


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class WebServer:
    """Serves between `start` and `stop`, and again on the same port when started again."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        handle: Handle,
        library: KnowledgeBase,
        settings: WebSettings | None = None,
        *,
        clock: Callable[[], dt.datetime] = utc_now,
        visitors_may_ask: bool = True,
    ) -> None:
        self.clock = clock
        self._sessions = sessions
        self._handle = handle
        self._library = library
        self._settings = settings or WebSettings()
        self._visitors_may_ask = visitors_may_ask
        self._port = 0
        self._loop = asyncio.new_event_loop()
        self._stopped: Future[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.delivery, self._server = self._in_loop(self._assemble())
        self._stopped = asyncio.run_coroutine_threadsafe(self._serve(listening), self._loop)

    def stop(self) -> None:
        """As on SIGTERM: delivery stops, then the server."""
        if self._stopped is None:
            return
        self._loop.call_soon_threadsafe(self.delivery.stop)
        self._stopped.result(SECONDS)
        self._stopped = None
        self._loop.call_soon_threadsafe(self._loop.stop)

    def in_session(self, work: Callable[[Session], T]) -> T:
        with self._sessions.begin() as session:
            return work(session)

    def invitation(self, name: str = "张三") -> str:
        """A link that signs in an administrator of that name."""
        code = self.in_session(
            lambda session: codes.invite(
                session, role=Role.ADMINISTRATOR, area="", name=name, created_by=None, now=self.clock()
            )
        )
        return f"{self.url}/in/{code}"

    async def _assemble(self) -> tuple[Delivery, uvicorn.Server]:
        delivery = Delivery(self._sessions, self._handle, self.clock)
        app = create_app(
            WebParts(
                delivery, self._library, self._settings, Path(), self.clock,
                visitors_may_ask=self._visitors_may_ask,
            )
        )  # fmt: skip
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        return delivery, uvicorn.Server(config)

    async def _serve(self, listening: socket.socket) -> None:
        serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        try:
            await self.delivery.run()
        finally:
            self._server.should_exit = True
            await serving
            self.delivery.close()

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)


class Page:
    """What the page does, without a browser."""

    def __init__(self, server: WebServer, **headers: str) -> None:
        self.client = httpx.Client(base_url=server.url, headers=headers, timeout=SECONDS)
        self.csrf = ""
        self.chat = ""

    def open(self) -> Page:
        assert self.client.get("/").status_code == 200
        history = self.history()
        self.csrf, self.chat = history["csrf"], history["chat"]
        return self

    def sign_in(self, link: str) -> Page:
        assert self.client.post(link).status_code == 303
        return self.open()

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.client.post(path, headers={"X-CSRF-Token": self.csrf}, **more)

    def turn(self, **fields: Any) -> httpx.Response:
        return self.post("/api/turns", json={"id": str(uuid.uuid4())} | fields)

    def says(self, text: str) -> str:
        """Returns the id of the turn."""
        answer = self.turn(text=text)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def history(self) -> dict[str, Any]:
        answer = self.client.get("/api/history")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def hears(self, count: int = 1, after: int = 0, **headers: str) -> list[dict[str, Any]]:
        """Wait for so many replies."""
        replies: list[dict[str, Any]] = []
        with self.client.stream("GET", f"/api/events?after={after}", headers=headers) as answer:
            assert answer.status_code == 200, answer.read().decode()
            for event in events(answer):
                replies.append(event)
                if len(replies) == count:
                    break
        return replies


def events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """The replies in a stream, without the pings."""
    for line in answer.iter_lines():
        if line.startswith("data: ") and line != "data: {}":
            yield json.loads(line.removeprefix("data: "))
