"""The channels end to end, over the shipped documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.library import KnowledgeBase
from tests.botapi.fixtures import botapi
from tests.botapi.server import BotApi
from tests.botapi.users import User
from tests.e2e.case_life.cast import town
from tests.e2e.telegram_bot import TelegramBot

__all__ = ["botapi", "town"]

SOURCES = Path(__file__).resolve().parents[2] / "knowledge/sources"


@pytest.fixture(scope="session")
def shipped_library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    library = KnowledgeBase.open(SOURCES, tmp_path_factory.mktemp("index"))
    library.warm()
    return library


@pytest.fixture
def telegram(botapi: BotApi, shipped_library: KnowledgeBase, tmp_path: Path) -> TelegramBot:
    return TelegramBot(botapi, shipped_library, tmp_path)


@pytest.fixture
def wuyun(botapi: BotApi) -> User:
    """Somebody on a phone."""
    return botapi.user(77, "乌云")
