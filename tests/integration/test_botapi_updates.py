"""How the Bot API server of the tests delivers updates, by polling and by webhook."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    Conflict,
    RetryAfter,
)

from tests.botapi import fixtures
from tests.botapi.fixtures import bot_of
from tests.botapi.server import BotApi
from tests.botapi.users import User

botapi, bot, user = fixtures.botapi, fixtures.bot, fixtures.user


async def test_polling_waits_and_its_offset_confirms(botapi: BotApi, bot: Bot, user: User) -> None:
    first = (await bot.get_updates())[-1]
    assert (await bot.get_updates())[-1].update_id == first.update_id
    waiting = asyncio.create_task(bot.get_updates(offset=first.update_id + 1, timeout=20))
    await asyncio.to_thread(botapi.waits_for_calls, "getUpdates", 3)
    assert not waiting.done()
    said = user.says("问")
    assert [update.update_id for update in await waiting] == [said.update_id]
    assert botapi.pending == [said.update_id]
    assert await bot.get_updates(offset=said.update_id + 1) == ()
    assert botapi.pending == []


async def test_a_poll_without_news_ends_in_time(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_two_pollers_conflict(botapi: BotApi, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.to_thread(botapi.waits_for_calls, "getUpdates")
    async with bot_of(botapi) as other:
        await other.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await waiting


async def test_polling_and_a_webhook_conflict(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/x")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    with pytest.raises(RetryAfter):
        await bot.set_webhook("http://127.0.0.1:9/x")
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


class Hook:
    """A webhook of the bot which answers as told, then with 200; `taken` are the ids as they came."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self.taken: list[int] = []
        self.secrets: set[str] = set()
        self.came = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length, secret = (re.search(rf"{name}: (\S+)", head) for name in ("Length", "Secret-Token"))
        update = json.loads(await reader.readexactly(int(length[1])))
        self.secrets.add(secret[1])
        self.taken.append(update["update_id"])
        status = self._answers.pop(0) if self._answers else b"200 OK"
        if status:
            writer.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        self.came.set()

    async def takes(self, count: int) -> list[int]:
        while len(self.taken) < count:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), 10)
        return self.taken


@asynccontextmanager
async def hooked(bot: Bot, hook: Hook) -> AsyncIterator[None]:
    server = await asyncio.start_server(hook.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s3cret-_")
        yield


async def test_the_webhook_is_tried_until_it_takes_an_update(botapi: BotApi, bot: Bot, user: User) -> None:
    await bot.get_updates(offset=user.says("早").update_id + 1)
    hook = Hook(b"500 No", b"", b"503 No\r\nRetry-After: 1", b"200 OK")
    async with hooked(bot, hook):
        first, second = user.says("一").update_id, user.says("二").update_id
        assert await hook.takes(5) == [first] * 4 + [second]
    assert hook.secrets == {"s3cret-_"}
    assert [status for _, status in botapi.pushes][:4] == [500, 0, 503, 200]


async def test_a_failing_chat_does_not_hold_up_others(botapi: BotApi, bot: Bot, user: User) -> None:
    await bot.get_updates(offset=user.says("早").update_id + 1)
    botapi.state.webhook_first_delay = 3600  # what the hook says counts
    hook = Hook(b"503 No\r\nRetry-After: 1")
    async with hooked(bot, hook):
        first = user.says("一").update_id
        await hook.takes(1)
        second, other = user.says("二").update_id, botapi.user(78).says("三").update_id
        assert await hook.takes(4) == [first, other, first, second]


async def test_an_update_pushed_again_keeps_its_id(botapi: BotApi, bot: Bot, user: User) -> None:
    hook = Hook()
    async with hooked(bot, hook):
        said = user.says("一").update_id
        await hook.takes(2)
        botapi.delivers_again(said)
        assert (await hook.takes(3))[-2:] == [said, said]


async def test_updates_that_are_not_wanted_do_not_come(botapi: BotApi, bot: Bot, user: User) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    said = user.says("问")
    unknown = botapi.delivers({"thing_of_the_future": {"id": 1}})
    assert [update.update_id for update in await bot.get_updates()][-1] == unknown
    assert said.update_id not in botapi.pending


async def test_an_update_can_come_again_after_it_was_confirmed(botapi: BotApi, bot: Bot, user: User) -> None:
    said = user.says("问")
    await bot.get_updates(offset=said.update_id + 1)
    botapi.delivers_again(said.update_id)
    assert [update.update_id for update in await bot.get_updates(said.update_id + 1, timeout=5)] == [
        said.update_id
    ]
