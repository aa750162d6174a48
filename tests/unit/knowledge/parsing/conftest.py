"""The two real documents, parsed once, and a way to parse text that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.library import check_file
from knowledge.model import Clause, Document, SourceText
from knowledge.parsing import parse
from knowledge.reading.text import lines

SOURCES = Path(__file__).parents[4] / "knowledge" / "sources"
Parse = Callable[[str], Document]


@pytest.fixture(scope="session")
def regional() -> tuple[Document, ...]:
    """The notice of the autonomous region with its two annexes."""
    return check_file(SOURCES / "neimenggu-2021-1.txt", "neimenggu-2021-1.txt")


@pytest.fixture(scope="session")
def method(regional: tuple[Document, ...]) -> Document:
    return regional[1]


@pytest.fixture(scope="session")
def measures(regional: tuple[Document, ...]) -> Document:
    return regional[2]


@pytest.fixture(scope="session")
def plan() -> Document:
    return check_file(SOURCES / "ordos-2022-plan.txt", "ordos-2022-plan.txt")[1]


@pytest.fixture
def written() -> Parse:
    """Parse a text as if it were a file of the library; the first document of it."""
    return lambda text: parse(SourceText("样本.txt", tuple(lines(text)), text))[0]


@pytest.fixture
def clause_at() -> Callable[[Document, str], Clause]:
    """The clause whose locator ends with the given labels."""

    def find(document: Document, locator: str) -> Clause:
        found = [clause for clause in document.clauses if clause.locator.endswith(locator)]
        assert len(found) == 1, f"{locator}: {[clause.locator for clause in found]}"
        return found[0]

    return find
