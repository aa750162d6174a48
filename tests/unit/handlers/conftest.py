"""The conversation over the shipped documents and a database of its own; only the clock is fake."""

import datetime as dt
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.session import open_database
from handlers.errors import TurnFailedError, converse
from handlers.turn import Button, Converse, Desk, Reply, Turn
from knowledge.library import KnowledgeBase

SOURCES = Path(__file__).resolve().parents[3] / "knowledge/sources"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(SOURCES, tmp_path_factory.mktemp("data"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/policybot.db"


@pytest.fixture
def sessions(url: str) -> sessionmaker[Session]:
    return open_database(url)


@pytest.fixture
def clock() -> Callable[[], dt.datetime]:
    return lambda: NOON


@pytest.fixture
def handle_in(library: KnowledgeBase, clock: Callable[[], dt.datetime]) -> Callable[..., Converse]:
    """The conversation over the database of the given sessions."""

    def handle_in(sessions: sessionmaker[Session]) -> Converse:
        def handle(turn: Turn) -> tuple[Reply, ...]:
            try:
                with sessions.begin() as session:
                    return converse(turn, Desk(library, session, clock(), "v1"))
            except TurnFailedError as failed:
                return (failed.reply,)

        return handle

    return handle_in


@pytest.fixture
def handle(handle_in: Callable[..., Converse], sessions: sessionmaker[Session]) -> Converse:
    return handle_in(sessions)


class Person:
    """Writes and presses in one chat and gets the replies."""

    def __init__(self, handle: Converse, chat: str = "terminal") -> None:
        self._handle = handle
        self._chat = chat
        self._ids = itertools.count()

    def writes(self, text: str) -> tuple[Reply, ...]:
        return self._handle(Turn(id=f"{next(self._ids)}", person=self._chat, chat=self._chat, text=text))

    def sends(self, turn: Turn) -> tuple[Reply, ...]:
        return self._handle(turn)

    def presses(self, button: Button | str) -> tuple[Reply, ...]:
        data = button if isinstance(button, str) else button.data
        return self._handle(Turn(id=f"{next(self._ids)}", person=self._chat, chat=self._chat, button=data))


@pytest.fixture
def person(handle: Converse) -> Person:
    return Person(handle)


@pytest.fixture
def person_in(handle: Converse) -> Callable[[str], Person]:
    return partial(Person, handle)
