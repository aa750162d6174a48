"""The exchanges that the Chinese README promises are what the bot says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from knowledge.context import Context
from knowledge.library import KnowledgeBase

CHECKOUT = Path(__file__).resolve().parents[2]
CUT = "……"


def _exchanges() -> list[list[tuple[str, list[str]]]]:
    """Blocks of (question, lines of the answer) in the section on what can be asked."""
    section = (CHECKOUT / "README.zh-CN.md").read_text("utf-8").split("## 能问什么")[1].split("\n## ")[0]
    blocks: list[list[tuple[str, list[str]]]] = [[]]
    for line in section.splitlines():
        if line and not line.startswith("    "):
            blocks.append([])
        elif line.startswith("    问："):
            blocks[-1].append((line.removeprefix("    问："), []))
        elif line.strip():
            blocks[-1][-1][1].append(line.strip().removeprefix("答："))
    return [block for block in blocks if block]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return KnowledgeBase.open(
        CHECKOUT / "knowledge" / "sources", tmp_path_factory.mktemp("data"), today=dt.date(2026, 1, 5)
    )


@pytest.mark.parametrize("block", _exchanges(), ids=lambda block: block[0][0])
def test_an_exchange_of_the_readme_happens(base: KnowledgeBase, block: list[tuple[str, list[str]]]) -> None:
    context: Context | None = None
    for question, lines in block:
        answer, context = base.ask(question, context)
        shown = " ".join(answer.text.split())
        for line in lines:
            kept = " ".join(line.split(CUT)[0].split())
            assert kept in shown, question
        assert answer.lead.startswith(lines[0].split(CUT)[0].strip()), question
