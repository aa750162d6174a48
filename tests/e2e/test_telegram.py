"""A person with Telegram, and the whole bot behind it."""

import json
from dataclasses import replace

import pytest

from bot.config import PeopleSettings
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import TelegramBot


def last_says(text: str):
    return lambda messages: messages and text in messages[-1].text


async def test_a_question_is_answered_with_the_place_cited(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.says("村规民约归谁考核")
        answer = (await wuyun.sees(len))[-1]
    assert answer.text.startswith("第33项“有村规民约嘎查村比例”由民政厅考核，1分。")
    assert "附表 第33项" in answer.text


async def test_a_short_question_goes_on_from_the_one_before(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.says("第33项归谁考核")
        await wuyun.sees(len)
        wuyun.says("它多少分")
        answer = (await wuyun.sees(lambda messages: len(messages) == 2))[-1]
    assert "1分" in answer.text


async def test_lists_are_browsed_in_one_message(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.starts()
        welcome = (await wuyun.sees(len))[-1]
        press = wuyun.presses(welcome, "查指标")
        [listed] = await wuyun.sees(lambda messages: messages[-1].edits == 1)
        await press.answered()
    assert listed.id == welcome.id
    assert any("治理有效" in label for label in listed.labels)


async def test_a_link_opens_an_indicator(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.starts("i33")
        answer = (await wuyun.sees(len))[-1]
    assert "有村规民约嘎查村比例" in answer.text


async def test_the_menu_is_chinese_and_leaves_personal_things_out_in_groups(
    telegram: TelegramBot, botapi: BotApi
) -> None:
    async with telegram.polling():
        everywhere, in_groups = [call.arguments for call in botapi.waits_for_calls("setMyCommands", 2)]
    assert _commands(everywhere) >= {"start", "help", "new", "me"}
    assert _commands(in_groups) == {"start", "help", "new"}
    assert all("一" <= command["description"][-1] <= "鿿" for command in _menu(everywhere))


def _menu(arguments) -> list[dict[str, str]]:
    commands = arguments["commands"]
    return json.loads(commands) if isinstance(commands, str) else commands


def _commands(arguments) -> set[str]:
    return {command["command"] for command in _menu(arguments)}


# --- buttons of earlier times ---------------------------------------------------------------


async def test_a_button_of_an_earlier_answer_is_not_taken_for_the_latest(
    telegram: TelegramBot, wuyun: User
) -> None:
    async with telegram.polling():
        wuyun.says("卫生厕所归谁考核")
        before = (await wuyun.sees(len))[-1]
        wuyun.says("村规民约归谁考核")
        await wuyun.sees(lambda messages: len(messages) == 2)
        wuyun.presses_old(before, "pick:1:0")
        await wuyun.sees(last_says("用不上了"))


async def test_a_button_nobody_knows_gets_a_sentence(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.says("你好")
        greeting = (await wuyun.sees(len))[-1]
        press = wuyun.presses_old(greeting, "of-another-version:7")
        await wuyun.sees(last_says("用不上了"))
        await press.answered()


async def test_a_button_works_after_a_restart(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        wuyun.starts()
        welcome = (await wuyun.sees(len))[-1]
    async with telegram.polling():
        wuyun.presses(welcome, "查名单")
        await wuyun.sees(lambda messages: messages[-1].edits == 1)


async def test_a_button_on_a_message_that_is_gone_gets_a_new_message(
    telegram: TelegramBot, wuyun: User
) -> None:
    async with telegram.polling():
        wuyun.starts()
        welcome = (await wuyun.sees(len))[-1]
        data = next(button.data for button in welcome.buttons if button.label == "查指标")
        missing = replace(welcome, id=welcome.id + 1000)
        press = wuyun.presses_old(missing, data, inaccessible=True)
        messages = await wuyun.sees(lambda messages: len(messages) == 2)
        await press.answered()
    assert any("治理有效" in label for label in messages[-1].labels)


async def test_the_same_button_twice_ends_in_the_same_list(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        wuyun.starts()
        welcome = (await wuyun.sees(len))[-1]
        data = next(button.data for button in welcome.buttons if button.label == "查指标")
        wuyun.presses_old(welcome, data)
        wuyun.presses_old(welcome, data)
        await wuyun.sees(lambda messages: messages[-1].edits == 1)
        await bot.settles()
        wuyun.says("村规民约归谁考核")  # the unchanged edit held nothing back
        await wuyun.sees(lambda messages: len(messages) == 2)


# --- what is not a question -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("send", "told"),
    [
        (lambda user: user.sends_sticker(), "表情"),
        (lambda user: user.sends_voice(), "语音"),
        (lambda user: user.sends_video(), "视频"),
        (lambda user: user.sends_photo(b"jpeg"), "照片"),
        (lambda user: user.sends_document("台账.xlsx", size=50_000_000), "文件"),
        (lambda user: user.sends_place(39.6, 109.8), "位置"),
        (lambda user: user.shares_own_contact(), "名片"),
        (lambda user: user.sends({"dice": {"emoji": "🎲", "value": 6}}), "用不上"),
        (lambda user: user.sends({"hologram": {"depth": 3}}), "用不上"),
        (lambda user: user.says("/nosuchcommand"), "没有这个命令"),
        (lambda user: user.says("\x00\x02<b>&amp;</i>"), ""),
        (lambda user: user.says("嘎" * 4096), ""),
    ],
    ids=[
        "sticker", "voice", "video", "photo", "50 MB", "place", "contact", "dice", "content of the future",
        "unknown command", "control characters", "very long",
    ],
)  # fmt: skip
async def test_whatever_is_sent_gets_a_short_reply(
    telegram: TelegramBot, wuyun: User, send, told: str
) -> None:
    async with telegram.polling():
        send(wuyun)
        [reply] = await wuyun.sees(len)
    assert told in reply.text
    assert "编号" not in reply.text  # of an unexpected error


async def test_an_album_gets_one_reply(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        wuyun.sends_album([b"one", b"two", b"three"])
        wuyun.says("村规民约归谁考核")
        await wuyun.sees(last_says("民政厅"))
        await bot.settles()
    assert ["照片" in message.text for message in wuyun.messages] == [True, False]


async def test_two_albums_get_two_replies(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling() as bot:
        wuyun.sends_album([b"one", b"two"])
        wuyun.sends_album([b"three", b"four"])
        await wuyun.sees(lambda messages: len(messages) == 2)
        await bot.settles()
    assert len(wuyun.messages) == 2


ODD_UPDATES = (
    {"telepathy": {"thought": "?"}},
    {"edited_message": {"message_id": 1, "date": 1, "chat": {"id": 77, "type": "private"}}},
    {"channel_post": {"message_id": 1, "date": 1, "text": "通知", "chat": {"id": -1, "type": "channel"}}},
    {"message": {"message_id": "not a number", "chat": None, "date": "today"}},
    {"message": ["not", "an", "object"]},
    {"message": {"message_id": 2, "date": 1, "text": "谁？", "chat": {"id": 77, "type": "private"}}},
    {
        "callback_query": {
            "id": "1", "chat_instance": "1", "game_short_name": "x",
            "from": {"id": 77, "is_bot": False, "first_name": "乌云"},
        }
    },
)  # fmt: skip


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_updates_that_say_nothing_to_us_are_passed_over(
    telegram: TelegramBot, botapi: BotApi, wuyun: User, mode: str
) -> None:
    async with getattr(telegram, mode)():
        sent = wuyun.says("你好")
        await wuyun.sees(len)
        wuyun.edits(sent, "村规民约归谁考核")
        for payload in ODD_UPDATES:
            botapi.delivers(payload)
        wuyun.says("第33项多少分")
        messages = await wuyun.sees(lambda messages: len(messages) == 2)
    assert "1分" in messages[-1].text


# --- groups ---------------------------------------------------------------------------------


async def test_a_group_is_answered_only_when_the_bot_is_meant(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    group = botapi.group()
    async with telegram.polling() as bot:
        wuyun.says("村规民约归谁考核", to=group)
        wuyun.says("/help@another_bot", to=group)
        wuyun.says("@another_bot 村规民约归谁考核", to=group)
        wuyun.sends_photo(b"jpeg", caption="看看", to=group)
        wuyun.sends({"sticker": {}}, to=group)
        wuyun.says("@policy_bot 村规民约归谁考核", to=group)
        answer = (await group.sees(len))[-1]
        wuyun.says("它多少分", to=group, reply_to=answer)
        await group.sees(last_says("1分"))
        wuyun.says("/help@Policy_Bot", to=group)
        await group.sees(last_says("可以这样问"))
        await bot.settles()
    assert "民政厅" in answer.text
    assert len(group.messages) == 3
    assert wuyun.messages == []


async def test_nothing_personal_is_said_in_a_group(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    group = botapi.group()
    async with telegram.polling():
        wuyun.says("/me@policy_bot", to=group)
        private = (await group.sees(len))[-1]
    assert "私" in private.text or "单独" in private.text


async def test_a_bare_mention_is_told_what_can_be_asked(
    telegram: TelegramBot, botapi: BotApi, wuyun: User
) -> None:
    group = botapi.group()
    async with telegram.polling():
        wuyun.says("@policy_bot", to=group)
        await group.sees(last_says("可以这样问"))


async def test_an_anonymous_administrator_of_a_group_is_answered(
    telegram: TelegramBot, botapi: BotApi
) -> None:
    group = botapi.group()
    chat = {"id": group.id, "type": "supergroup", "title": "工作群"}
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    async with telegram.polling():
        botapi.delivers(
            {
                "message": {
                    "message_id": 900, "date": 1, "chat": chat, "from": anonymous, "sender_chat": chat,
                    "text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
                }
            }
        )  # fmt: skip
        await group.sees(last_says("可以这样问"))


async def test_being_removed_from_a_group_is_taken_quietly(
    telegram: TelegramBot, botapi: BotApi, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    group = botapi.group()
    async with telegram.polling() as bot:
        wuyun.says("/help@policy_bot", to=group)
        group.removes_bot(wuyun.wire)
        await bot.settles()
        group.adds_bot(wuyun.wire)
        wuyun.says("/help@policy_bot", to=group)
        await group.sees(last_says("可以这样问"))
    assert "ERROR" not in caplog.text


# --- inline mode ----------------------------------------------------------------------------


async def test_cards_are_offered_in_any_chat(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        answer = await wuyun.asks_inline("村规民约").answered()
    results = answer["results"]
    assert 1 <= len(results) <= 10
    assert "民政厅" in results[0]["title"]
    for result in results:
        assert "出处：《" in result["input_message_content"]["message_text"]


async def test_before_anything_is_typed_examples_are_offered(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        answer = await wuyun.asks_inline("").answered()
    assert len(answer["results"]) == 3


async def test_words_that_stand_nowhere_get_no_card(telegram: TelegramBot, wuyun: User) -> None:
    async with telegram.polling():
        answer = await wuyun.asks_inline("哈哈呵呵").answered()
    assert answer["results"] == []


async def test_visitors_get_no_cards_where_only_those_invited_may_ask(
    telegram: TelegramBot, wuyun: User
) -> None:
    closed = replace(telegram, people=PeopleSettings(visitors_may_ask=False))
    async with closed.polling():
        answer = await wuyun.asks_inline("村规民约").answered()
    assert answer["results"] == []
    assert answer["is_personal"]


async def test_an_inline_query_that_expired_is_forgotten(
    telegram: TelegramBot, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    asked = wuyun.asks_inline("村规民约")
    asked.expires()
    async with telegram.polling():
        wuyun.says("你好")
        await wuyun.sees(len)
    assert "ERROR" not in caplog.text
