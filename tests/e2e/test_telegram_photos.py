"""Photos of a report in Telegram: fetched afterwards, over bad lines and restarts, kept plain and sealed."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session, select

from bot import services
from bot.keys import open_database
from db import drafts, people, photos
from db.access import Role
from db.models_cases import CaseFile
from db.session import engine_of
from handlers import wording_forms, wording_pages
from tests.botapi.faults import BadGateway, DropBefore
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.telegram_bot import SECONDS, RunningBot, TelegramBot

VILLAGE = "150626100200"


def _jpeg(size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    image, stored = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Camera of Wang Wu"
    image.save(stored, kind, exif=exif)
    return stored.getvalue()


@pytest.fixture
def cadre(telegram: TelegramBot, wuyun: User) -> User:
    """Somebody in the middle of a report."""
    sessions = open_database(telegram.settings({}))
    with sessions.begin() as session:
        now = services.utc_now()
        person = people.create(session, role=Role.VILLAGE_CADRE, area=VILLAGE, name="乌云", now=now)
        people.add_channel(session, person, "telegram:77", now=now)
        drafts.begin(session, people.known_id(person), "report", now=now).asked = "head"
    engine_of(sessions).dispose()
    return wuyun


async def _kept(bot: RunningBot, count: int = 1) -> list[bytes]:
    """The photos, once none waits to be fetched any more."""

    def look(session: Session) -> list[bytes] | None:
        rows = session.exec(select(CaseFile).order_by(CaseFile.id)).all()  # type: ignore[arg-type]
        waiting = len(rows) < count or any(row.fetch for row in rows)
        return None if waiting else [photos.content(session, row) for row in rows]

    async with asyncio.timeout(SECONDS):
        while (found := await bot.delivery.in_session(look)) is None:
            await asyncio.sleep(0.02)
    return found


def _on_disk(telegram: TelegramBot) -> bytes:
    return b"".join(path.read_bytes() for path in Path(telegram.data_dir).rglob("*") if path.is_file())


async def test_a_photo_is_fetched_and_kept_without_its_metadata(telegram: TelegramBot, cadre: User) -> None:
    async with telegram.polling() as bot:
        cadre.sends_photo(_jpeg((4000, 3000)))
        await cadre.sees(lambda messages: messages and messages[-1].text == wording_forms.PHOTO_KEPT)
        [kept] = await _kept(bot)
    picture = Image.open(io.BytesIO(kept))
    assert picture.format == "JPEG" and picture.size == (1600, 1200)
    assert b"Camera" not in kept and b"Exif" not in kept
    assert kept not in _on_disk(telegram)


async def test_a_picture_sent_as_a_file_is_kept_too(telegram: TelegramBot, cadre: User) -> None:
    async with telegram.polling() as bot:
        cadre.sends_document("证明.png", _jpeg(kind="PNG"), mime="image/png")
        [kept] = await _kept(bot)
    assert Image.open(io.BytesIO(kept)).format == "JPEG"


async def test_every_photo_of_an_album_is_fetched(telegram: TelegramBot, cadre: User) -> None:
    sizes = [(40 + number, 20) for number in range(7)]
    async with telegram.polling() as bot:
        cadre.sends_album([_jpeg(size) for size in sizes])
        kept = await _kept(bot, len(sizes))
    assert [Image.open(io.BytesIO(content)).size for content in kept] == sizes


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_bad_line_delays_a_photo(
    telegram: TelegramBot, botapi: BotApi, cadre: User, method: str
) -> None:
    botapi.fails(method, BadGateway())
    async with telegram.polling() as bot:
        cadre.sends_photo(_jpeg())
        [kept] = await _kept(bot)
    assert kept and len(botapi.calls_of("getFile")) == 2


async def test_a_photo_that_was_not_fetched_is_fetched_after_a_restart(
    telegram: TelegramBot, botapi: BotApi, cadre: User
) -> None:
    botapi.fails("getFile", DropBefore(), times=1000)
    async with telegram.polling():
        cadre.sends_photo(_jpeg())
        await asyncio.to_thread(botapi.waits_for_calls, "getFile")
    botapi.heals()
    async with telegram.polling() as bot:
        assert await _kept(bot) != [b""]


async def test_what_is_no_picture_is_given_up_and_its_sender_told(telegram: TelegramBot, cadre: User) -> None:
    async with telegram.polling() as bot:
        cadre.sends_document("x.jpg", b"%PDF-1.7", mime="image/jpeg")
        assert await _kept(bot) == [b""]
        await cadre.sees(lambda messages: messages and messages[-1].text == wording_pages.PHOTO_LOST)


async def test_a_photo_that_telegram_has_no_more_is_given_up_after_some_attempts(
    telegram: TelegramBot, botapi: BotApi, cadre: User
) -> None:
    async with telegram.polling() as bot:
        cadre.sends_document("x.jpg", None, size=1000, mime="image/jpeg")  # nothing there to download
        assert await _kept(bot) == [b""]
        await cadre.sees(lambda messages: messages and messages[-1].text == wording_pages.PHOTO_LOST)
    assert len(botapi.calls_of("getFile")) == 3


async def test_one_photo_in_trouble_does_not_keep_others_back(
    telegram: TelegramBot, botapi: BotApi, cadre: User
) -> None:
    async with telegram.polling() as bot:
        for _ in range(5):  # more than are fetched at once
            cadre.sends_document("x.jpg", None, size=1000, mime="image/jpeg")
        cadre.sends_photo(_jpeg())
        kept = await _kept(bot, 6)
    assert [bool(content) for content in kept] == [False] * 5 + [True]
