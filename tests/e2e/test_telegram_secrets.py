"""The token stays out of logs and errors, and a wrong one is explained."""

from __future__ import annotations

import logging
import traceback

import pytest

from bot.telegram import TelegramSetupError
from tests.botapi.faults import BadGateway, DropBefore, Unauthorized
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import TelegramBot

WRONG = "123456789:AAF-secret_part_of_another_token"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def _log_libraries_too() -> None:
    """Somebody looking for a fault turns on what the bot has turned off."""
    for name in (
        "httpx",
        "httpcore",
        "aiohttp",
        "asyncio",
        "telegram",
        "telegram.request.BaseRequest",
        "telegram.ext.AIORateLimiter",
    ):
        logging.getLogger(name).setLevel(logging.DEBUG)


async def test_the_token_is_not_logged_in_good_times_or_bad(
    telegram: TelegramBot, botapi: BotApi, wuyun: User, everything_logged: pytest.LogCaptureFixture
) -> None:
    async with telegram.polling():
        _log_libraries_too()
        botapi.fails("sendMessage", BadGateway())
        botapi.fails("getUpdates", DropBefore())
        wuyun.says("村规民约归谁考核")
        await wuyun.sees(len)
    assert "sendMessage" in everything_logged.text and "/getUpdates" in everything_logged.text  # were logged
    assert botapi.token not in everything_logged.text
    assert botapi.token.partition(":")[2] not in everything_logged.text


async def test_nothing_that_people_write_is_logged(
    telegram: TelegramBot, wuyun: User, everything_logged: pytest.LogCaptureFixture
) -> None:
    async with telegram.polling() as bot:
        wuyun.says("身份证152726199001011234")
        await wuyun.sees(len)
        await bot.settles()
    assert "152726199001011234" not in everything_logged.text


@pytest.mark.parametrize("token", [WRONG, "no token at all", "123", "张三:李四王五"])
async def test_a_wrong_token_is_explained_without_quoting_it(
    telegram: TelegramBot, everything_logged: pytest.LogCaptureFixture, token: str
) -> None:
    with pytest.raises(TelegramSetupError) as refused:
        async with telegram.polling(token=token):
            raise AssertionError("it started")
    assert "@BotFather" in str(refused.value)
    assert token not in str(refused.value)
    assert "secret_part" not in everything_logged.text + _whole(refused.value)


def _whole(error: BaseException) -> str:
    """The error as Python would print it, causes and all."""
    return "".join(traceback.format_exception(error))


async def test_a_token_that_is_revoked_later_does_not_stop_the_program(
    telegram: TelegramBot, botapi: BotApi, wuyun: User, everything_logged: pytest.LogCaptureFixture
) -> None:
    async with telegram.polling():
        botapi.fails("getUpdates", Unauthorized())
        botapi.fails("sendMessage", Unauthorized())
        wuyun.says("你好")
        await wuyun.sees(len)
    assert everything_logged.text.count("the token is not valid") == 1
