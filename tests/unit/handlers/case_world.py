"""People of two townships and their cases, for tests that talk with the bot."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from db import audit, cases, consents, outbox, people, workflow
from db.access import Role
from db.cases import NewCase
from db.consents import Given
from db.crypto import seal
from db.models import Person as Member
from db.models_cases import Case, Report
from db.workflow import Move
from handlers.turn import Button, Reply

Person = Any  # of conftest.py
VILLAGE, SAME_TOWNSHIP, OTHER_VILLAGE = "150626103201", "150626103202", "150626104201"
TOWNSHIP, OTHER_TOWNSHIP, BANNER = "150626103", "150626104", "150626"
CADRE, REVIEWER, BANNER_REVIEWER, ADMINISTRATOR, STRANGER, READER = (f"telegram:{n}" for n in range(1, 7))
MEMBERS = (
    (CADRE, Role.VILLAGE_CADRE, VILLAGE, "巴图"),
    (REVIEWER, Role.TOWNSHIP_REVIEWER, TOWNSHIP, "李四"),
    (BANNER_REVIEWER, Role.BANNER_REVIEWER, BANNER, "王五"),
    (ADMINISTRATOR, Role.ADMINISTRATOR, "", "赵六"),
    (STRANGER, Role.VILLAGE_CADRE, OTHER_VILLAGE, "钱七"),
    (READER, Role.CITY_READER, "", "孙八"),
)
# Who makes a case pass each step, in order.
WAY = (
    ("visit", CADRE), ("consent", CADRE), ("hearing", CADRE), ("township_review", CADRE),
    ("comparison", REVIEWER), ("banner_review", BANNER_REVIEWER), ("registration", BANNER_REVIEWER),
    ("helping", BANNER_REVIEWER),
)  # fmt: skip
ANSWERS = {
    "place": {"code": VILLAGE, "typed": ""}, "head": "乌云其其格", "size": 4, "risks": ["illness"],
    "capacity": "able", "narrative": "摔伤住院", "urgent": "no", "source": "cadre",
}  # fmt: skip


class World:
    """`at` is who is spoken with: `world.at(REVIEWER).presses(…)`."""

    def __init__(
        self, sessions: sessionmaker[Session], person_in: Callable[[str], Person], now: dt.datetime
    ) -> None:
        self.sessions, self.at, self.now = sessions, person_in, now
        self._drafts = 0
        for chat, role, area, name in MEMBERS:
            self.join(chat, role, area, name)

    def join(self, chat: str, role: Role, area: str, name: str) -> None:
        with self.sessions.begin() as session:
            person = people.create(session, role=role, area=area, name=name, now=self.now)
            people.add_channel(session, person, chat, now=self.now)

    def reported(self, *, step: str = "application", reporter: str = CADRE, **fields: Any) -> str:
        """The number of a case that has come to that step."""
        new = NewCase(**{
            "area": VILLAGE, "head_name": "乌云其其格", "size": 4, "risks": ("illness",), "capacity": "able",
            "source": "cadre", "narrative": "摔伤住院", **fields,
        })  # fmt: skip
        with self.sessions.begin() as session:
            by = people.find(session, reporter)
            assert by is not None
            case = cases.create(session, new, reporter=people.known_id(by), now=self.now)
            self._file_report(session, case, people.known_id(by))
            for target, chat in WAY:
                if case.step == step:
                    break
                self._pass(session, case, target, chat)
            assert case.step == step
            return str(case.number)

    def _file_report(self, session: Session, case: Case, person_id: int) -> None:
        self._drafts += 1
        session.add(
            Report(
                draft_id=self._drafts, case_id=cases.known_id(case), receipt=str(case.number),
                person_id=person_id, answers=seal(session, json.dumps(ANSWERS)), created_at=self.now,
            )
        )  # fmt: skip

    def _pass(self, session: Session, case: Case, target: str, chat: str) -> None:
        actor = people.find(session, chat)
        assert actor is not None
        if target == "hearing":
            given = Given("乌云其其格", "signed", "数据比对", self.now.date())
            consents.record(session, case, given, actor=actor, now=self.now)
        if target == "helping":
            case.category = "sudden"
        workflow.move_case(
            session, case, Move("pass"), actor=actor, expected_version=case.version, now=self.now
        )
        assert case.step == target

    def case(self, number: str) -> Case:
        with self.sessions() as session:
            return session.execute(select(Case).where(col(Case.number) == number)).scalar_one()

    def change(self, number: str, **values: Any) -> None:
        with self.sessions.begin() as session:
            case = session.execute(select(Case).where(col(Case.number) == number)).scalar_one()
            for name, value in values.items():
                setattr(case, name, value)

    def history(self, number: str) -> list[audit.Entry]:
        with self.sessions() as session:
            return audit.of_case(session, cases.known_id(self.case(number)))

    def chain_holds(self, number: str) -> bool:
        with self.sessions() as session:
            return audit.first_fault(session, cases.known_id(self.case(number))) is None

    def told(self, chat: str) -> list[Reply]:
        """What was sent there without being asked, oldest first."""
        with self.sessions() as session:
            return [Reply.from_json(sent.reply) for sent in outbox.after(session, chat, 0)]

    def member(self, chat: str) -> Member:
        with self.sessions() as session:
            found = people.find(session, chat)
            assert found is not None
            return found


def labels(*replies: Reply) -> list[str]:
    return [button.label for reply in replies for row in reply.buttons for button in row]


def button(replies: tuple[Reply, ...] | list[Reply] | Reply, label: str) -> Button:
    """The newest button that says this, else one whose label contains it."""
    shown = [replies] if isinstance(replies, Reply) else list(replies)
    found = [b for reply in shown for row in reply.buttons for b in row if label in b.label]
    assert found, f"no button {label}: {labels(*shown)}"
    return next((b for b in reversed(found) if b.label == label), found[-1])


def text(replies: tuple[Reply, ...]) -> str:
    return "\n".join(reply.text for reply in replies)
