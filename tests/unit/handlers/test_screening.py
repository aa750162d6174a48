"""Quarterly screening and year-end survey: what is due, what changed, who is reminded."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import audit, cases, entries, people
from db.access import Role
from db.crypto import open_message
from db.models import OutboxReply
from db.models_cases import Case
from handlers import reminders, wording_screening
from handlers.reminders import ReminderTimes
from handlers.turn import Button, Desk, Reply
from knowledge.library import KnowledgeBase

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]
VILLAGE, TOWNSHIP = "150626103201", "150626103"
TIMES = ReminderTimes(hour=9, days_before=(14, 3), annual=False)


@pytest.fixture
def cadre(person_in: Callable[[str], Person], sessions: Sessions, clock: Callable[[], dt.datetime]) -> Person:
    """Person 1 in the village, person 2 reviews for the township."""
    with sessions.begin() as session:
        for chat, role, area in (
            ("telegram:1", Role.VILLAGE_CADRE, VILLAGE),
            ("telegram:2", Role.TOWNSHIP_REVIEWER, TOWNSHIP),
        ):
            person = people.create(session, role=role, area=area, name="张三", now=clock())
            people.add_channel(session, person, chat, now=clock())
    return person_in("telegram:1")


@pytest.fixture
def watch(sessions: Sessions, clock: Callable[[], dt.datetime]) -> Callable[..., str]:
    """Store a household at a step and return its number."""

    def watch(head: str, *, step: str = "helping", category: str = "marginal", area: str = VILLAGE) -> str:
        with sessions.begin() as session:
            new = cases.NewCase(
                area=area, head_name=head, size=4, risks=("illness",), capacity="able", source="cadre"
            )
            case = cases.create(session, new, reporter=1, now=clock())
            case.step, case.category, case.identified_on = step, category, dt.date(2025, 6, 1)
            return str(case.number)

    return watch


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def _button(replies: tuple[Reply, ...], label: str) -> Button:
    return next(b for reply in reversed(replies) for b in _buttons(reply) if label in b.label)


def _told(sessions: Sessions, chat: str) -> list[str]:
    with sessions.begin() as session:
        rows = session.execute(select(OutboxReply).where(OutboxReply.chat == chat)).scalars()  # type: ignore[arg-type]
        return [json.loads(open_message(session, row.reply))["text"] for row in rows]


def test_those_are_due_who_are_watched_and_not_yet_looked_at(
    cadre: Person, watch: Callable[..., str]
) -> None:
    watch("张三")
    watch("李四", step="exited", category="unstable")
    watch("王五", step="exited", category="marginal")
    watch("赵六", step="visit")
    watch("钱七", area="150626103202")
    (due,) = cadre.writes("/quarter")
    assert "2026年第一季度还有2户" in due.text and "每季度开展" in due.text
    assert [b.label.split()[1] for b in _buttons(due)] == ["张*", "李*"]


def test_a_first_screening_asks_everything_and_the_next_only_what_changed(
    cadre: Person, watch: Callable[..., str], sessions: Sessions
) -> None:
    number = watch("张三")
    asked = cadre.presses(f"screen:quarterly:{number}")
    assert "第一次排查" in asked[0].text
    cadre.writes("5")
    asked = cadre.writes("添了一个孩子")
    cadre.writes("9000")
    asked = cadre.writes("300")
    asked = cadre.presses(_button(asked, "没有变化"))
    asked = cadre.presses(_button(asked, "跳过"))
    done = cadre.presses(_button(asked, "提交"))
    assert "记下了" in done[0].text
    with sessions.begin() as session:
        case = session.get(Case, 1)
        assert case is not None and case.size == 5
        entry = entries.newest(session, 1, "quarterly", "2026Q1")
        assert entry is not None and entry.answers["income_per_head"] == 9000
        assert [e.detail.get("size") for e in audit.of_case(session, 1)][-1] == [4, 5]
        assert audit.first_fault(session, 1) is None
    assert cadre.writes("/quarter")[0].text == wording_screening.NOTHING_DUE
    assert cadre.presses(f"screen:quarterly:{number}")[0].text == wording_screening.NOT_NOW


def test_last_times_values_are_shown_and_kept_when_nothing_changed(
    cadre: Person, watch: Callable[..., str], sessions: Sessions, clock: Callable[[], dt.datetime]
) -> None:
    number = watch("张三")
    with sessions.begin() as session:
        entries.record(
            session, 1, "quarterly", {"income_per_head": 9000, "worse": "same"}, item="2025Q4", person_id=1,
            now=clock(),
        )  # fmt: skip
    asked = cadre.presses(f"screen:quarterly:{number}")
    assert "人均纯收入：9000元" in asked[0].text
    chosen = cadre.presses(_button(asked, "都没变"))
    asked = cadre.presses(_button(chosen, "下一步"))
    asked = cadre.presses(_button(asked, "加重了"))
    asked = cadre.presses(_button(asked, "跳过"))
    cadre.presses(_button(asked, "提交"))
    with sessions.begin() as session:
        entry = entries.newest(session, 1, "quarterly", "2026Q1")
        assert entry is not None and entry.answers["income_per_head"] == 9000
    assert any("风险加重" in text for text in _told(sessions, "telegram:2"))


def test_nobody_screens_a_household_of_another_village(cadre: Person, watch: Callable[..., str]) -> None:
    number = watch("张三", area="150626103202")
    assert cadre.presses(f"screen:quarterly:{number}")[0].text == wording_screening.NOT_YOURS
    assert cadre.presses("screen:quarterly:1234567")[0].text == wording_screening.NOT_YOURS
    assert cadre.presses("screen:nonsense:1")[0].text == wording_screening.NOT_YOURS


def _send(sessions: Sessions, library: KnowledgeBase, moment: dt.datetime) -> int:
    with sessions.begin() as session:
        return reminders.send_due(Desk(library, session, moment, "v"), TIMES)


def test_reminders_come_near_the_end_at_the_hour_and_once(
    cadre: Person, watch: Callable[..., str], sessions: Sessions, library: KnowledgeBase
) -> None:
    watch("张三")
    assert _send(sessions, library, dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)) == 0  # the quarter has a month
    assert _send(sessions, library, dt.datetime(2026, 3, 20, 0, tzinfo=dt.UTC)) == 0  # eight in China
    assert _send(sessions, library, dt.datetime(2026, 3, 20, 1, tzinfo=dt.UTC)) == 1
    assert _send(sessions, library, dt.datetime(2026, 3, 21, 1, tzinfo=dt.UTC)) == 0
    assert _send(sessions, library, dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)) == 1
    assert len(_told(sessions, "telegram:1")) == 2


def test_what_was_not_done_goes_to_the_township_once(
    cadre: Person, watch: Callable[..., str], sessions: Sessions, library: KnowledgeBase
) -> None:
    watch("张三")
    assert _send(sessions, library, dt.datetime(2026, 4, 1, 1, tzinfo=dt.UTC)) == 1
    assert _send(sessions, library, dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC)) == 0
    (text,) = _told(sessions, "telegram:2")
    assert "2026年第一季度" in text and "1户" in text


def test_a_passed_local_limit_is_told_to_the_level_above_as_a_local_rule(
    cadre: Person, watch: Callable[..., str], sessions: Sessions, library: KnowledgeBase
) -> None:
    number = watch("张三", step="visit")
    with sessions.begin() as session:
        case = session.get(Case, 1)
        assert case is not None
        case.due_on = dt.date(2026, 2, 10)
    for _ in range(2):
        _send(sessions, library, dt.datetime(2026, 2, 12, 1, tzinfo=dt.UTC))
    (text,) = [text for text in _told(sessions, "telegram:2") if number in text]
    assert "按本地规定" in text and "走访排查" in text


@pytest.mark.parametrize(
    ("day", "quarter", "last"),
    [
        ("2026-01-01", "2026Q1", "2026-03-31"),
        ("2026-06-30", "2026Q2", "2026-06-30"),
        ("2026-12-31", "2026Q4", "2026-12-31"),
    ],
)
def test_quarters(day: str, quarter: str, last: str) -> None:
    from db.screening import QUARTERLY, period

    found = period(QUARTERLY, dt.date.fromisoformat(day))
    assert (found.name, found.last.isoformat()) == (quarter, last)
    assert found.before.last == found.first - dt.timedelta(days=1)
