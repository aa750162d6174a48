"""Buttons that nobody was offered: every route, as everybody, with whatever somebody may make up."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from db import cases, drafts, people
from db.models_cases import Case, Draft
from handlers import case_routes, casework_routes, report, screening
from handlers.errors import TurnFailedError, converse
from handlers.filling import Ledger
from handlers.form_visit import YEAR
from handlers.forms import Kind, Question
from handlers.router import ROUTES
from handlers.turn import MAX_BUTTON_BYTES, Desk, Reply, Turn
from knowledge.library import KnowledgeBase
from knowledge.rules import rules
from tests.unit.handlers.case_world import (
    ADMINISTRATOR,
    BANNER_REVIEWER,
    CADRE,
    READER,
    REVIEWER,
    STRANGER,
    VILLAGE,
    World,
)  # fmt: skip

Person = Any  # of conftest.py
LEDGERS: dict[str, Ledger] = {
    "report": report.LEDGER, **screening.LEDGERS, **case_routes.LEDGERS, **casework_routes.LEDGERS
}  # fmt: skip
VISITOR = "telegram:99"
EVERYBODY = (CADRE, REVIEWER, BANNER_REVIEWER, ADMINISTRATOR, READER, STRANGER, VISITOR)
STEPS = ("visit", "banner_review", "helping")
OUTSIDE = (STRANGER, VISITOR)
# What only those in charge of the village may hear.
SECRETS = ("乌云", "乌*", "其其格", "摔伤", "152627196805120021", "13812345678")
GARBAGE = (
    "", "::::::", "0", "-1", "1", "1.5", "9999999999", "9" * 40, "x", "፩", "१", "\x00", "\u202e", "😀",
    "'; --", "{}", "new", VILLAGE, "1506",
)  # fmt: skip


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


class Forger:
    """Presses in transactions that are all rolled back."""

    def __init__(self, world: World, library: KnowledgeBase) -> None:
        self._world, self._library = world, library
        self._ids = itertools.count()

    def presses(self, chat: str, button: str, *, group: bool = False) -> tuple[Reply, ...]:
        with self._world.sessions() as session:
            before = _changes(session)
            replies = self._press(session, chat, button, group=group)
            changed = before != _changes(session)
            session.rollback()
        assert not changed or (chat not in OUTSIDE and not group), f"{button!r} pressed by {chat}"
        return replies

    def answers_after(self, button: str, form: str, question: str, case_id: int) -> dict[str, Any]:
        """What is stored when the cadre presses it at that question; `{}` is the draft's number."""
        with self._world.sessions() as session:
            owner = people.find(session, CADRE)
            assert owner is not None
            draft = drafts.begin(
                session, people.known_id(owner), form, now=self._world.now, case_id=case_id, item="forged"
            )
            drafts.store(session, draft, YEAR, self._world.now.year, now=self._world.now)
            draft.asked = question
            self._press(session, CADRE, button.format(draft.id))
            answers = drafts.answers(session, draft)
            session.rollback()
        return answers

    def _press(self, session: Session, chat: str, button: str, *, group: bool = False) -> tuple[Reply, ...]:
        turn = Turn(
            id=f"forged {next(self._ids)}", person=chat, chat="telegram:-7" if group else chat,
            button=button, message="1", group=group,
        )  # fmt: skip
        try:
            return converse(turn, Desk(self._library, session, self._world.now, "v1", web_url="https://b"))
        except TurnFailedError:
            pytest.fail(f"{button!r} pressed by {chat}")


def _changes(session: Session) -> tuple[int, ...]:
    """What grows with everything that is done about a case."""
    return tuple(session.execute(select(func.count(col(Case.id)), func.sum(col(Case.version)))).one())


def _forged(numbers: list[str], draft_ids: list[int]) -> Iterator[str]:
    for route in (name for name in ROUTES if name.endswith(":")):
        for garbage in GARBAGE:
            yield f"{route}{garbage}"
            if route not in ("say:", "see:"):
                yield f"{route}1:{garbage}"
                yield f"{route}{numbers[0]}:{garbage}"
                yield f"{route}{garbage}:{numbers[0]}:1:{garbage}"
    for number, part in itertools.product(numbers, GARBAGE):
        for route in ("case", "visit", "consent", "measure", "exit", "correct", "category", "reveal"):
            yield f"{route}:{number}:{part}:{part}"
    for number, action, version in itertools.product(
        numbers, {move.action for move in rules().transitions}, ("", "1", "3", "-1", "9" * 20)
    ):
        yield f"do:{action}:{number}:{version}"
        yield f"do:{action}:{number}:{version}:nowhere"
    for number, other in itertools.product(numbers, repeat=2):
        yield f"merge:{number}:{other}:1:1"
        yield f"merge-look:{number}:{other}"
    for draft_id, other in itertools.product(draft_ids, (*GARBAGE, "1", "2")):
        for route in ("report-other", "report-same", "report-anew"):
            yield f"{route}:{draft_id}:{other}"


def _fitting(buttons: Iterator[str]) -> list[str]:
    return [one for one in dict.fromkeys(buttons) if len(one.encode()) <= MAX_BUTTON_BYTES]


@pytest.fixture
def households(world: World) -> list[str]:
    told = {"id_number": "152627196805120021", "phone": "13812345678", "urgent": True}
    return [world.reported(step=step, **told) for step in STEPS]


@pytest.fixture
def begun(world: World, households: list[str]) -> list[int]:
    """A report of the cadre's that was just begun, and a form about each household."""
    cadre = world.at(CADRE)
    cadre.presses("report:")
    for number in households:
        for part in ("visit:{}:add", "visit:{}:income", "consent:{}:new", "measure:{}:new", "exit:{}:new"):
            cadre.presses(part.format(number))
    with world.sessions() as session:
        return list(session.execute(select(col(Draft.id)).order_by(col(Draft.id))).scalars())


@pytest.mark.parametrize("chat", EVERYBODY)
def test_no_forged_button_breaks_anything_or_tells_of_others(
    chat: str, world: World, library: KnowledgeBase, households: list[str], begun: list[int]
) -> None:
    forger = Forger(world, library)
    hidden = (*SECRETS, *households) if chat in OUTSIDE else ()
    for button in _fitting(_forged(households, begun)):
        said = "\n".join(reply.to_json() for reply in forger.presses(chat, button))
        own = [secret for secret in hidden if secret in button]  # some replies repeat what was sent
        assert not [secret for secret in hidden if secret in said and secret not in own], button


@pytest.mark.parametrize("chat", [CADRE, VISITOR])
def test_in_a_group_no_forged_button_tells_anything_or_changes_a_case(
    chat: str, world: World, library: KnowledgeBase, households: list[str], begun: list[int]
) -> None:
    forger = Forger(world, library)
    for button in _fitting(_forged(households[:1], begun[:1])):
        said = "\n".join(reply.to_json() for reply in forger.presses(chat, button, group=True))
        own = [secret for secret in SECRETS if secret in button]
        assert not [secret for secret in SECRETS if secret in said and secret not in own], button


@pytest.mark.parametrize("code", sorted(LEDGERS))
def test_a_forged_answer_is_taken_only_where_it_can_be_one(
    code: str, world: World, library: KnowledgeBase, households: list[str]
) -> None:
    forger, form = Forger(world, library), LEDGERS[code].form()
    case_id = cases.known_id(world.case(households[0]))
    for question in form.questions:
        values = ("", "x", VILLAGE, *(choice.code for choice in question.choices[:2]))
        for action, value in (*itertools.product("atm", values), *((one, "") for one in "dksbhreoupxX")):
            button = f"form:{action}:{{}}:{question.code}:{value}"
            answers = forger.answers_after(button, code, question.code, case_id)
            wrong = {q.code for q in form.questions if q.code in answers and not _fits(q, answers[q.code])}
            assert not wrong, button


def _fits(question: Question, value: Any) -> bool:
    """Whether a stored answer is of the kind that is asked for."""
    if value is None:
        return question.optional
    kinds = {Kind.CHOICES: list, Kind.PLACE: dict, Kind.NUMBER: int, Kind.MONEY: float, Kind.YEAR: int}
    return isinstance(value, kinds.get(question.kind, str))
