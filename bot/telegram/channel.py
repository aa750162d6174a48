"""The channel put together: what comes in, by polling or by webhook, and what goes out."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Sequence

from starlette.routing import Route
from telegram import BotCommandScopeAllGroupChats, BotCommandScopeDefault, LinkPreviewOptions, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Defaults, ExtBot

from bot.config import Settings, TelegramSettings
from bot.delivery import Delivery
from bot.sending import Outgoing, TryLaterError
from bot.telegram.background import Background, Typing
from bot.telegram.failures import TelegramSetupError
from bot.telegram.http import AiohttpRequest
from bot.telegram.incoming import CHANNEL, Reader
from bot.telegram.inline import InlineAnswers
from bot.telegram.outgoing import Sender
from bot.telegram.photos import PhotoFetcher
from bot.telegram.polling import ALLOWED_UPDATES, Line, UpdatesRequest, poll
from bot.telegram.redaction import keep_out_of_logs, secrets_of
from bot.telegram.webhook import webhook_address, webhook_route, webhook_secret
from handlers.menu import menu
from knowledge.library import KnowledgeBase

logger = logging.getLogger(__name__)

WRONG_TOKEN = (
    "Telegram 的令牌不对，或者已经作废。请向 @BotFather 核对，"
    "再设置环境变量 POLICYBOT_TELEGRAM__TOKEN；不用 Telegram 就把它去掉。"
)
HOUR_SECONDS = 3600.0
PREPARE_SECONDS = 15.0  # of the program's start; after that it is tried on in the background


class TelegramChannel:
    """`prepare`, then `run` until delivery stops, then `close`.

    `routes` take the updates when a webhook is configured. `name` is the bot's own, without "@", and ""
    until Telegram has been reached.
    """

    def __init__(self, settings: Settings, delivery: Delivery, library: KnowledgeBase) -> None:
        token = settings.telegram.token.get_secret_value().strip()
        keep_out_of_logs(*secrets_of(token))
        self.name = ""
        self.routes: list[Route] = []
        self._updates = UpdatesRequest(1, read_timeout=10, connect_timeout=10)
        self._bot = _bot(token, settings.telegram, self._updates)
        self._delivery = delivery
        self._reader = Reader(_number(token))
        self._sender = Sender(self._bot, delivery)
        self._background = Background()
        self._typing = Typing(self._bot, self._background)
        self._inline = InlineAnswers(
            self._bot, delivery, library, visitors_may_ask=settings.people.visitors_may_ask
        )
        self._photos = PhotoFetcher(self._bot, delivery, lambda: dt.datetime.now(dt.UTC))
        self._line = Line()
        self._introduced = False
        self._webhook: tuple[str, str] | None = None  # its address and its secret
        if settings.telegram.webhook_url:
            self._webhook = _webhook(settings)
            keep_out_of_logs(self._webhook[1])
            self.routes.append(webhook_route(*self._webhook, self._receive, self._is_open))
        delivery.add_sender(CHANNEL, self._send)

    async def prepare(self) -> str:
        """Introduce ourselves to Telegram and return the bot's name; "" when it cannot be reached now.

        Raises:
            TelegramSetupError: Telegram does not know the token.
        """
        try:
            async with asyncio.timeout(PREPARE_SECONDS):
                await self._introduce()
        except (TelegramError, TimeoutError) as error:
            self._line.fails(error)
        return self.name

    async def run(self) -> None:
        """Work until delivery stops; troubles with Telegram are waited out."""
        async with asyncio.TaskGroup() as tasks:
            working = tasks.create_task(self._work())
            while not self._delivery.stopping:
                await self._delivery.wait_until_stopped(HOUR_SECONDS)
            working.cancel()

    async def close(self) -> None:
        """After delivery has stopped: what was accepted is stored, nothing else is waited for."""
        self._typing.close()
        await self._background.close()
        await self._bot.shutdown()

    # --- getting to work --------------------------------------------------------------------

    async def _work(self) -> None:
        while not (self._introduced or self._delivery.stopping):
            try:
                await self._introduce()
            except (TelegramError, TelegramSetupError) as error:
                await self._delivery.wait_until_stopped(self._line.fails(error))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._photos.run())
            if self._webhook is None:
                tasks.create_task(poll(self._bot, self._updates, self._delivery, self._receive, self._line))

    async def _introduce(self) -> None:
        """Learn our name, and say how we want to get updates. May be repeated."""
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise TelegramSetupError(WRONG_TOKEN) from None  # it quotes the token
        self.name = self._bot.username
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            address, secret = self._webhook
            await self._bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
        await self._show_menu()
        self._line.works()
        self._introduced = True

    async def _show_menu(self) -> None:
        """Without the menu everything works, so it keeps nothing back."""
        try:
            await self._bot.set_my_commands(menu(), scope=BotCommandScopeDefault())
            await self._bot.set_my_commands(menu(group=True), scope=BotCommandScopeAllGroupChats())
        except TelegramError as error:
            logger.warning("Telegram: the menu of commands is not set: %s", type(error).__name__)

    def _is_open(self) -> bool:
        return bool(self.name) and not self._delivery.stopping

    # --- coming in and going out ------------------------------------------------------------

    async def _receive(self, updates: Sequence[Update]) -> None:
        """Store what was said; when this returns, Telegram may forget it."""
        turns = [turn for update in updates if (turn := self._reader.turn(update, self.name))]
        if turns:
            await self._delivery.accept(turns)
        for turn in turns:
            self._typing.expect(turn.chat)
        for update in updates:
            if update.callback_query:
                self._background.start(self._bot.answer_callback_query(update.callback_query.id), "press")
            elif update.inline_query:
                self._background.start(self._inline.answer(update.inline_query), "inline query")

    async def _send(self, outgoing: Outgoing) -> str:
        try:
            message = await self._sender.send(outgoing)
        except TryLaterError:
            self._typing.hold(outgoing.chat)
            raise
        self._typing.answered(outgoing.chat)
        return message


def _bot(token: str, settings: TelegramSettings, updates: UpdatesRequest) -> ExtBot[int]:
    """Replies that Telegram puts off go back to the outbox.

    So the limiter tries nothing again itself: one 429 would make it hold back all chats, while a reply
    that is put off holds back only its own.
    """
    if not token:
        raise TelegramSetupError(WRONG_TOKEN)
    return ExtBot(
        token,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=AiohttpRequest(),
        get_updates_request=updates,
        defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=AIORateLimiter(overall_max_rate=settings.messages_per_second, max_retries=0),
    )


def _number(token: str) -> int:
    """The bot's own number stands in front of its token."""
    number = token.partition(":")[0]
    if not number.isdecimal():
        raise TelegramSetupError(WRONG_TOKEN)
    return int(number)


def _webhook(settings: Settings) -> tuple[str, str]:
    secret = webhook_secret(settings.telegram.webhook_secret.get_secret_value(), settings.data_dir)
    return webhook_address(settings.telegram.webhook_url), secret
