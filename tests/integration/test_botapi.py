"""What the Bot API server of the tests refuses, seen through python-telegram-bot."""

import re
from io import BytesIO

import httpx
import pytest
from PIL import Image
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
)

from tests.botapi import fixtures
from tests.botapi.fixtures import bot_of
from tests.botapi.server import BotApi
from tests.botapi.users import User

botapi, bot, user = fixtures.botapi, fixtures.bot, fixtures.user


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


async def test_buttons_that_carry_objects_are_taken(bot: Bot, user: User) -> None:
    copy = InlineKeyboardButton("抄", copy_text=CopyTextButton("一"))
    search = InlineKeyboardButton("找", switch_inline_query_current_chat="")
    await bot.send_message(77, "一", reply_markup=InlineKeyboardMarkup([[copy, search]]))
    assert user.messages[-1].labels == ["抄", "找"]


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


async def test_a_deleted_account_and_a_moved_group_are_told_apart(
    botapi: BotApi, bot: Bot, user: User
) -> None:
    user.deletes_account()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(77, "一")
    group = botapi.group(-500, "小群")
    moved = group.becomes_supergroup()
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group.id, "一")
    assert refused.value.new_chat_id == moved.id
    await bot.send_message(moved.id, "一")


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


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("/bot{token}/sendNothing", 404, "Not Found: method not found"),
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/file/bot{token}/documents/none", 404, "Not Found"),
    ],
)
async def test_what_is_not_there_is_said(botapi: BotApi, path: str, code: int, description: str) -> None:
    async with httpx.AsyncClient(base_url=botapi.base_url.removesuffix("/bot")) as client:
        response = await client.get(path.format(token=botapi.token))
    assert response.status_code == code
    assert response.json() == {"ok": False, "error_code": code, "description": description}
