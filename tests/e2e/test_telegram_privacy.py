"""Somebody types a number of a person into Telegram all the same."""

from handlers.wording_privacy import NOT_DELETED
from tests.botapi.faults import BadGateway, DropAfter
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import RunningBot, TelegramBot
from tests.stored import everything_stored

ID = "150602196001010012"
MOBILE = "13812345678"


async def _stored(bot: RunningBot) -> str:
    """All that is in the database once everything is done."""
    await bot.settles()
    return await bot.delivery.in_session(everything_stored)


async def test_an_id_number_is_removed_from_the_chat_explained_and_nowhere_stored(
    telegram: TelegramBot, wuyun: User
) -> None:
    async with telegram.polling() as bot:
        sent = wuyun.says(f"身份证号：{ID}")
        [told] = await wuyun.sees(len)
        stored = await _stored(bot)
    assert "身份证号，我没有保存" in told.text and ID not in told.text
    assert not wuyun.still_sees(sent)
    assert "身份证号：〔身份证号已隐去〕" in stored and ID not in stored


async def test_what_else_was_asked_is_answered(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        sent = wuyun.says(f"我电话{MOBILE}，请问村规民约归谁考核")
        told, answer = await wuyun.sees(lambda messages: len(messages) == 2)
        stored = await _stored(bot)
    assert "手机号" in told.text and "接着办" in told.text
    assert "民政厅" in answer.text
    assert not wuyun.still_sees(sent)
    assert MOBILE not in stored


async def test_a_number_below_a_photo_is_hidden_too(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        sent = wuyun.sends_photo(b"jpeg", caption=f"卡号 6222 0212 3456 7890 128，{ID}")
        told = (await wuyun.sees(len))[0]
        stored = await _stored(bot)
    assert "银行卡号、身份证号" in told.text
    assert not wuyun.still_sees(sent)
    assert "银行卡号已隐去" in stored and ID not in stored and "6222 0212" not in stored


async def test_a_shared_telephone_number_is_not_kept(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        sent = wuyun.shares_own_contact(f"+86{MOBILE}")
        [told] = await wuyun.sees(len)
        stored = await _stored(bot)
    assert "名片" in told.text
    assert not wuyun.still_sees(sent)
    assert MOBILE not in stored


async def test_a_message_too_old_to_be_removed_is_left_to_the_person(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    sent = wuyun.says(ID)
    botapi.makes_older(sent.chat, sent.id, 49 * 3600)
    async with telegram.polling() as bot:
        [told] = await wuyun.sees(len)
        await bot.settles()
    assert told.text.endswith(NOT_DELETED)
    assert wuyun.still_sees(sent)


async def test_on_a_bad_line_it_is_removed_and_explained_once(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    botapi.fails("deleteMessage", BadGateway())
    botapi.fails("deleteMessage", DropAfter())
    async with telegram.polling() as bot:
        sent = wuyun.says(ID)
        await wuyun.sees(len)
        await bot.settles()
    [told] = wuyun.messages
    assert NOT_DELETED not in told.text
    assert not wuyun.still_sees(sent)


async def test_in_a_group_it_is_hidden_without_a_word_about_it(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    group = botapi.group()
    async with telegram.polling() as bot:
        sent = wuyun.says(f"@policy_bot {ID} 村规民约归谁考核", to=group)
        [answer] = await group.sees(len)
        stored = await _stored(bot)
    assert "民政厅" in answer.text
    assert wuyun.still_sees(sent)
    assert ID not in stored


async def test_a_number_of_ours_is_left_alone(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        sent = wuyun.says("内乡振组发〔2021〕3号 个案260000015")
        [answer] = await wuyun.sees(len)
        await bot.settles()
    assert "没有保存" not in answer.text
    assert wuyun.still_sees(sent)
