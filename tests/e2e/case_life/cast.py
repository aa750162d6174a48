"""Who takes part, what must stay secret, and what holds when all is over."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot import services
from bot.config import DatabaseSettings, ProcedureSettings, Settings, TelegramSettings, WebSettings
from knowledge.library import KnowledgeBase
from tests.botapi.server import BotApi
from tests.e2e.case_life.people import Page, Phone
from tests.e2e.case_life.program import Clock, Program, free_port
from tests.e2e.case_life.town import Town

HEAD, HOMOPHONE, HUSBAND = "张秀兰", "章秀岚", "刘满仓"
ID_NUMBER, MOBILE = "152726196803070023", "13947712345"
CHILD, MOTHER = "刘小雨", "王桂芝"
STORY, MORE = "户主三月初摔伤，住院自己花了四万，种地也耽误了", "今年没种上地，羊也卖了"
FLOODED, STUDENT = "白金花", "赵铁柱"
NAMES = (HEAD, HOMOPHONE, HUSBAND, CHILD, MOTHER, FLOODED, STUDENT)
NUMBERS = (ID_NUMBER, MOBILE)


@pytest.fixture
async def town(
    botapi: BotApi,
    shipped_library: KnowledgeBase,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Town]:
    caplog.set_level(logging.DEBUG)
    clock = Clock(2026, 3, 2)
    monkeypatch.setattr(services, "utc_now", clock)
    settings = Settings(
        data_dir=tmp_path,
        database=DatabaseSettings(url=database_url),
        web=WebSettings(
            port=free_port(), session_days=365, turns_per_minute=100_000, requests_per_minute=1_000_000
        ),
        procedure=ProcedureSettings(step_days={"township_review": 5}, notice_days=5),
        telegram=TelegramSettings.model_validate(
            {"token": botapi.token, "base_url": botapi.base_url, "base_file_url": botapi.base_file_url}
        ),
    )
    town = Town(Program(settings, shipped_library), botapi, clock, (*NAMES, *NUMBERS, STORY, MORE))
    await town.program.start()
    yield town
    town.write_transcript()
    await town.close()


class Cast:
    """Who is who."""

    def __init__(self, town: Town) -> None:
        self.administrator = town.page("赵敏")
        self.cadre = town.phone(11, "乌云")
        self.cadre_at_home = town.page("乌云")
        self.township = town.page("李红")
        self.colleague = town.phone(12, "白音")
        self.banner = town.phone(13, "王强")
        self.reader = town.page("孙洁")
        self.neighbour = town.phone(14, "钱七")


async def everybody_joins(town: Town) -> Cast:
    cast = Cast(town)
    await cast.administrator.sign_in(town.program.first_link)
    await invited(cast.administrator, cast.cadre, "嘎查村干部 乌审旗 乌兰陶勒盖镇 巴音高勒嘎查 乌云")
    await invited(cast.administrator, cast.township, "苏木乡镇审核员 乌审旗 乌兰陶勒盖镇 李红")
    await invited(cast.administrator, cast.colleague, "苏木乡镇审核员 乌审旗 乌兰陶勒盖镇 白音")
    await invited(cast.administrator, cast.banner, "旗区审核员 乌审旗 王强")
    await invited(cast.administrator, cast.reader, "市级查阅员 孙洁")
    await invited(cast.administrator, cast.neighbour, "嘎查村干部 乌审旗 无定河镇 无定河村 钱七")
    return cast


async def invited(administrator: Page, guest: Phone | Page, who: str) -> None:
    """The link for the guest's channel is used."""
    made = (await administrator.says(f"/invite {who}"))[-1]
    links = [word for word in made.text.split() if "/in/" in word or "start=" in word]
    of_web = next(link.partition("：")[2] for link in links if "/in/" in link)
    if isinstance(guest, Page):
        await guest.sign_in(of_web)
        return
    code = next(link for link in links if "start=" in link).rpartition("start=")[2]
    said = await guest.says(f"/start {code}")
    assert "登记好了" in said[-1].text


def photo() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (60, 40), "brown").save(stored, "JPEG")
    return stored.getvalue()


def everybody_got_their_own(town: Town, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    numbers = [str(case.number) for case in town.all_cases()]
    assert town.unreadable() == []
    for somebody in (cast.administrator, cast.reader, cast.neighbour):
        assert somebody.unasked == []
    for somebody in (cast.cadre, cast.cadre_at_home, cast.township, cast.colleague, cast.banner):
        news = [message.text for message in somebody.unasked]
        assert all(any(number in text for number in numbers) or "季度" in text for text in news), news
    for somebody in town.people:
        texts = "".join(message.text for message in somebody.got)
        own = (cast.cadre, cast.cadre_at_home)
        assert not any(number in texts for number in NUMBERS)
        assert somebody in own or not any(name in texts for name in NAMES), somebody.name
    logged = caplog.text + town.program.output
    assert not any(secret in logged for secret in town.secrets)
