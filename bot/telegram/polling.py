"""Fetching updates: what was fetched is confirmed only after it has been stored."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.delivery import Delivery
from bot.telegram.failures import TelegramSetupError, flood_seconds, growing_pause
from bot.telegram.incoming import read_update

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = ["message", "callback_query", "inline_query"]
WAIT_SECONDS = 30  # how long Telegram holds a request back until something comes
UPDATES_AT_ONCE = 100

Receive = Callable[[Sequence[Update]], Awaitable[None]]


class UpdatesRequest(HTTPXRequest):
    """Reads the updates itself and hands none on to python-telegram-bot.

    That would refuse all of them for the sake of one that it cannot read, and write them into the log.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fetched: list[Update] = []
        self.next_offset: int | None = None

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # static there
        answer: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            self.fetched = [update for raw in updates if (update := read_update(raw))]
            self.next_offset = updates[-1]["update_id"] + 1 if updates else self.next_offset
            answer["result"] = []
        return answer


class Line:
    """Whether we get through to Telegram: told once each time it changes."""

    def __init__(self) -> None:
        self.failures = 0
        self._trouble = ""

    def works(self) -> None:
        if self._trouble:
            logger.warning("Telegram: works again")
        self._trouble, self.failures = "", 0

    def fails(self, error: Exception) -> float:
        """How many seconds to wait before the next attempt."""
        self.failures += 1
        if (trouble := _trouble(error)) != self._trouble:
            logger.warning("Telegram: %s; trying on", trouble)
            self._trouble = trouble
        return flood_seconds(error) if isinstance(error, RetryAfter) else growing_pause(self.failures)


async def poll(
    bot: ExtBot[Any], request: UpdatesRequest, delivery: Delivery, receive: Receive, line: Line
) -> None:
    """Fetch and receive until delivery stops. `receive` returns when the updates are stored.

    `request` is the one that the bot fetches updates with.
    """
    offset: int | None = None
    while not delivery.stopping:
        try:
            await bot.get_updates(
                offset=offset, timeout=WAIT_SECONDS, limit=UPDATES_AT_ONCE, allowed_updates=ALLOWED_UPDATES
            )
            await receive(request.fetched)
        except (TelegramError, SQLAlchemyError) as error:
            await delivery.wait_until_stopped(line.fails(error))
        else:
            line.works()
            offset = request.next_offset


def _trouble(error: Exception) -> str:
    if isinstance(error, (InvalidToken, TelegramSetupError)):
        return "the token is not valid (any more)"
    if isinstance(error, RetryAfter):
        return "it wants us to wait"
    if isinstance(error, Conflict):
        return "another program fetches with the same token, or a webhook is set"
    if isinstance(error, SQLAlchemyError):
        return f"what comes in cannot be stored ({type(error).__name__})"
    return f"no connection ({type(error).__name__})"
