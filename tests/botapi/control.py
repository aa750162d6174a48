"""What a benchmark tells the server when it runs alone."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from tests.botapi.http import Request, Response
from tests.botapi.load import Load
from tests.botapi.state import State


class Control:
    def __init__(self, state: State) -> None:
        self._state = state
        self._actions: dict[str, Callable[[Request], Response | Awaitable[Response]]] = {
            "/control/updates": self._updates,
            "/control/load": self._load,
            "/control/state": self._about,
        }

    def __call__(self, request: Request) -> Response | Awaitable[Response] | None:
        action = self._actions.get(request.path)
        return action(request) if action else None

    def _updates(self, request: Request) -> Response:
        """A list of updates without ids; answers with their ids."""
        made = []
        for payload in json.loads(request.body):
            content = next(iter(payload.values()))
            chat = content.get("chat", content.get("from", {})).get("id", 0)
            made.append(self._state.updates.make(payload, ("chat", chat)))
        for update in made:
            self._state.updates.add(update)
        return _json([update.id for update in made])

    async def _load(self, request: Request) -> Response:
        given = json.loads(request.body)
        texts = given.get("texts") or [given.get("text", "村规民约归谁考核")]
        load = Load(
            self._state, texts, given.get("chats", 100), given.get("rate", 0), given.get("seconds", 10)
        )
        return _json(await load.run())

    def _about(self, request: Request) -> Response:
        webhook = self._state.webhook
        return _json(
            {
                "webhook": webhook.url if webhook else "",
                "polling": self._state.updates.polled,
                "pending": len(self._state.updates.pending),
                "messages_sent": self._state.sent,
            }
        )


def _json(value: object) -> Response:
    return Response(200, json.dumps(value).encode())
