"""Once in, once handled, and out at least once: over bad lines, floods, crashes."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from sqlmodel import Session
from telegram.ext import ExtBot

from handlers.turn import Reply, Turn
from tests.botapi.faults import BadGateway, DropAfter, DropBefore, FloodLimit, Slow
from tests.botapi.seen import Message
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import SECONDS, TelegramBot

pytestmark = pytest.mark.filterwarnings(
    "ignore::telegram.warnings.PTBDeprecationWarning"
)  # of its own making


def echo(turn: Turn, session: Session) -> tuple[Reply, ...]:
    return (Reply(f"re {turn.text}"),)


@pytest.fixture
def echoing(telegram: TelegramBot) -> TelegramBot:
    return replace(telegram, handle=echo)


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_an_update_that_comes_again_is_handled_once(
    echoing: TelegramBot, botapi: BotApi, wuyun: User, mode: str
) -> None:
    async with getattr(echoing, mode)() as bot:
        sent = wuyun.says("甲")
        await wuyun.sees(len)
        botapi.delivers_again(sent.update_id)
        wuyun.says("乙")
        await wuyun.sees(lambda messages: len(messages) >= 2)
        await bot.settles()
    assert texts(wuyun.messages) == ["re 甲", "re 乙"]


async def test_what_was_fetched_but_not_stored_is_fetched_again(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.polling() as bot:
        storing = asyncio.Event()

        async def dies(turns: object) -> None:
            storing.set()
            await asyncio.Event().wait()

        bot.delivery.accept = dies  # type: ignore[method-assign]
        wuyun.says("甲")
        await asyncio.wait_for(storing.wait(), SECONDS)
    assert len(botapi.pending) == 1
    async with echoing.polling():
        await wuyun.sees(len)
    assert texts(wuyun.messages) == ["re 甲"]


async def test_what_was_stored_but_not_confirmed_is_not_handled_again(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.polling() as bot:
        accept = bot.delivery.accept

        async def accepts_and_dies(turns: list[Turn]) -> None:
            await accept(turns)
            await asyncio.Event().wait()

        bot.delivery.accept = accepts_and_dies  # type: ignore[method-assign, assignment]
        wuyun.says("甲")
        await wuyun.sees(len)
    assert len(botapi.pending) == 1
    async with echoing.polling() as bot:
        wuyun.says("乙")
        await wuyun.sees(lambda messages: len(messages) == 2)
        await bot.settles()
    assert texts(wuyun.messages) == ["re 甲", "re 乙"]
    assert botapi.pending == []


async def test_each_chat_keeps_its_order_while_another_one_waits(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    other = botapi.user(78, "巴特尔")
    async with echoing.polling() as bot:
        botapi.fails("sendMessage", FloodLimit(2))
        wuyun.says("0")
        await asyncio.to_thread(botapi.waits_for_calls, "sendMessage")
        for number in range(1, 20):
            wuyun.says(str(number))
            other.says(str(number))
        await other.sees(lambda messages: len(messages) == 19)
        assert wuyun.messages == []
        await wuyun.sees(lambda messages: len(messages) == 20)
        await bot.settles()
    assert texts(wuyun.messages) == [f"re {number}" for number in range(20)]
    assert texts(other.messages) == [f"re {number}" for number in range(1, 20)]


async def test_a_chat_that_must_wait_is_left_alone_until_then(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.polling():
        botapi.fails("sendMessage", FloodLimit(1))
        wuyun.says("甲")
        await asyncio.to_thread(botapi.waits_for_calls, "sendMessage")
        wuyun.says("乙")
        await wuyun.sees(lambda messages: len(messages) == 2)
    assert len(botapi.calls_of("sendMessage")) == 3  # one refused
    assert botapi.calls_of("sendChatAction") == []


@pytest.mark.parametrize("fault", [BadGateway(), DropBefore()], ids=["502", "connection lost"])
async def test_a_bad_line_delays_replies(
    echoing: TelegramBot, botapi: BotApi, wuyun: User, fault: BadGateway | DropBefore
) -> None:
    async with echoing.polling() as bot:
        botapi.fails("sendMessage", fault)
        botapi.fails("getUpdates", fault)
        wuyun.says("甲")
        await wuyun.sees(len)
        await bot.settles()
    assert texts(wuyun.messages) == ["re 甲"]


async def test_a_reply_whose_receipt_got_lost_is_sent_again(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.polling() as bot:
        botapi.fails("sendMessage", DropAfter())
        wuyun.says("甲")
        await wuyun.sees(len)
        await bot.settles()
    assert set(texts(wuyun.messages)) == {"re 甲"}


async def test_updates_whose_delivery_got_lost_are_fetched_again(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    wuyun.says("甲")
    botapi.fails("getUpdates", DropAfter())
    async with echoing.polling() as bot:
        await wuyun.sees(len)
        await bot.settles()
    assert texts(wuyun.messages) == ["re 甲"]


async def test_somebody_who_blocked_the_bot_is_left_alone_until_they_write(
    echoing: TelegramBot, botapi: BotApi, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    async with echoing.polling() as bot:
        botapi.fails("sendMessage", FloodLimit(1))
        wuyun.says("甲")
        await asyncio.to_thread(botapi.waits_for_calls, "sendMessage")
        wuyun.blocks_bot()
        await bot.settles()
        calls = len(botapi.calls_of("sendMessage"))
        wuyun.says("丙")
        await wuyun.sees(len)
        await bot.settles()
    assert texts(wuyun.messages) == ["re 丙"]
    assert len(botapi.calls_of("sendMessage")) == calls + 1
    assert "ERROR" not in caplog.text


async def test_a_press_too_old_to_be_answered_still_works(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with telegram.polling():
        wuyun.starts()
        [welcome] = await wuyun.sees(len)
    press = wuyun.presses(welcome, "查指标")
    press.expires()
    async with telegram.polling():
        await wuyun.sees(lambda messages: messages[0].edits == 1)


async def test_a_slow_reply_is_announced(telegram: TelegramBot, botapi: BotApi, wuyun: User) -> None:
    async with replace(telegram, handle=echo).polling():
        botapi.fails("sendMessage", Slow(1.2))
        wuyun.says("甲")
        [call] = await asyncio.to_thread(botapi.waits_for_calls, "sendChatAction")
    assert (call.arguments["chat_id"], call.arguments["action"]) == ("77", "typing")


# --- the connection -------------------------------------------------------------------------


async def test_two_programs_with_one_token_say_so_and_go_on(
    echoing: TelegramBot, botapi: BotApi, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    async with echoing.polling():
        await asyncio.to_thread(botapi.waits_for_calls, "getUpdates")
        async with ExtBot(botapi.token, base_url=botapi.base_url) as rival:
            await rival.get_updates(timeout=0)
        wuyun.says("甲")
        await wuyun.sees(len)
    assert Counter("another program" in record.getMessage() for record in caplog.records)[True] == 1


async def test_telegram_away_at_the_start_is_waited_for(
    echoing: TelegramBot, botapi: BotApi, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    botapi.fails("getMe", BadGateway(), times=2)
    wuyun.says("甲")
    async with echoing.polling() as bot:
        assert bot.channel.name == ""
        await wuyun.sees(len)
        assert bot.channel.name == "policy_bot"
    told = [record.getMessage() for record in caplog.records if "Telegram: " in record.getMessage()]
    assert ["no connection" in told[0], "works again" in told[-1], len(told)] == [True, True, 2]


async def test_a_webhook_of_earlier_times_is_removed_without_losing_what_waits(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.webhook():
        pass
    wuyun.says("甲")
    async with echoing.polling():
        await wuyun.sees(len)


async def test_stopping_is_prompt_and_confirms_nothing_that_is_not_stored(
    echoing: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    async with echoing.polling() as bot:
        await asyncio.to_thread(botapi.waits_for_calls, "getUpdates")
        bot.delivery.stop()
        wuyun.says("甲")
    async with echoing.polling():
        await wuyun.sees(len)
