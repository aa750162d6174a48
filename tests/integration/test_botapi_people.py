"""People, faults and load of the Bot API server of the tests, seen through python-telegram-bot."""

import asyncio
import json
import sys

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.botapi import fixtures
from tests.botapi.faults import BadGateway, DropAfter, DropBefore, FloodLimit, Slow
from tests.botapi.limits import Rates
from tests.botapi.server import TOKEN, BotApi
from tests.botapi.users import User

botapi, bot, user = fixtures.botapi, fixtures.bot, fixtures.user


def button(data: str, label: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup.from_button(InlineKeyboardButton(label, callback_data=data))


async def test_what_a_person_sends_can_be_downloaded(bot: Bot, user: User) -> None:
    user.sends_photo(b"large picture", "说明")
    update = (await bot.get_updates())[-1]
    assert update.message and update.message.caption == "说明"
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == b"large picture"


async def test_a_file_over_20_megabytes_cannot_be_downloaded(bot: Bot, user: User) -> None:
    user.sends_document("大.pdf", size=50_000_000)
    document = (await bot.get_updates())[-1].message.document
    assert document.file_size == 50_000_000
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(document.file_id)


async def test_a_press_is_answered_once_and_in_time(bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "一", reply_markup=button("a", "甲"))
    press = user.presses(user.messages[0], "甲")
    query = (await bot.get_updates())[-1].callback_query
    assert isinstance(query.message, Message)
    assert (query.data, query.message.message_id) == ("a", sent.message_id)
    await bot.answer_callback_query(query.id, "好")
    assert press.waits_for_answer()["text"] == "好"
    for number in (query.id, "4711"):
        with pytest.raises(
            BadRequest, match="Query is too old and response timeout expired or query id is invalid"
        ):
            await bot.answer_callback_query(number)


async def test_a_button_that_is_gone_cannot_be_pressed(bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "一", reply_markup=button("a", "甲"))
    before = user.messages[0]
    await bot.edit_message_text("二", 77, sent.message_id, reply_markup=button("b", "乙"))
    with pytest.raises(AssertionError, match="no button '甲'"):
        user.presses(before, "甲")
    user.presses_old(before, "a", inaccessible=True)
    query = (await bot.get_updates())[-1].callback_query
    assert query.data == "a" and not query.message.is_accessible


async def test_inline_results_are_checked(bot: Bot, user: User) -> None:
    def article(number: str, text: str = "一") -> InlineQueryResultArticle:
        return InlineQueryResultArticle(number, "题", InputTextMessageContent(text, "HTML"))

    asked = user.asks_inline("村规民约")
    query = (await bot.get_updates())[-1].inline_query
    assert query.query == "村规民约"
    refused = {
        "(?i)result_id_duplicate": [article("a"), article("a")],
        "(?i)result_id_invalid": [article("政" * 22)],
        "Can't parse entities": [article("a", "<张三>")],
        "(?i)results_too_much": [article(str(number)) for number in range(51)],
    }
    for reason, results in refused.items():
        with pytest.raises(BadRequest, match=reason):
            await bot._post("answerInlineQuery", {"inline_query_id": query.id, "results": results})
    await bot.answer_inline_query(query.id, [article("a")], is_personal=True)
    assert asked.waits_for_answer()["results"][0]["id"] == "a"


async def test_a_flood_limit_lasts_as_long_as_it_says(botapi: BotApi, bot: Bot, user: User) -> None:
    botapi.fails("sendMessage", FloodLimit(30))
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(77, "一")
        assert refused.value.retry_after == 30
    botapi.heals()
    await bot.send_message(77, "一")


async def test_a_bad_gateway_is_a_network_error(botapi: BotApi, bot: Bot, user: User) -> None:
    botapi.fails("sendMessage", BadGateway(), times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(77, "一")
    await bot.send_message(77, "一")


@pytest.mark.parametrize(("fault", "arrived"), [(DropBefore(), 0), (DropAfter(), 1)])
async def test_a_dropped_connection_may_have_done_the_work(
    botapi: BotApi, bot: Bot, user: User, fault: DropBefore | DropAfter, arrived: int
) -> None:
    botapi.fails("sendMessage", fault)
    with pytest.raises(NetworkError):
        await bot.send_message(77, "一")
    assert len(user.messages) == arrived


async def test_a_slow_answer_times_out_though_it_was_carried_out(
    botapi: BotApi, bot: Bot, user: User
) -> None:
    botapi.fails("*", Slow(30))
    with pytest.raises(TimedOut):
        await bot.send_message(77, "一", read_timeout=0.2)
    assert len(user.messages) == 1


async def test_floods_are_refused_when_rates_are_checked(botapi: BotApi, bot: Bot, user: User) -> None:
    botapi.checks_rates(Rates(overall_per_second=1000, group_per_minute=2))
    group = botapi.group()
    for _ in range(2):
        await bot.send_message(group.id, "一")
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "一")
    await bot.send_message(77, "一")


async def test_groups_carry_mentions_replies_and_commands(botapi: BotApi, bot: Bot, user: User) -> None:
    group = botapi.group()
    user.says("/help@policy_bot", to=group)
    user.says("🐑 @policy_bot 问", to=group)
    asked = await bot.send_message(group.id, "一")
    user.says("二", to=group, reply_to=asked.message_id)
    command, mention, reply = (update.message for update in (await bot.get_updates())[-3:])
    assert command.chat.type == "supergroup"
    assert list(command.parse_entities().values()) == ["/help@policy_bot"]
    assert list(mention.parse_entities().values()) == ["@policy_bot"]
    assert reply.reply_to_message.from_user.id == bot.id
    group.removes_bot(user.wire)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "一")
    assert (await bot.get_updates())[-1].my_chat_member.new_chat_member.status == "kicked"


async def test_people_send_all_kinds_of_things(bot: Bot, user: User) -> None:
    sent = user.says("错字")
    user.edits(sent, "正字")
    user.sends_voice()
    user.sends_sticker()
    user.sends_video()
    user.sends_place(40.8, 111.7)
    user.shares_own_contact()
    user.sends_contact("+8613900000000", "别人")
    user.sends_album([b"one1", b"two2"], "两张")
    updates = (await bot.get_updates())[1:]
    assert updates[1].edited_message.text == "正字"
    _, _, voice, sticker, video, place, own, other, one, two = (
        update.effective_message for update in updates
    )
    assert all((voice.voice, sticker.sticker, video.video, place.location))
    assert (own.contact.user_id, other.contact.user_id) == (77, None)
    assert one.media_group_id == two.media_group_id and (one.caption, two.caption) == ("两张", None)


async def test_commands_and_descriptions_are_kept(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "怎么用")])
    assert await bot.get_my_commands() == (BotCommand("help", "怎么用"),)
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("帮助", "怎么用")])
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    await bot.set_my_description("问政策")
    assert (await bot.get_my_description()).description == "问政策"
    await bot.set_chat_menu_button()


async def test_calls_are_recorded_in_order(botapi: BotApi, bot: Bot, user: User) -> None:
    await bot.send_chat_action(77, "typing")
    await bot.send_message(77, "一")
    methods = [call.method for call in botapi.calls]
    assert methods == ["getme", "sendchataction", "sendmessage"]
    assert botapi.calls_of("sendMessage")[0].arguments["text"] == "一"


async def test_json_forms_and_queries_are_understood_alike(botapi: BotApi, user: User) -> None:
    url = f"{botapi.base_url}{botapi.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "甲", "callback_data": "a"}]]}
    form = {"chat_id": "77", "text": "一+&%", "reply_markup": json.dumps(markup)}
    async with httpx.AsyncClient() as client:
        await client.post(url, json={"chat_id": 77, "text": "一+&%", "reply_markup": markup})
        await client.post(url, data=form)
        await client.post(url, files={name: (None, value) for name, value in form.items()})
        await client.get(url, params=form)
    assert [(message.text, message.labels) for message in user.messages] == [("一+&%", ["甲"])] * 4


async def test_alone_it_makes_load_and_measures_it() -> None:
    command = (sys.executable, "-m", "tests.botapi", "--port", "0")
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert server.stdout
        url = (await asyncio.wait_for(server.stdout.readline(), 20)).decode().strip()
        async with httpx.AsyncClient(base_url=url.removesuffix("/bot")) as client:
            asked = {"chats": 2, "rate": 20, "seconds": 0.2}
            load = asyncio.create_task(client.post("/control/load", json=asked, timeout=30))
            path, offset = f"/bot{TOKEN}", 0
            while not load.done():
                poll = {"offset": offset, "timeout": 1}
                for update in (await client.post(f"{path}/getUpdates", json=poll)).json()["result"]:
                    offset = update["update_id"] + 1
                    chat = update["message"]["chat"]["id"]
                    await client.post(f"{path}/sendMessage", json={"chat_id": chat, "text": "答"})
        report = load.result().json()
        assert report["sent"] == report["answered"] >= 2
    finally:
        server.terminate()
        await server.wait()
