"""What readmes and documents promise is there: exchanges, settings, commands, tests, links."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from typer.main import get_command

from bot.cli import app
from bot.config import Settings
from handlers.wording_menu import COMMANDS
from knowledge.context import Context
from knowledge.library import KnowledgeBase

CHECKOUT = Path(__file__).resolve().parents[2]
CUT = "……"
README, README_ZH, GUIDE, SECURITY = (
    (CHECKOUT / name).read_text("utf-8")
    for name in ("README.md", "README.zh-CN.md", "docs/user-guide.zh-CN.md", "docs/security.md")
)
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])
_HIDDEN = {"token", "webhook_secret", "metrics_token", "keys"}  # secrets stand in no file


def _keys(model: Any = Settings, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        if hasattr(field.annotation, "model_fields"):
            yield from _keys(field.annotation, (*above, name))
        else:
            yield (*above, name)


SETTINGS = list(_keys())


@pytest.mark.parametrize("keys", SETTINGS, ids=".".join)
def test_every_setting_stands_in_the_file_and_in_both_tables(keys: tuple[str, ...]) -> None:
    found: Any = tomllib.loads((CHECKOUT / "config.toml").read_text("utf-8"))
    for key in keys:
        found = found.get(key, {}) if keys[-1] in _HIDDEN else found[key]
    variable = f"`POLICYBOT_{'__'.join(keys).upper()}`"
    for readme in (README, README_ZH):
        assert any(line.startswith("|") and variable in line for line in readme.splitlines()), variable


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_menu_stands_in_the_user_guide(command: str) -> None:
    assert f"`/{command}`" in GUIDE


@pytest.mark.parametrize("command", list(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_of_the_command_line_stands_in_both_readmes(command: str) -> None:
    for readme in (README, README_ZH):
        assert re.search(rf"`python -m bot {command}\b", readme)


def test_every_test_that_the_security_page_leans_on_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", SECURITY))
    sources = "\n".join(path.read_text("utf-8") for path in CHECKOUT.glob("tests/**/test_*.py"))
    assert len(named) > 50
    assert named - set(re.findall(r"def (test_\w+)\(", sources)) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    inside = {unquote(link.partition("#")[0]) for link in links if "://" not in link} - {""}
    assert {link for link in inside if not (page.parent / link).exists()} == set()


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
