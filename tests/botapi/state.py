"""All that the server remembers, and the arguments of a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.chats import BOT_ID, Chat, Chats
from tests.botapi.faults import Faults
from tests.botapi.http import Upload
from tests.botapi.limits import Rates, parsed_json
from tests.botapi.refusals import bad_request
from tests.botapi.updates import Update, Updates
from tests.botapi.webhook import Webhook


class Arguments:
    """Of one call; forms carry everything as text, JSON bodies carry values."""

    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def raw(self, name: str) -> object:
        return self.values.get(name)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def truth(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def parsed(self, name: str) -> Any:
        return parsed_json(self.values.get(name), name.replace("_", " "))

    def upload(self, name: str) -> Upload | None:
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.values.get(value.removeprefix("attach://"))
        return value if isinstance(value, Upload) else None


@dataclass(frozen=True)
class Call:
    """One call as it arrived; `order` counts all calls from 1."""

    order: int
    method: str
    arguments: dict[str, object]
    at: float
    """Of time.monotonic()."""


@dataclass
class Query:
    """A press of a button, or an inline query, that waits for its answer."""

    id: str
    user: int
    answer: dict[str, Any] | None = None
    expired: bool = False


@dataclass
class State:
    token: str
    username: str = "policy_bot"
    recording: bool = True
    reads_all_in_groups: bool = True
    chats: Chats = field(default_factory=Chats)
    updates: Updates = field(default_factory=Updates)
    faults: Faults = field(default_factory=Faults)
    rates: Rates | None = None
    """Set it to have floods refused."""
    calls: list[Call] = field(default_factory=list)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    """Descriptions and menu buttons."""
    sent: int = 0
    """Messages of the bot so far."""
    on_sent: Callable[[Chat], None] | None = None
    webhook: Webhook | None = None
    webhook_first_delay: float = 0.05
    """Seconds before a refused update is pushed again; it doubles (the real server begins with 1)."""
    next_webhook_at: float = 0.0
    """Of time.monotonic(); an earlier setWebhook is refused."""
    changed: threading.Condition = field(default_factory=threading.Condition)
    """Its lock guards everything here; it is notified after every call."""

    @property
    def bot(self) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "政策助手", "username": self.username}

    def record(self, method: str, values: dict[str, object]) -> None:
        self.calls.append(Call(len(self.calls) + 1, method, values, time.monotonic()))
        self.changed.notify_all()

    def set_webhook(self, url: str, secret: str, max_connections: int) -> None:
        """An empty url removes it; updates not yet taken stay."""
        if self.webhook:
            self.webhook.stop()
        self.webhook = None
        if url:
            self.webhook = Webhook(self.updates, url, secret, max_connections, self.webhook_first_delay)
            self.webhook.start()

    def open_query(self, user: int) -> Query:
        query = Query(str(4_000_000_000 + len(self.queries) + 1), user)
        self.queries[query.id] = query
        return query

    def answer_query(self, number: str, answer: dict[str, Any]) -> None:
        query = self.queries.get(number)
        if query is None or query.expired or query.answer is not None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.answer = answer
        if not self.recording:
            del self.queries[number]


Method = Callable[[State, Arguments], Any | Awaitable[Any]]
METHODS: dict[str, Method] = {}
"""By lower-case name, as the real server compares."""


def method(name: str) -> Callable[[Method], Method]:
    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def joined(updates: list[Update]) -> bytes:
    return b"[" + b",".join(update.body for update in updates) + b"]"
