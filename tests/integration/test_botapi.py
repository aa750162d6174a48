"""The Bot API server of the tests, seen through python-telegram-bot."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot

from tests.botapi import fixtures
from tests.botapi.faults import BadGateway, DropAfter, DropBefore, FloodLimit, Slow
from tests.botapi.limits import Rates
from tests.botapi.server import BotApi
from tests.botapi.users import User

botapi = fixtures.botapi


def bot_of(api: BotApi, token: str = "") -> ExtBot[None]:
    return ExtBot(token or api.token, base_url=api.base_url, base_file_url=api.base_file_url)


@pytest.fixture
async def bot(botapi: BotApi) -> AsyncIterator[Bot]:
    async with bot_of(botapi) as initialised:
        yield initialised


@pytest.fixture
def user(botapi: BotApi) -> User:
    """Someone who has started the bot."""
    person = botapi.user(77, "乌云")
    person.starts()
    return person


def keyboard(data: str = "a", label: str = "甲", **fields: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data or None, **fields)]])


def picture(width: int = 8, height: int = 8) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), "green").save(content, "PNG")
    return content.getvalue()


async def test_a_bot_learns_who_it_is(bot: Bot) -> None:
    assert bot.username == "policy_bot"
    assert bot.supports_inline_queries


async def test_a_wrong_token_is_refused(botapi: BotApi) -> None:
    with pytest.raises(InvalidToken):
        await bot_of(botapi, "700000001:wrong").initialize()


async def test_a_message_arrives_as_it_was_sent(bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "<b>一</b> &lt;二&gt;", parse_mode="HTML", reply_markup=keyboard())
    (message,) = user.messages
    assert (message.id, message.text, message.html) == (sent.message_id, "一 <二>", "<b>一</b> &lt;二&gt;")
    assert message.labels == ["甲"]
    assert sent.text_html == "<b>一</b> &lt;二&gt;"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<张三>", 'Unsupported start tag "张三" at byte offset 0'),
        ("二 <br>", 'Unsupported start tag "br" at byte offset 4'),
        ("<b>一", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>一</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("一</b>", "Unexpected end tag at byte offset 3"),
        ("1 < 2", "Unsupported start tag"),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<span>一</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>一</a>", "Expected equal sign"),
    ],
)
async def test_broken_html_is_refused(bot: Bot, user: User, html: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=re.escape(f"Can't parse entities: {reason.lower()}")):
        await bot.send_message(77, html, parse_mode="HTML")


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<blockquote expandable>一</blockquote>", "一"),
        ('<a href="https://a.cn/?x=1&amp;y=2">一</a>', "一"),
        ("<tg-spoiler>一</tg-spoiler><pre><code class='language-py'>x</code></pre>", "一x"),
        ("&#25919;&#x7b56; &nbsp; & &amp;lt;", "政策 &nbsp; & &lt;"),
        ("<B>一</B>", "一"),
    ],
)
async def test_good_html_is_taken(bot: Bot, user: User, html: str, plain: str) -> None:
    await bot.send_message(77, html, parse_mode="HTML")
    assert user.messages[-1].text == plain


async def test_entities_are_counted_in_utf16(bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "🐑<b>羊🐑</b>", parse_mode="HTML")
    assert [(entity.offset, entity.length) for entity in sent.entities] == [(2, 3)]


async def test_text_is_limited_after_parsing(bot: Bot, user: User) -> None:
    await bot.send_message(77, "<b>" + "政" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(77, "政" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(77, "🐑" * 2049)
    with pytest.raises(BadRequest, match="Text is too long"):
        await bot.send_message(77, "<b>x</b>" * 4097, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "reason"), [("", "Message text is empty"), (" \n", "Text must be non-empty")]
)
async def test_empty_text_is_refused(bot: Bot, user: User, text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(77, text)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard("政" * 22), "Button_data_invalid"),
        (keyboard(label=" "), "text must be non-empty"),
        (keyboard(""), "Text buttons are not allowed"),
        (keyboard("", url="no address"), "is invalid: Wrong HTTP URL"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")] * 101]),
            "Reply_markup_too_long|reply markup",
        ),
    ],
)
async def test_a_keyboard_that_makes_no_sense_is_refused(
    bot: Bot, user: User, markup: InlineKeyboardMarkup, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(77, "一", reply_markup=markup)


async def test_callback_data_of_64_bytes_is_taken(bot: Bot, user: User) -> None:
    await bot.send_message(77, "一", reply_markup=keyboard("政" * 21 + "x"))
    assert len(user.messages[-1].buttons[0].data.encode()) == 64


async def test_an_unknown_chat_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(78, "一")


async def test_a_bot_cannot_write_first(botapi: BotApi, bot: Bot) -> None:
    botapi.user(78)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(78, "一")


async def test_a_blocked_bot_is_told_so(bot: Bot, user: User) -> None:
    user.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(77, "一")
    user.unblocks_bot()
    await bot.send_message(77, "二")
    assert [message.text for message in user.messages] == ["二"]


async def test_an_edit_must_change_something(bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "一", reply_markup=keyboard())
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("一", 77, sent.message_id, reply_markup=keyboard())
    await bot.edit_message_text("一", 77, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(77, sent.message_id)
    assert (user.messages[0].edits, user.messages[0].rows) == (1, ())


async def test_only_own_messages_that_exist_can_be_edited(bot: Bot, user: User) -> None:
    theirs = user.says("问")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("一", 77, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("一", 77, 4711)
    sent = await bot.send_message(77, "一")
    await bot.delete_message(77, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("二", 77, sent.message_id)
    assert user.messages[0].deleted


async def test_old_messages_cannot_be_deleted(botapi: BotApi, bot: Bot, user: User) -> None:
    sent = await bot.send_message(77, "一")
    botapi.makes_older(77, sent.message_id, 49 * 3600)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(77, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(77, 4711)


async def test_a_reply_needs_its_message(bot: Bot, user: User) -> None:
    asked = user.says("问")
    answered = await bot.send_message(77, "答", reply_parameters=ReplyParameters(asked.id))
    assert answered.reply_to_message and answered.reply_to_message.text == "问"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(77, "答", reply_parameters=ReplyParameters(4711))


async def test_photos_and_documents_are_uploaded(bot: Bot, user: User) -> None:
    photo = await bot.send_photo(77, picture(), caption="<i>图</i>", parse_mode="HTML")
    await bot.send_document(77, "表,1\r\n".encode(), filename="表.csv")
    shown, filed = user.messages
    assert (shown.text, shown.file, photo.photo[-1].width) == ("图", picture(), 8)
    assert (filed.file_name, filed.file) == ("表.csv", "表,1\r\n".encode())
    await bot.send_photo(77, photo.photo[-1].file_id)
    assert user.messages[-1].file == picture()


async def test_bad_uploads_are_refused(bot: Bot, user: User) -> None:
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(77, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await bot.send_photo(77, picture(300, 2))
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(77, b"")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(77, picture(), caption="政" * 1025)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(77, "unknown-file-id")


async def test_captions_are_edited_as_captions(bot: Bot, user: User) -> None:
    photo = await bot.send_photo(77, picture(), caption="一")
    text = await bot.send_message(77, "一")
    await bot.edit_message_caption(77, photo.message_id, caption="二")
    assert user.messages[0].text == "二"
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(77, text.message_id, caption="二")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("二", 77, photo.message_id)


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
    sent = await bot.send_message(77, "一", reply_markup=keyboard("a", "甲"))
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
    sent = await bot.send_message(77, "一", reply_markup=keyboard("a", "甲"))
    before = user.messages[0]
    await bot.edit_message_text("二", 77, sent.message_id, reply_markup=keyboard("b", "乙"))
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
    started = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert time.monotonic() - started >= 1


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


async def test_a_flood_limit_lasts_as_long_as_it_says(botapi: BotApi, bot: Bot, user: User) -> None:
    botapi.fails("sendMessage", FloodLimit(30))
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(77, "一")
        assert refused.value._retry_after.total_seconds() == 30
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
