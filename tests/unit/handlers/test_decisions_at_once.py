"""Two people who decide on one case in the same moment, on a database that lets both in."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import cases, people, workflow
from db.access import Role
from db.crypto import Keyring
from db.session import engine_of, open_database
from handlers.errors import converse
from handlers.turn import Desk, Reply, Turn
from knowledge.library import KnowledgeBase
from tests.databases import wait_for_a_lock
from tests.unit.handlers.case_world import CADRE, REVIEWER, TOWNSHIP, World, button, text

Person = Any  # of conftest.py
SECOND = "telegram:22"


@pytest.fixture
def sessions(postgresql_url: str) -> Any:
    opened = open_database(postgresql_url, Keyring.new())
    yield opened
    engine_of(opened).dispose()


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def test_the_second_waits_for_the_first_and_sees_what_was_done(
    world: World, sessions: sessionmaker[Session], postgresql_url: str, library: KnowledgeBase
) -> None:
    world.join(SECOND, Role.TOWNSHIP_REVIEWER, TOWNSHIP, "周九")
    number = world.reported(step="township_review")
    passing = button(world.at(SECOND).presses(f"case:{number}"), "审核通过")
    said: list[tuple[Reply, ...]] = []
    second = threading.Thread(target=lambda: said.append(world.at(SECOND).presses(passing)))
    with sessions.begin() as session:
        turn = Turn(id="first", person=REVIEWER, chat=REVIEWER, button=passing.data)
        converse(turn, Desk(library, session, world.now, "v1"))
        second.start()
        wait_for_a_lock(postgresql_url)
    second.join(timeout=30)
    assert "李四（苏木乡镇审核员）：审核通过" in text(said[0])
    passed = [entry for entry in world.history(number) if entry.from_step == "township_review"]
    assert [entry.action for entry in passed] == ["pass"]
    assert world.chain_holds(number)


def test_a_screening_is_kept_when_the_case_changes_in_the_same_moment(
    world: World, sessions: sessionmaker[Session], postgresql_url: str
) -> None:
    number = world.reported(step="helping")
    world.change(number, identified_on=dt.date(2025, 6, 1))
    cadre = world.at(CADRE)
    cadre.presses(f"screen:quarterly:{number}")
    for answer in ("4", "没有", "9000", "300", "没有变化"):
        asked = cadre.writes(answer)
    submit = button(cadre.presses(button(asked, "跳过")), "提交")
    said: list[tuple[Reply, ...]] = []
    second = threading.Thread(target=lambda: said.append(world.at(CADRE).presses(submit)))
    with sessions.begin() as session:
        reviewer = people.find(session, REVIEWER)
        assert reviewer is not None
        case = workflow.lock(session, cases.known_id(world.case(number)))
        workflow.change(session, case, "recorded", actor=reviewer, now=world.now, detail={})
        second.start()
        wait_for_a_lock(postgresql_url)
    second.join(timeout=30)
    assert "记下了" in text(said[0])
    assert [entry.action for entry in world.history(number)][-2:] == ["recorded", "screened"]
    assert world.chain_holds(number)
