"""The real web chat over the shipped documents, and a real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot import services
from bot.config import Settings
from db.session import engine_of
from knowledge.library import KnowledgeBase
from tests.e2e.web.browser import Phone, chromium
from tests.webserver import WebServer

SOURCES = Path(__file__).resolve().parents[3] / "knowledge/sources"
WAIT_MS = 30_000
TakePhone = Callable[..., Awaitable[Phone]]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(SOURCES, tmp_path_factory.mktemp("index"))


@pytest.fixture
def server(library: KnowledgeBase, tmp_path: Path) -> Iterator[WebServer]:
    settings = Settings(data_dir=tmp_path)
    sessions, handle = services.open_conversation(settings, services.desks(settings, library))
    server = WebServer(sessions, handle, library)
    server.start()
    yield server
    server.stop()
    engine_of(sessions).dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def take_phone(browser: Browser, server: WebServer) -> AsyncIterator[TakePhone]:
    """Take a phone in hand; options are those of a Playwright context. No script of ours may have failed."""
    taken: list[Phone] = []

    async def take(**options: Any) -> Phone:
        phone = await Phone.take(browser, server.url, **options)
        phone.page.set_default_timeout(WAIT_MS)
        taken.append(phone)
        return phone

    yield take
    for phone in taken:
        await phone.context.close()
    assert [phone.troubles for phone in taken] == [[]] * len(taken)


@pytest_asyncio.fixture(loop_scope="session")
async def phone(take_phone: TakePhone) -> Phone:
    """A visitor's phone with the page open."""
    return await (await take_phone()).greeted()
