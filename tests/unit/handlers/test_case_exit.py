"""Proposing that a risk is gone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from handlers import (
    wording_exit,
)
from tests.unit.handlers.case_world import (
    CADRE,
    REVIEWER,
    World,
    button,
)
from tests.unit.handlers.casework_forms import (
    SKIP,
    SUBMIT,
    YES,
    entry,
    fills,
)
from tests.unit.handlers.conftest import Person


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


CRITERIA = "针对性帮扶措施精准落实+“三保障”及饮水安全持续巩固+收入持续稳定+大额刚性支出问题得到稳定解决"
ALL_CRITERIA = f"{CRITERIA}+基本生活稳定保障+返贫致贫风险稳定消除或自然消失"
LONG_AGO = dt.date(2025, 6, 1)


def _helped(world: World, **fields: Any) -> str:
    """A case that was registered long ago and is helped."""
    number = world.reported(step="helping", **fields)
    world.change(number, identified_on=LONG_AGO)
    cadre = world.at(CADRE)
    fills(cadre, cadre.presses(f"measure:{number}:new"), "健康帮扶", "今天", SKIP, SUBMIT)
    return number


def test_a_complete_check_list_proposes_the_exit(world: World) -> None:
    number = _helped(world)
    cadre = world.at(CADRE)
    asked = cadre.presses(button(cadre.presses(f"case:{number}"), "提出风险消除"))
    assert "4项指标全部达标" in asked[0].text
    done = fills(cadre, asked, "帮扶消除", "2025年8月1日", ALL_CRITERIA, SUBMIT)
    assert "风险消除·苏木乡镇审核" in done[-1].text
    case = world.case(number)
    assert (case.step, case.stable_since) == ("exit_township", dt.date(2025, 8, 1))
    recorded = world.history(number)[-2].detail
    assert recorded["stable_since"] == ["", "2025-08-01"]
    assert "提出风险消除" in world.told(REVIEWER)[-1].text
    assert world.chain_holds(number)


def test_every_obstacle_is_told_with_its_clause_and_nothing_changes(world: World) -> None:
    number = world.reported(step="helping", capacity="none")
    before = world.case(number).model_dump()
    cadre = world.at(CADRE)
    asked = cadre.presses(f"exit:{number}")
    refused = fills(cadre, asked, "帮扶消除", YES, "2026年1月1日", CRITERIA, SUBMIT)
    said = refused[-1].text
    for part in (
        "当月识别", "到2026年7月1日才满6个月", "整户没有劳动能力", "还差：基本生活稳定保障",
        "收入持续稳定不少于6个月的监测对象才能消除风险", "暂不标注风险消除，持续跟踪监测",
        "第三章 扎实巩固拓展脱贫攻坚成果",
    ):  # fmt: skip
        assert part in said, part
    assert world.case(number).model_dump() == before
    assert not entry(world, number, "exit")
    assert wording_exit.NOTHING_CHANGED in said


def test_the_check_list_is_kept_until_its_time_has_come(world: World) -> None:
    number = _helped(world)
    cadre = world.at(CADRE)
    asked = cadre.presses(f"exit:{number}")
    refused = fills(cadre, asked, "帮扶消除", "2025年12月1日", ALL_CRITERIA, SUBMIT)
    summary = cadre.presses(button(refused, wording_exit.CHANGE))
    asked = cadre.presses(button(summary, "改收入稳定起"))
    fills(cadre, asked, "2025年8月1日", SUBMIT)
    assert world.case(number).step == "exit_township"


def test_a_natural_end_is_not_asked_since_when_the_income_is_stable(world: World) -> None:
    number = _helped(world)
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"exit:{number}"), "自然消除")
    assert wording_exit.ASK_CRITERIA in asked[-1].text
    fills(cadre, asked, ALL_CRITERIA, SUBMIT)
    assert world.case(number).step == "exit_township"


def test_exit_by_help_without_any_help_is_asked_back(world: World) -> None:
    number = world.reported(step="helping")
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"exit:{number}"), "帮扶消除")
    assert asked[-1].text == wording_exit.HELP_WITHOUT_MEASURE


def test_a_household_that_cannot_work_any_more_stays_tracked(world: World) -> None:
    number = _helped(world, capacity="able")
    cadre = world.at(CADRE)
    summary = fills(cadre, cadre.presses(f"exit:{number}"), "帮扶消除", "2025年8月1日", ALL_CRITERIA)
    asked = cadre.presses(button(summary, "改劳动能力"))
    refused = fills(cadre, asked, "整户无劳动能力", SUBMIT)
    assert "整户没有劳动能力" in refused[-1].text
    assert world.case(number).capacity == "able"
