"""Help that begins, runs and ends."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import measures
from db.models_cases import Measure
from handlers import (
    wording_measures,
)
from tests.unit.handlers.case_world import (
    CADRE,
    World,
    button,
    labels,
)
from tests.unit.handlers.casework_forms import (
    SKIP,
    SUBMIT,
    TODAY,
    YES,
    fills,
)
from tests.unit.handlers.conftest import Person


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def _help(world: World, number: str) -> list[Measure]:
    with world.sessions() as session:
        return measures.of_case(session, world.case(number))


def test_suggested_help_comes_first_with_its_clause(world: World) -> None:
    number = world.reported(step="helping", risks=("illness",))
    cadre = world.at(CADRE)
    asked = cadre.presses(f"measure:{number}:new")
    assert "对风险单一的，实施单项帮扶措施" in asked[0].text
    assert labels(asked[-1])[0] == "★健康帮扶" and "产业帮扶" in labels(asked[-1])
    done = fills(cadre, asked, "★健康帮扶", "2026年2月3日", "卫健委李四", SUBMIT)
    assert "健康帮扶：2026年2月3日开始（卫健委李四）" in done[-1].text
    (row,) = _help(world, number)
    assert (row.measure, row.started_on, row.before_procedure) == (
        "health_help", dt.date(2026, 2, 3), False,
    )  # fmt: skip
    assert world.history(number)[-1].detail == {"measure": "health_help"}


def test_help_ends_and_not_before_it_began(world: World) -> None:
    number = world.reported(step="helping")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"measure:{number}:new")
    done = fills(cadre, asked, "★健康帮扶", "2026年2月3日", SKIP, SUBMIT)
    asked = cadre.presses(button(done, "结束健康帮扶"))
    wrong = fills(cadre, asked, "2026年1月3日")
    assert wrong[-1].text == wording_measures.ended_before_start(dt.date(2026, 2, 3))
    done = fills(cadre, wrong, "今天")
    assert "2026年2月3日开始，2026年3月1日结束" in done[-1].text
    assert _help(world, number)[0].ended_on == TODAY


def test_help_before_registration_is_refused_with_both_clauses(world: World) -> None:
    number = world.reported(step="visit", risks=("illness",))
    (refused,) = world.at(CADRE).presses(f"measure:{number}:new")
    assert "按照农牧户申请、走访排查" in refused.text and "可先进行救助并落实帮扶政策" in refused.text
    assert not _help(world, number)


def test_help_comes_first_where_the_clause_lets_it(world: World) -> None:
    number = world.reported(step="visit", risks=("disaster",), urgent=True, help_first=True)
    cadre = world.at(CADRE)
    card = cadre.presses(f"case:{number}")
    asked = cadre.presses(button(cadre.presses(button(card, "帮扶措施")), wording_measures.ADD))
    assert "可先进行救助并落实帮扶政策，后履行相关程序" in asked[0].text
    done = fills(cadre, asked, "★综合保障帮扶", YES, "今天", SKIP, SUBMIT)
    assert "先救助" in done[-1].text and _help(world, number)[0].before_procedure


def test_only_the_safety_net_for_a_household_that_can_work_is_asked_back(world: World) -> None:
    number = world.reported(step="helping", risks=("illness",), capacity="able")
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"measure:{number}:new"), "综合保障帮扶")
    assert asked[-1].text == wording_measures.ABLE_BUT_SAFETY_NET
    asked = fills(cadre, asked, "健康帮扶")
    assert wording_measures.ASK_START in asked[-1].text


def test_help_that_runs_already_is_asked_back(world: World) -> None:
    number = world.reported(step="helping")
    cadre = world.at(CADRE)
    fills(cadre, cadre.presses(f"measure:{number}:new"), "★健康帮扶", "今天", SKIP, SUBMIT)
    asked = fills(cadre, cadre.presses(f"measure:{number}:new"), "★健康帮扶")
    assert asked[-1].text == wording_measures.RUNNING_ALREADY


@pytest.mark.parametrize(("category", "goes_on"), [("unstable", True), ("marginal", False)])
def test_after_an_exit_running_help_is_listed_for_adjustment(
    world: World, category: str, goes_on: bool
) -> None:
    number = world.reported(step="helping")
    cadre = world.at(CADRE)
    fills(cadre, cadre.presses(f"measure:{number}:new"), "★健康帮扶", "今天", SKIP, SUBMIT)
    world.change(number, step="exited", category=category)
    (shown,) = cadre.presses(f"measure:{number}")
    assert "按行业政策要求和实际工作周期进行调整" in shown.text
    assert ("脱贫不稳定户除外" in shown.text) == goes_on
    assert (wording_measures.ADD in labels(shown)) == goes_on
    assert "结束健康帮扶" in labels(shown)


def test_what_the_note_says_lies_sealed_in_the_database(world: World) -> None:
    number = world.reported(step="helping")
    cadre = world.at(CADRE)
    fills(cadre, cadre.presses(f"measure:{number}:new"), "★健康帮扶", "今天", "肝病专家李四", SUBMIT)
    assert "李四" not in str(_help(world, number)[0].model_dump())
