"""The webhook: who may bring updates, and what is answered when."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.telegram.webhook import SECRET_FILE, SECRET_HEADER
from handlers.turn import Reply, Turn
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import TelegramBot

SECRET = "a-secret-of-the-tests_0123456789"

# python-telegram-bot warns of a change to come in its RetryAfter whenever it makes one.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def echo(turn: Turn, session: Session) -> tuple[Reply, ...]:
    return (Reply(f"re {turn.text}"),)


@pytest.fixture
def echoing(telegram: TelegramBot) -> TelegramBot:
    return replace(telegram, handle=echo)


def update(text: str = "甲", number: int = 5) -> bytes:
    chat = {"id": 77, "type": "private"}
    sender = {"id": 77, "is_bot": False, "first_name": "乌云"}
    message = {"message_id": 3, "date": 1, "chat": chat, "from": sender, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def _post(address: str, body: bytes, secret: str | None = SECRET, **headers: str) -> int:
    if secret is not None:
        headers[SECRET_HEADER] = secret.encode("latin-1")  # type: ignore[assignment]
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(address, content=body, headers=headers)).status_code


async def test_only_who_knows_the_secret_may_bring_updates(echoing: TelegramBot, wuyun: User) -> None:
    wuyun.says("你好")
    async with echoing.webhook(webhook_secret=SECRET) as bot:
        await wuyun.sees(len)
        others = (None, "", "wrong", "é", SECRET[:-1])
        refused = [await _post(bot.address, update(), secret) for secret in others]
        taken = await _post(bot.address, update("乙"))
        await wuyun.sees(lambda messages: len(messages) == 2)
        await bot.settles()
    assert refused == [403] * 5
    assert taken == 200
    assert [message.text for message in wuyun.messages] == ["re 你好", "re 乙"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[]", 400),
        (b'{"message": {}}', 400),
        (b"\xff\xfe", 400),
        (b'{"update_id": 9, "message": 5}', 200),
        (b'{"update_id": 9, "brand_new": {"a": 1}}', 200),
        (b'{"update_id": 9, "x": "' + b"y" * (1 << 20) + b'"}', 413),
    ],
    ids=["no json", "a list", "no id", "no utf-8", "unreadable", "of the future", "too large"],
)
async def test_odd_bodies_are_answered_so_that_telegram_does_the_right_thing(
    echoing: TelegramBot, body: bytes, status: int
) -> None:
    async with echoing.webhook(webhook_secret=SECRET) as bot:
        assert await _post(bot.address, body) == status


async def test_nothing_is_taken_any_more_while_stopping(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.webhook(webhook_secret=SECRET) as bot:
        bot.delivery.stop()
        assert await _post(bot.address, update()) == 503
        wuyun.says("甲")
    assert len(botapi.pending) == 1
    async with echoing.webhook(webhook_secret=SECRET):
        await wuyun.sees(len)


async def test_it_is_reached_under_the_name_that_telegram_knows(echoing: TelegramBot, wuyun: User) -> None:
    wuyun.says("你好")
    async with echoing.webhook(webhook_secret=SECRET) as bot:
        await wuyun.sees(len)
        assert await _post(bot.address, update("乙"), host="zhengce.example.cn") == 200
        await wuyun.sees(lambda messages: len(messages) == 2)


async def test_what_cannot_be_stored_is_not_acknowledged(echoing: TelegramBot, wuyun: User) -> None:
    async with echoing.webhook(webhook_secret=SECRET) as bot:
        accept = bot.delivery.accept

        async def fails(turns: object) -> None:
            raise OperationalError("…", None, Exception("disk full"))

        bot.delivery.accept = fails  # type: ignore[method-assign]
        assert await _post(bot.address, update()) == 503
        bot.delivery.accept = accept  # type: ignore[method-assign]
        wuyun.says("你好")
        await wuyun.sees(len)


async def test_a_secret_is_made_once_and_kept_from_others(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    file = echoing.data_dir / SECRET_FILE
    async with echoing.webhook():
        made = file.read_text()
    async with echoing.webhook():
        wuyun.says("你好")
        await wuyun.sees(len)
    assert file.read_text() == made
    assert len(made) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {call.arguments["secret_token"] for call in botapi.calls_of("setWebhook")} == {made}


async def test_two_programs_that_set_the_webhook_at_once_both_start(
    echoing: TelegramBot, wuyun: User
) -> None:
    async with echoing.webhook(webhook_secret=SECRET), echoing.webhook(webhook_secret=SECRET) as second:
        wuyun.says("你好")
        await wuyun.sees(len)
        assert await _post(second.address, update()) in (200, 503)


async def test_updates_come_by_the_path_that_is_configured(echoing: TelegramBot) -> None:
    address = "http://127.0.0.1:1/hooks/policy"
    async with echoing.webhook(webhook_secret=SECRET, webhook_url=address) as bot:
        assert [route.path for route in bot.channel.routes] == ["/hooks/policy"]
