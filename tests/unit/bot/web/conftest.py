"""The web chat on a real port, over a conversation that echoes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.config import WebSettings
from db.session import engine_of, open_database
from handlers.turn import Button, Reply, Turn, bold
from knowledge.library import KnowledgeBase
from tests.databases import new_sqlite
from tests.webserver import Page, WebServer


def echo(turn: Turn, session: Session) -> tuple[Reply, ...]:
    """A button "edit:…" changes its message, "new:…" makes another; what is written is repeated."""
    if turn.button is not None:
        buttons = ((Button("换", f"edit:{turn.button}"[:60]),),)
        return (Reply(f"按了{turn.button}", buttons, edit=turn.button.startswith("edit")),)
    said = turn.text or f"{turn.kind} {turn.photo.ref if turn.photo else turn.place}"
    return (Reply(f"{bold('您说')}：{said}", ((Button("改", "edit:1"), Button("新", "new:1")),)),)


class Clock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def knowledge(library: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(library, tmp_path_factory.mktemp("index"))


@pytest.fixture
def serve(knowledge: KnowledgeBase, clock: Clock, tmp_path: Path) -> Iterator[Callable[..., WebServer]]:
    """Start a server with the given settings (of WebSettings, or `visitors_may_ask`)."""
    sessions = open_database(new_sqlite(tmp_path))
    started: list[WebServer] = []

    def start(
        visitors_may_ask: bool = True, library: KnowledgeBase = knowledge, **settings: Any
    ) -> WebServer:
        server = WebServer(
            sessions, echo, library, WebSettings(**settings), clock=clock, visitors_may_ask=visitors_may_ask
        )
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
    engine_of(sessions).dispose()


@pytest.fixture
def server(serve: Callable[..., WebServer]) -> WebServer:
    return serve()


@pytest.fixture
def visitor(server: WebServer) -> Page:
    return Page(server).open()


@pytest.fixture
def member(server: WebServer) -> Page:
    return Page(server).sign_in(server.invitation())
