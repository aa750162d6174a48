"""A phone with Chromium, and what a person does on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    async_playwright,
    expect,
)

SMALL_PHONE = {"width": 360, "height": 640}
MISSING = "没有找到 Chromium，浏览器测试没有运行。Debian、Ubuntu 上安装：apt-get install chromium"
# No window, and nothing that phones home.
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_EXPECTED_CONSOLE = ("net::ERR_", "the server responded with a status of")  # a bad line, as the tests make it


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        # Where a change is accepted, a test that does not run must not look like one that has passed.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        await browser.close()


class Phone:
    """One browser with its own cookies and storage. `troubles` are errors of our own scripts and policy."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        self._watch(page)

    @classmethod
    async def take(cls, browser: Browser, url: str, **options: Any) -> Phone:
        wanted = {"viewport": SMALL_PHONE, "is_mobile": True, "has_touch": True, "locale": "zh-CN"} | options
        context = await browser.new_context(**wanted)
        return cls(context, await context.new_page(), url)

    def _watch(self, page: Page) -> None:
        def note(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(known in message.text for known in _EXPECTED_CONSOLE):
                self.troubles.append(message.text)

        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", note)

    async def open(self, address: str = "/") -> None:
        await self.page.goto(address if address.startswith("http") else self.url + address)

    async def greeted(self) -> Phone:
        await self.open()
        await self.hears("您好！我是乡村振兴政策助手")
        return self

    async def another_tab(self) -> Phone:
        tab = Phone(self.context, await self.context.new_page(), self.url)
        tab.troubles = self.troubles
        await tab.open()
        return tab

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="要问的话")

    @property
    def own(self) -> Locator:
        """What the person has said."""
        return self.page.locator(".mine")

    @property
    def theirs(self) -> Locator:
        return self.page.locator(".theirs:not(.typing)")

    @property
    def banner(self) -> Locator:
        return self.page.get_by_role("status")

    async def says(self, text: str) -> None:
        await self.text.fill(text)
        await self.text.press("Enter")

    async def taps(self, label: str) -> None:
        """The last button of that name."""
        await self.page.get_by_role("button", name=label, exact=True).last.tap()

    async def opens_settings(self) -> None:
        await self.page.locator("summary").tap()

    async def hears(self, text: str) -> None:
        await expect(self.theirs.filter(has_text=text).last).to_be_visible()

    async def states(self, *states: str) -> None:
        """Wait until the person's messages are shown to be in these states."""
        await expect(self.own.locator(".state")).to_have_text(list(states))

    async def goes_offline(self) -> None:
        await self.context.set_offline(True)

    async def comes_back(self) -> None:
        await self.context.set_offline(False)

    async def kept(self) -> int:
        """How many messages the phone has kept because they are not sent yet."""
        script = "Object.keys(localStorage).filter((key) => key.startsWith('unsent ')).length"
        return int(await self.page.evaluate(script))
