"""The server as a test uses it: `with BotApi() as api:`."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Self

from tests.botapi.dispatch import Dispatcher
from tests.botapi.faults import Fault
from tests.botapi.groups import Group
from tests.botapi.http import Connection
from tests.botapi.limits import Rates
from tests.botapi.refusals import forbidden
from tests.botapi.state import Call, State
from tests.botapi.updates import Update
from tests.botapi.users import User

TOKEN = "700000001:AAHtest-token-for-loopback-only-0123456"


class BotApi:
    """Runs in a thread of its own. Its methods may be called from any other thread."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, username: str = "policy_bot") -> None:
        self.token = token
        self.state = State(token, username)
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="bot api", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10) or not self._port:
            raise RuntimeError(f"the Bot API server did not start on port {self._port}")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/file/bot"

    # what the world does

    def user(self, number: int, name: str = "乌云") -> User:
        """A person who has not written to the bot yet: it can't write to them before."""
        with self.state.changed:
            if number not in self.state.chats.by_id:
                chat = self.state.chats.private(number, name)
                chat.refusal = forbidden("bot can't initiate conversation with a user")
            return User(self, self.state.chats.by_id[number], name)

    def group(self, number: int = -1_001_000_000_001, title: str = "工作群") -> Group:
        """A group that the bot is a member of."""
        with self.state.changed:
            return Group(self, self.state.chats.group(number, title))

    def delivers(self, payload: dict[str, Any]) -> int:
        """An update of any kind, `{"kind": {…}}`, whatever allowed_updates says; returns its id."""
        return self.enqueue(payload, ("raw", 0), forced=True)

    def delivers_again(self, update_id: int) -> None:
        """An update that the bot may have confirmed, with the same id."""
        update = self.state.updates.known[update_id]
        self._loop.call_soon_threadsafe(self.state.updates.deliver_again, update)

    def fails(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of the method ("*": of any, "download": of files) meet this fault."""
        with self.state.changed:
            self.state.faults.plan(method, fault, times)

    def heals(self) -> None:
        """Forgets planned faults and flood limits."""
        with self.state.changed:
            self.state.faults.clear()

    def checks_rates(self, rates: Rates | None = None) -> None:
        self.state.rates = rates or Rates()

    def makes_older(self, chat: int, message: int, seconds: int) -> None:
        with self.state.changed:
            self.state.chats.by_id[chat].messages[message].date -= seconds

    # what was seen

    @property
    def calls(self) -> list[Call]:
        with self.state.changed:
            return list(self.state.calls)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method.lower()]

    def waits_for_calls(self, method: str, count: int = 1, timeout: float = 10) -> list[Call]:
        """Waits until the method was called that often, carried out or not."""
        with self.state.changed:
            if not self.state.changed.wait_for(lambda: len(self.calls_of(method)) >= count, timeout):
                raise AssertionError(f"{method} was called {len(self.calls_of(method))} times, not {count}")
            return self.calls_of(method)

    @property
    def pushes(self) -> list[tuple[int, int]]:
        """Update id and status of every push to the webhook that is set now; 0: no answer came."""
        webhook = self.state.webhook
        return list(webhook.attempts) if webhook else []

    @property
    def pending(self) -> list[int]:
        """Ids of the updates that the bot has not confirmed."""
        return list(self.state.updates.pending)

    # inner workings

    def enqueue(self, payload: dict[str, Any], queue: tuple[str, int], *, forced: bool = False) -> int:
        with self.state.changed:
            update: Update = self.state.updates.make(payload, queue)
            if forced or self.state.updates.allows(update):
                self._loop.call_soon_threadsafe(self.state.updates.add, update)
        return update.id

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        dispatcher = Dispatcher(self.state)
        try:
            server = await self._loop.create_server(
                lambda: Connection(dispatcher), "127.0.0.1", self._port, backlog=1024
            )
            self._port = server.sockets[0].getsockname()[1]
        except OSError:
            self._port = 0
            raise
        finally:
            self._ready.set()
        await self._stop.wait()
        self.state.set_webhook("", "", 0)
        server.close()
        await _cancel_others()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
