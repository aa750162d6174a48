"""Take the pictures in docs/screenshots: python -m tests.e2e.web.screenshots"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, expect

from bot import services
from bot.config import CHECKOUT, Settings, WebSettings
from handlers import wording_pages, wording_web
from knowledge.library import KnowledgeBase
from tests.e2e.web.browser import Phone, chromium
from tests.e2e.web.case_screenshots import take_cases
from tests.e2e.web.one_time import ID_FIELD, MOBILE, PHONE_FIELD, WRONG_ID, begun_report, link_to_fill
from tests.webserver import WebServer

FOLDER = CHECKOUT / "docs/screenshots"
SCREEN = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
TAPS_PER_MINUTE = 1_000  # nobody is as quick as this script
QUESTION, ANSWER = "村规民约归谁考核", "由民政厅考核"


async def take_all(server: WebServer, library: KnowledgeBase) -> None:
    async with chromium() as browser:
        for scheme in ("light", "dark"):
            await _take(browser, server, scheme)
            await take_form(browser, server, library, scheme)
        await take_cases(browser, server, FOLDER)


async def take_form(browser: Browser, server: WebServer, library: KnowledgeBase, scheme: str) -> None:
    """The one-time page, with a number that was mistyped."""
    phone = await Phone.take(browser, server.url, color_scheme=scheme, **SCREEN)
    await phone.open(link_to_fill(server, library, begun_report(server)))
    await phone.page.get_by_label(ID_FIELD).fill(WRONG_ID)
    await phone.page.get_by_label(PHONE_FIELD).fill(MOBILE)
    await phone.taps(wording_pages.SAVE)
    await expect(phone.page.get_by_role("alert")).to_be_visible()
    await phone.page.screenshot(path=FOLDER / f"one-time-page-{scheme}.png")
    await phone.context.close()


async def _take(browser: Browser, server: WebServer, scheme: str) -> None:
    phone = await Phone.take(browser, server.url, color_scheme=scheme, **SCREEN)

    async def picture(name: str) -> None:
        await phone.page.wait_for_timeout(300)  # for the page to settle
        await phone.page.screenshot(path=FOLDER / f"{name}-{scheme}.png")

    await phone.open(server.invitation("乌云"))
    await picture("sign-in")
    await phone.taps(wording_web.SIGN_IN_BUTTON)
    await phone.hears("您好")
    await picture("start")
    await phone.says(QUESTION)
    await phone.hears(ANSWER)
    await picture("answer")
    await phone.says("/start")
    await phone.taps("查指标")
    await phone.hears("考核项目")
    await picture("list")
    await phone.goes_offline()
    await phone.says("乌审旗有哪些重点村")
    await phone.states("已送达", "已送达", "未发出，点此重试")
    await picture("offline")
    await phone.comes_back()
    await phone.opens_settings()
    await phone.page.get_by_label("大字").check()
    await picture("settings")
    await phone.context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        library = KnowledgeBase.open(CHECKOUT / "knowledge/sources", Path(folder))
        reach = services.Reach()
        sessions, handle = services.open_conversation(settings, services.desks(settings, library, reach))
        server = WebServer(sessions, handle, library, WebSettings(turns_per_minute=TAPS_PER_MINUTE))
        server.start()
        reach.web_url = server.url
        try:
            asyncio.run(take_all(server, library))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
