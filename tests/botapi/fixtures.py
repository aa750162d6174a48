"""`from tests.botapi.fixtures import botapi` in a conftest makes the fixture known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi.server import BotApi


@pytest.fixture
def botapi() -> Iterator[BotApi]:
    """A Bot API server of its own for each test."""
    with BotApi() as api:
        yield api
