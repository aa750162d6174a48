"""What replies look like in Telegram: long ones, marked ones, files, edits, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import Session

from db import files
from handlers.turn import Button, Reply, Turn, bold
from tests.botapi.faults import BadGateway, Slow
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import TelegramBot

SENTENCE = "为了做好衔接工作，制定本办法<1&2>。"
ALL = ((Button("全文", "all:"),),)
Answering = Callable[..., TelegramBot]


@pytest.fixture
def answering(telegram: TelegramBot) -> Answering:
    """The bot with these replies to everything; a button pressed is told by its data."""

    def answering(*replies: Reply, pressed: Reply | None = None) -> TelegramBot:
        def handle(turn: Turn, session: Session) -> tuple[Reply, ...]:
            return (pressed,) if pressed and turn.button else replies

        return replace(telegram, handle=handle)

    return answering


def texts(user: User) -> list[str]:
    return [message.text for message in user.messages]


async def test_a_long_reply_is_cut_after_sentences_with_the_buttons_on_the_last_part(
    answering: Answering, wuyun: User
) -> None:
    async with answering(Reply(SENTENCE * 500, ALL)).polling():
        wuyun.says("全文")
        messages = await wuyun.sees(lambda messages: messages and messages[-1].labels)
    assert "".join(texts(wuyun)) == SENTENCE * 500
    assert all(text.endswith("。") for text in texts(wuyun))
    assert [message.labels for message in messages] == [[], [], ["全文"]]
    assert all("<1&2>" not in message.html for message in messages)  # not as plain text, for want of HTML


async def test_what_is_bold_stays_bold_across_a_cut(answering: Answering, wuyun: User) -> None:
    async with answering(Reply("前" + bold("重" * 5000) + "后")).polling():
        wuyun.says("全文")
        first, second = await wuyun.sees(lambda messages: len(messages) == 2)
    assert first.html == f"前<b>{'重' * 4095}</b>"
    assert second.html == f"<b>{'重' * 905}</b>后"


async def test_characters_outside_the_basic_plane_count_twice(answering: Answering, wuyun: User) -> None:
    async with answering(Reply("𠮷" * 4096)).polling():
        wuyun.says("字")
        await wuyun.sees(lambda messages: len(messages) == 2)
    assert [len(text) for text in texts(wuyun)] == [2048, 2048]


async def test_a_reply_that_is_mostly_markup_is_taken(answering: Answering, wuyun: User) -> None:
    text = (bold("&") + "<") * 4000
    async with answering(Reply(text, ALL)).polling():
        wuyun.says("字")
        await wuyun.sees(lambda messages: messages and messages[-1].labels)
    assert "".join(texts(wuyun)) == "&<" * 4000


async def test_a_part_that_was_sent_is_not_sent_again_with_the_rest(
    answering: Answering, botapi: BotApi, wuyun: User
) -> None:
    async with answering(Reply("甲" * 4096 + "乙" * 100)).polling() as bot:
        botapi.fails("sendMessage", Slow(0))
        botapi.fails("sendMessage", BadGateway())
        wuyun.says("全文")
        await wuyun.sees(lambda messages: len(messages) == 2)
        await bot.settles()
    assert [text[0] for text in texts(wuyun)] == ["甲", "乙"]


async def test_a_reply_that_nobody_could_see_does_not_hold_back_the_next(
    answering: Answering, wuyun: User
) -> None:
    async with answering(Reply(" \n"), Reply("看得见")).polling():
        wuyun.says("字")
        await wuyun.sees(len)
    assert texts(wuyun) == ["看得见"]


async def test_links_are_not_previewed(answering: Answering, botapi: BotApi, wuyun: User) -> None:
    async with answering(Reply("见 https://example.cn")).polling():
        wuyun.says("字")
        await wuyun.sees(len)
    assert "true" in str(botapi.calls_of("sendMessage")[0].arguments["link_preview_options"])


# --- edits ----------------------------------------------------------------------------------


async def test_a_long_edit_goes_on_in_new_messages(answering: Answering, wuyun: User) -> None:
    async with answering(Reply("摘要", ALL), pressed=Reply(SENTENCE * 300, edit=True)).polling():
        wuyun.says("字")
        [summary] = await wuyun.sees(len)
        wuyun.presses(summary, "全文")
        messages = await wuyun.sees(lambda messages: len(messages) == 2)
    assert (messages[0].id, messages[0].edits) == (summary.id, 1)
    assert "".join(texts(wuyun)) == SENTENCE * 300


async def test_an_edit_that_changes_nothing_is_done(
    answering: Answering, wuyun: User, caplog: pytest.LogCaptureFixture
) -> None:
    same = Reply("一样", ALL, edit=True)
    async with answering(same, pressed=same).polling() as bot:
        wuyun.says("字")
        [message] = await wuyun.sees(len)
        await wuyun.presses(message, "全文").answered()
        await bot.settles()
    assert texts(wuyun) == ["一样"]
    assert "ERROR" not in caplog.text


async def test_a_photo_with_a_button_is_followed_by_a_new_message(answering: Answering, wuyun: User) -> None:
    async with answering(Reply("图", ALL, photo=1), pressed=Reply("换成文字", edit=True)).polling() as bot:
        await bot.delivery.in_session(lambda session: _stored(session, _picture(), "image/png"))
        wuyun.says("字")
        [photo] = await wuyun.sees(len)
        wuyun.presses(photo, "全文")
        messages = await wuyun.sees(lambda messages: len(messages) == 2)
    assert messages[-1].text == "换成文字"


# --- files ----------------------------------------------------------------------------------


def _picture(width: int = 40, height: int = 30) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height), "green").save(content, "PNG")
    return content.getvalue()


def _stored(session: Session, content: bytes, media_type: str = "application/pdf") -> int:
    return files.store(
        session,
        chat="telegram:77",
        content=content,
        media_type=media_type,
        name="村规.png" if media_type.startswith("image") else "村规.pdf",
        now=dt.datetime.now(dt.UTC),
    )


async def test_a_photo_comes_with_its_text_and_buttons(answering: Answering, wuyun: User) -> None:
    async with answering(Reply(bold("村规") + "民约", ALL, photo=1)).polling() as bot:
        await bot.delivery.in_session(lambda session: _stored(session, _picture(), "image/png"))
        wuyun.says("图")
        [photo] = await wuyun.sees(len)
    assert (photo.file, photo.text, photo.labels) == (_picture(), "村规民约", ["全文"])


async def test_a_file_with_a_long_text_is_followed_by_it(answering: Answering, wuyun: User) -> None:
    async with answering(Reply(SENTENCE * 60, ALL, file=1)).polling() as bot:
        await bot.delivery.in_session(lambda session: _stored(session, b"%PDF-1.7"))
        wuyun.says("文件")
        file, text = await wuyun.sees(lambda messages: len(messages) == 2)
    assert (file.file, file.file_name, file.text, file.labels) == (b"%PDF-1.7", "村规.pdf", "", [])
    assert (text.text, text.labels) == (SENTENCE * 60, ["全文"])


async def test_a_picture_that_telegram_shows_none_of_is_sent_as_a_file(
    answering: Answering, wuyun: User
) -> None:
    async with answering(Reply("长图", photo=1)).polling() as bot:
        await bot.delivery.in_session(lambda session: _stored(session, _picture(9000, 2000), "image/png"))
        wuyun.says("图")
        [message] = await wuyun.sees(len)
    assert (message.file_name, message.text) == ("村规.png", "长图")


async def test_a_file_that_is_no_longer_stored_leaves_the_text(answering: Answering, wuyun: User) -> None:
    async with answering(Reply("说明", ALL, file=404)).polling():
        wuyun.says("文件")
        [message] = await wuyun.sees(len)
    assert (message.file, message.text, message.labels) == (None, "说明", ["全文"])
