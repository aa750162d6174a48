"""What of drafts and closed cases goes, and what stays."""

import datetime as dt

from sqlalchemy import select, text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import audit, case_retention, cases, drafts, entries, people
from db.access import Role
from db.crypto import Keyring, unseal
from db.models_cases import Case, CaseEntry, Draft, DraftAnswer
from db.session import engine_of, open_database

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=100)


def _case(session: Session, step: str, category: str = "marginal") -> Case:
    if people.get(session, 1) is None:
        people.create(session, role=Role.VILLAGE_CADRE, area="150626103201", name="张三", now=NOW)
    new = cases.NewCase(
        area="150626103201", head_name="李四", size=3, risks=("illness",), capacity="able", source="cadre",
        narrative="摔伤", id_number="150626199001010017",
    )  # fmt: skip
    case = cases.create(session, new, reporter=1, now=NOW)
    case.step, case.category = step, category
    entries.record(session, cases.known_id(case), "income", {"wages": 1}, person_id=1, now=NOW)
    return case


def test_closed_cases_lose_the_person_and_keep_what_is_counted(database: sessionmaker[Session]) -> None:
    with database.begin() as session:
        for step in ("refused", "helping", "exited"):
            _case(session, step)
        _case(session, "exited", "unstable")
    with database.begin() as session:
        assert not case_retention.forget_people(session, now=NOW + dt.timedelta(days=9), days=10)
    with database.begin() as session:
        case_retention.forget_people(session, now=LATER, days=10)
    with database.begin() as session:
        found = list(session.execute(select(Case).order_by(Case.id)).scalars())  # type: ignore[arg-type]
        assert [unseal(session, case.head_name) for case in found] == ["", "李四", "", "李四"]
        assert [case.id_hash != "" for case in found] == [False, True, False, True]
        assert [case.size for case in found] == [3, 3, 3, 3]
        assert set(session.execute(select(CaseEntry.case_id)).scalars()) == {2, 4}  # type: ignore[call-overload]
        assert audit.of_case(session, 1)[-1].action == "forgotten"
        assert all(audit.first_fault(session, number) is None for number in range(1, 5))


def test_a_draft_that_nobody_touches_is_given_up(database: sessionmaker[Session]) -> None:
    with database.begin() as session:
        person = people.create(session, role=Role.VILLAGE_CADRE, area="150626103201", name="", now=NOW)
        draft = drafts.begin(session, people.known_id(person), "report", now=NOW)
        drafts.store(session, draft, "head", "李四", now=NOW)
        assert not case_retention.forget_drafts(session, now=NOW + dt.timedelta(days=80), days=90)
        assert drafts.active(session, people.known_id(person)) is not None
    with database.begin() as session:
        case_retention.forget_drafts(session, now=LATER, days=90)
        assert session.execute(select(DraftAnswer)).first() is None
        assert session.execute(select(Draft.status)).scalar_one() == "cancelled"  # type: ignore[call-overload]


def test_a_draft_that_somebody_goes_on_with_this_moment_stays(postgresql_url: str) -> None:
    sessions = open_database(postgresql_url, Keyring.new())
    with sessions.begin() as session:
        person = people.create(session, role=Role.VILLAGE_CADRE, area="150626103201", name="", now=NOW)
        draft = drafts.begin(session, people.known_id(person), "report", now=NOW)
        drafts.store(session, draft, "head", "李四", now=NOW)
    with sessions.begin() as session:
        mine = drafts.active(session, 1)
        assert mine is not None
        drafts.store(session, mine, "size", 4, now=LATER)
        with sessions.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '5s'"))
            case_retention.forget_drafts(other, now=LATER, days=90)
    with sessions.begin() as session:
        kept = drafts.active(session, 1)
        assert kept is not None and drafts.answers(session, kept) == {"head": "李四", "size": 4}
    engine_of(sessions).dispose()
