"""The ledger that docs/extending.zh-CN.md walks through works as it is written there."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import cases, entries
from handlers import router, wording_decisions
from handlers.turn import Button
from tests.unit.handlers.case_world import CADRE, REVIEWER, STRANGER, World, labels, text
from tests.unit.handlers.casework_forms import SKIP, SUBMIT, TODAY, fills
from tests.unit.handlers.conftest import Person

GUIDE = Path(__file__).resolve().parents[3] / "docs/extending.zh-CN.md"


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


@pytest.fixture
def housing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of the guide, registered where the guide says."""
    path = tmp_path / "form_housing.py"
    path.write_text(GUIDE.read_text("utf-8").split("```python\n")[1].split("```")[0], "utf-8")
    spec = importlib.util.spec_from_file_location("form_housing", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(router.ROUTES, "housing:", module.open_part)  # type: ignore[arg-type]
    monkeypatch.setitem(router.FILLING._ledgers, module.HOUSING, module.LEDGER)  # type: ignore[arg-type]
    monkeypatch.setitem(wording_decisions._RECORDED, module.HOUSING, "住房安全问题")
    return module


def _opens(world: World, chat: str, number: str) -> tuple[Person, tuple]:  # type: ignore[type-arg]
    person = world.at(chat)
    return person, person.presses(Button("住房问题", f"housing:{number}"))


def test_the_ledger_of_the_guide_asks_stores_and_is_written_down(world: World, housing: ModuleType) -> None:
    number = world.reported(step="visit")
    cadre, asked = _opens(world, CADRE, number)
    shown = fills(cadre, asked, "D级", "还没有", "墙裂了", "今天", SUBMIT)
    assert shown[0].text.startswith("住房安全问题记下了。")
    case = world.case(number)
    with world.sessions() as session:
        stored = entries.newest(session, cases.known_id(case), housing.HOUSING)
        assert stored and stored.answers == {
            "grade": "d", "planned": "no", "problem": "墙裂了", "found_on": TODAY.isoformat(),
        }  # fmt: skip
    assert "登记：住房安全问题" in text(cadre.presses(f"case:{number}:log:0"))
    assert world.chain_holds(number)


def test_a_condition_of_the_guide_leaves_a_question_out(world: World, housing: ModuleType) -> None:
    cadre, asked = _opens(world, CADRE, world.reported(step="visit"))
    shown = fills(cadre, asked, "A级", SKIP, "今天")
    assert SUBMIT in labels(*shown) and "改造计划" not in text(shown)


@pytest.mark.parametrize(("chat", "step"), [(STRANGER, "visit"), (REVIEWER, "visit"), (CADRE, "application")])
def test_nobody_else_and_at_no_other_step(world: World, housing: ModuleType, chat: str, step: str) -> None:
    _, shown = _opens(world, chat, world.reported(step=step))
    assert "鉴定" not in text(shown)
