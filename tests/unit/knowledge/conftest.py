"""The shipped documents, opened once a session, and a way to ask them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.facts import Facts
from knowledge.library import KnowledgeBase
from knowledge.model import Answer

SOURCES = Path(__file__).parents[3] / "knowledge" / "sources"
AFTER_THE_PLAN = dt.date(2026, 1, 1)  # the plan runs to the end of 2025
Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(SOURCES, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def facts(library: KnowledgeBase) -> Facts:
    return library.facts


def asker(library: KnowledgeBase) -> Ask:
    """Ask the turns of one conversation; the answer to the last one comes back."""

    def ask(first: str, *more: str) -> Answer:
        answer, context = library.ask(first)
        for question in more:
            answer, context = library.ask(question, context)
        return answer

    return ask


@pytest.fixture(scope="session")
def ask(library: KnowledgeBase) -> Ask:
    return asker(library)


@pytest.fixture(scope="session")
def ask_later(library: KnowledgeBase) -> Ask:
    """The same documents, asked after the plan has run out."""
    return asker(KnowledgeBase.open(SOURCES, library.data_dir, today=AFTER_THE_PLAN))


@pytest.fixture(scope="session")
def printed() -> str:
    """All shipped documents without white space."""
    return "".join("".join(path.read_text("utf-8").split()) for path in sorted(SOURCES.glob("*.txt")))
