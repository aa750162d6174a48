"""Small calls that nothing waits for: whether they succeed changes nothing that is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.telegram.parts import Address
from handlers.errors import trace

logger = logging.getLogger(__name__)

SLOW_SECONDS = 0.7  # a reply that takes longer is announced by "typing…"
TYPING_AT_ONCE = 2  # under load, announcing late replies must not make them later


class Background:
    """The calls of one channel that are under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, call: Coroutine[Any, Any, Any], what: str) -> None:
        task = asyncio.create_task(_quietly(call, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Typing:
    """Shows "typing…" in private chats where a reply takes its time."""

    def __init__(self, bot: ExtBot[Any], background: Background) -> None:
        self._bot = bot
        self._background = background
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._showing = 0
        self._held: set[str] = set()

    def expect(self, chat: str) -> None:
        """A turn has come in that will be answered."""
        if chat not in self._timers and chat not in self._held and Address.of(chat).chat > 0:
            loop = asyncio.get_running_loop()
            self._timers[chat] = loop.call_later(SLOW_SECONDS, self._show, chat)

    def answered(self, chat: str) -> None:
        self._held.discard(chat)
        if timer := self._timers.pop(chat, None):
            timer.cancel()

    def hold(self, chat: str) -> None:
        """Telegram takes nothing for this chat now, so do not ask it for more until something is sent."""
        self.answered(chat)
        self._held.add(chat)

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _show(self, chat: str) -> None:
        del self._timers[chat]
        if self._showing < TYPING_AT_ONCE:
            self._showing += 1
            self._background.start(self._send(Address.of(chat).chat), "typing")

    async def _send(self, chat: int) -> None:
        try:
            await self._bot.send_chat_action(chat, "typing")
        finally:
            self._showing -= 1


async def _quietly(call: Coroutine[Any, Any, Any], what: str) -> None:
    try:
        await call
    except TelegramError as error:  # a press too old to be answered, a chat that is gone, a bad line
        logger.debug("%s: %s", what, type(error).__name__)
    except Exception as error:  # nobody waits for it, so nobody else would hear of it
        logger.error("%s failed: %s", what, trace(error))
