"""The Telegram channel as it is served: real library, database, delivery and python-telegram-bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from sqlmodel import Session

from bot import services
from bot.config import DatabaseSettings, PeopleSettings, Settings, TelegramSettings, WebSettings
from bot.delivery import Delivery
from bot.telegram import TelegramChannel
from bot.web import WebParts, create_app
from db import inbox, outbox
from db.session import engine_of
from handlers.turn import Handle
from knowledge.library import KnowledgeBase
from tests.botapi.server import BotApi

SECONDS = 20


@dataclass(frozen=True)
class RunningBot:
    channel: TelegramChannel
    delivery: Delivery
    address: str = ""
    """Of the webhook."""

    async def settles(self) -> None:
        """Wait until neither a turn nor a reply waits."""
        async with asyncio.timeout(SECONDS):
            while await self.delivery.in_session(_waiting):
                await asyncio.sleep(0.01)


def _waiting(session: Session) -> int:
    return inbox.depth(session) + outbox.depth(session)


@dataclass(frozen=True)
class TelegramBot:
    """Starts the bot, in one test more than once over the same data."""

    api: BotApi
    library: KnowledgeBase
    data_dir: Path
    handle: Handle | None = None
    """Stands in for the conversation."""
    people: PeopleSettings = field(default_factory=PeopleSettings)

    @asynccontextmanager
    async def polling(self, **telegram: Any) -> AsyncIterator[RunningBot]:
        async with AsyncExitStack() as stack:
            bot = await stack.enter_async_context(self._assembled(telegram))
            await bot.channel.prepare()
            await stack.enter_async_context(_working(bot))
            yield bot

    @asynccontextmanager
    async def webhook(self, **telegram: Any) -> AsyncIterator[RunningBot]:
        """Beside the web chat on its server."""
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/telegram"
        async with AsyncExitStack() as stack:
            bot = await stack.enter_async_context(self._assembled({"webhook_url": address} | telegram))
            await stack.enter_async_context(self._serving(bot, listening))
            await bot.channel.prepare()
            await stack.enter_async_context(_working(bot))
            yield RunningBot(bot.channel, bot.delivery, address)

    @asynccontextmanager
    async def _assembled(self, telegram: dict[str, Any]) -> AsyncIterator[RunningBot]:
        settings = self.settings(telegram)
        sessions, converse = services.open_conversation(settings, services.desks(settings, self.library))
        delivery = Delivery(sessions, self.handle or converse, services.utc_now)
        channel = TelegramChannel(settings, delivery, self.library)
        try:
            yield RunningBot(channel, delivery)
        finally:
            await channel.close()
            delivery.close()
            engine_of(sessions).dispose()

    @asynccontextmanager
    async def _serving(self, bot: RunningBot, listening: socket.socket) -> AsyncIterator[None]:
        parts = WebParts(
            delivery=bot.delivery,
            library=self.library,
            settings=WebSettings(),
            data_dir=self.data_dir,
            clock=services.utc_now,
            extra_routes=bot.channel.routes,
        )
        config = uvicorn.Config(create_app(parts), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, SECONDS)

    def settings(self, telegram: dict[str, Any]) -> Settings:
        given = {"token": self.api.token, "base_url": self.api.base_url} | telegram
        return Settings(
            data_dir=self.data_dir,
            database=DatabaseSettings(url=f"sqlite:///{self.data_dir}/policybot.db"),
            telegram=TelegramSettings.model_validate({"base_file_url": self.api.base_file_url} | given),
            people=self.people,
        )


@asynccontextmanager
async def _working(bot: RunningBot) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(bot.delivery.run()), asyncio.create_task(bot.channel.run())]
    try:
        yield
    finally:
        bot.delivery.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), SECONDS)
