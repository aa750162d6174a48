"""`from tests.botapi.fixtures import botapi` in a conftest makes the fixture known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram.ext import ExtBot

from tests.botapi.server import BotApi
from tests.botapi.users import User


@pytest.fixture
def botapi() -> Iterator[BotApi]:
    """A Bot API server of its own for each test."""
    with BotApi() as api:
        yield api


def bot_of(api: BotApi, token: str = "") -> ExtBot[None]:
    return ExtBot(token or api.token, base_url=api.base_url, base_file_url=api.base_file_url)


@pytest.fixture
async def bot(botapi: BotApi) -> AsyncIterator[ExtBot[None]]:
    """A bot without handlers, for calls one by one."""
    async with bot_of(botapi) as initialised:
        yield initialised


@pytest.fixture
def user(botapi: BotApi) -> User:
    """Someone who has started the bot."""
    person = botapi.user(77, "乌云")
    person.starts()
    return person
