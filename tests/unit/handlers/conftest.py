"""The conversation over the shipped documents and a database of its own; only the clock is fake."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.crypto import Keyring
from db.session import open_database
from handlers.errors import TurnFailedError, converse
from handlers.turn import Button, Converse, Desk, Reply, Turn
from knowledge.library import KnowledgeBase
from tests.databases import new_sqlite

SOURCES = Path(__file__).resolve().parents[3] / "knowledge/sources"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(SOURCES, tmp_path_factory.mktemp("data"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return new_sqlite(tmp_path)


@pytest.fixture
def sessions(url: str) -> sessionmaker[Session]:
    return open_database(url, Keyring.new())


@pytest.fixture
def clock() -> Callable[[], dt.datetime]:
    return lambda: NOON


@pytest.fixture
def handle_in(library: KnowledgeBase, clock: Callable[[], dt.datetime]) -> Callable[..., Converse]:
    """The conversation over the database of the given sessions; `desk` are further fields of Desk."""

    def handle_in(sessions: sessionmaker[Session], **desk: Any) -> Converse:
        def handle(turn: Turn) -> tuple[Reply, ...]:
            try:
                with sessions.begin() as session:
                    return converse(turn, Desk(library, session, clock(), "v1", **desk))
            except TurnFailedError as failed:
                return (failed.reply,)

        return handle

    return handle_in


@pytest.fixture
def handle(handle_in: Callable[..., Converse], sessions: sessionmaker[Session]) -> Converse:
    return handle_in(sessions)


class Person:
    """Writes and presses in one chat, or as a member of a group, and gets the replies."""

    def __init__(self, handle: Converse, chat: str = "terminal", group: str = "") -> None:
        self._handle = handle
        self._chat = chat
        self._place = {"person": chat, "chat": group or chat, "group": bool(group)}
        self._ids = itertools.count()

    def writes(self, text: str) -> tuple[Reply, ...]:
        return self._handle(Turn(id=f"{next(self._ids)}", text=text, **self._place))

    def in_group(self, group: str) -> Person:
        return Person(self._handle, self._chat, group)

    def sends(self, turn: Turn) -> tuple[Reply, ...]:
        return self._handle(turn)

    def presses(self, button: Button | str) -> tuple[Reply, ...]:
        data = button if isinstance(button, str) else button.data
        return self._handle(Turn(id=f"{next(self._ids)}", button=data, **self._place))


@pytest.fixture
def person(handle: Converse) -> Person:
    return Person(handle)


@pytest.fixture
def person_in(handle: Converse) -> Callable[[str], Person]:
    return partial(Person, handle)
