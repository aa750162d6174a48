"""Forms that are being filled in: nothing that was answered is lost, on whatever device."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import drafts, people
from db.access import Role
from db.crypto import UnsealError, unseal
from db.drafts import Status
from db.models_cases import Draft, DraftAnswer
from db.session import open_database
from tests.databases import wait_for_a_lock
from tests.unit.db.households import NOON, VILLAGE, examples, member, reported

Sessions = sessionmaker[Session]
LATER = NOON + dt.timedelta(days=9)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def cadre(sessions: Sessions) -> int:
    return _cadre(sessions)


def _cadre(sessions: Sessions) -> int:
    with sessions.begin() as session:
        return people.known_id(member(session, Role.VILLAGE_CADRE, VILLAGE))


def _begin(session: Session, cadre: int, form: str = "report", **about: Any) -> Draft:
    return drafts.begin(session, cadre, form, now=NOON, **about)


def test_a_draft_goes_on_where_it_stood_on_another_device_after_days(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as phone:
        draft = _begin(phone, cadre)
        draft.asked = "size"
        drafts.store(phone, draft, "head", "乌云其其格", now=NOON)
    with sessions.begin() as page:
        again = drafts.begin(page, cadre, "report", now=LATER)
        assert (again.id, again.asked) == (draft.id, "size")
        assert drafts.answers(page, again) == {"head": "乌云其其格"}
        drafts.store(page, again, "size", 4, now=LATER)
    with sessions.begin() as phone:
        (open_draft,) = drafts.waiting(phone, cadre)
        assert drafts.answers(phone, open_draft) == {"head": "乌云其其格", "size": 4}


def test_a_draft_survives_the_end_of_the_program(url: str, sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        drafts.store(session, _begin(session, cadre), "head", "张三", now=NOON)
    again = open_database(url, sessions.kw["info"]["keyring"])
    with again.begin() as session:
        active = drafts.active(session, cadre)
        assert active is not None and drafts.answers(session, active) == {"head": "张三"}


def test_what_was_not_committed_leaves_the_answer_before_it(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        draft = _begin(session, cadre)
        drafts.store(session, draft, "head", "张三", now=NOON)
    with sessions() as session:
        drafts.store(session, session.get_one(Draft, draft.id), "head", "李四", now=NOON)
        session.rollback()
        assert drafts.answers(session, session.get_one(Draft, draft.id)) == {"head": "张三"}


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_=st.dictionaries(st.text(min_size=1, max_size=8), JSON_VALUES, max_size=4))
def test_every_answer_is_read_back_as_given(sessions: Sessions, given_: dict[str, Any]) -> None:
    with sessions() as session:
        draft = _begin(session, people.known_id(member(session, Role.VILLAGE_CADRE, VILLAGE)))
        for field, value in given_.items():
            drafts.store(session, draft, field, value, now=NOON)
        session.flush()
        session.expire_all()
        assert drafts.answers(session, draft) == given_
        session.rollback()


def test_answers_come_in_the_order_in_which_they_were_given(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        draft = _begin(session, cadre)
        for minute, field in enumerate(("place", "head", "size", "head")):
            drafts.store(session, draft, field, field, now=NOON + dt.timedelta(minutes=minute))
        assert list(drafts.answers(session, draft)) == ["place", "size", "head"]


def test_answers_lie_sealed_in_the_database(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        draft = _begin(session, cadre)
        drafts.store(session, draft, "head", "乌云其其格", now=NOON)
        drafts.store(session, draft, "income", 1234567, now=NOON)
    with sessions.begin() as session:
        stored = session.execute(text("SELECT value FROM draft_answer")).scalars().all()
        assert len(stored) == 2
        assert not any("乌云" in value or "\\u" in value or "1234567" in value for value in stored)
        assert sorted(unseal(session, value) for value in stored) == ['"乌云其其格"', "1234567"]


def test_other_keys_do_not_read_an_answer(sessions: Sessions, cadre: int, url: str) -> None:
    from db.crypto import Keyring

    with sessions.begin() as session:
        drafts.store(session, _begin(session, cadre), "head", "张三", now=NOON)
    with open_database(url, Keyring.new()).begin() as session:
        draft = drafts.active(session, cadre)
        assert draft is not None
        with pytest.raises(UnsealError):
            drafts.answers(session, draft)


# --- one at a time --------------------------------------------------------------------------


def test_another_form_puts_the_first_aside_and_it_is_taken_up_again(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        report = _begin(session, cadre)
        drafts.store(session, report, "head", "张三", now=NOON)
        visit = _begin(session, cadre, "visit", case_id=known_case(session))
        assert drafts.active(session, cadre) is visit
        assert _begin(session, cadre) is report and not visit.active
        assert drafts.answers(session, report) == {"head": "张三"}
        assert {one.id for one in drafts.waiting(session, cadre)} == {report.id, visit.id}


def known_case(session: Session) -> int:
    case = reported(session, member(session, Role.VILLAGE_CADRE, VILLAGE))
    assert case.id is not None
    return case.id


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"form": "income"}, id="form"),
        pytest.param({"case": "other"}, id="case"),
        pytest.param({"item": "member 2"}, id="item"),
    ],
)
def test_a_form_about_something_else_is_another_draft(
    sessions: Sessions, cadre: int, about: dict[str, Any]
) -> None:
    with sessions.begin() as session:
        case = known_case(session)
        first = _begin(session, cadre, "member", case_id=case, item="member 1")
        other_case = known_case(session) if about.get("case") else case
        other = _begin(
            session, cadre, about.get("form", "member"), case_id=other_case,
            item=about.get("item", "member 1"),
        )  # fmt: skip
        assert other is not first
        assert _begin(session, cadre, "member", case_id=case, item="member 1") is first


def test_the_database_itself_allows_one_active_draft_of_a_person(store: Sessions) -> None:
    cadre = _cadre(store)
    with store.begin() as session:
        _begin(session, cadre)
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(Draft(person_id=cadre, form="visit", created_at=NOON, updated_at=NOON))


@pytest.mark.parametrize("form", ["report", "visit"])
def test_two_devices_that_begin_at_once_take_their_turns(
    store: Sessions, database_url: str, form: str
) -> None:
    cadre = _cadre(store)
    failed: list[BaseException] = []

    def second_device() -> None:
        try:
            with store.begin() as session:
                drafts.begin(session, cadre, form, now=LATER)
        except BaseException as error:
            failed.append(error)

    with store.begin() as session:
        _begin(session, cadre)
        other = threading.Thread(target=second_device)
        other.start()
        if database_url.startswith("postgresql"):
            wait_for_a_lock(database_url)
    other.join(30)
    assert not failed and not other.is_alive()
    with store.begin() as session:
        active = drafts.active(session, cadre)
        assert active is not None and active.form == form
        assert len(drafts.waiting(session, cadre)) == (1 if form == "report" else 2)


def test_answers_of_two_devices_to_one_draft_are_both_kept(store: Sessions, database_url: str) -> None:
    cadre = _cadre(store)
    with store.begin() as session:
        _begin(session, cadre)

    def answer(field: str, meanwhile: Callable[[], None]) -> None:
        with store.begin() as session:
            draft = drafts.active(session, cadre)
            assert draft is not None
            meanwhile()
            drafts.store(session, draft, field, field, now=NOON)

    other = threading.Thread(target=answer, args=("size", lambda: None))

    def let_the_other_come() -> None:
        other.start()
        if database_url.startswith("postgresql"):
            wait_for_a_lock(database_url)

    answer("head", let_the_other_come)
    other.join(30)
    with store.begin() as session:
        draft = drafts.active(session, cadre)
        assert draft is not None
        assert drafts.answers(session, draft) == {"head": "head", "size": "size"}


# --- whose it is, and how it ends -----------------------------------------------------------


def test_nobody_gets_at_the_draft_of_somebody_else(sessions: Sessions, cadre: int) -> None:
    with sessions.begin() as session:
        draft = _begin(session, cadre)
        other = people.known_id(member(session, Role.VILLAGE_CADRE, VILLAGE))
        assert drafts.get(session, drafts.known_id(draft), other) is None
        assert drafts.get(session, drafts.known_id(draft), cadre) is draft
        assert drafts.active(session, other) is None and drafts.waiting(session, other) == []
        drafts.pause(session, other)
        assert draft.active


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.CANCELLED])
def test_a_closed_draft_is_over_and_its_answers_are_gone(
    sessions: Sessions, cadre: int, status: Status
) -> None:
    with sessions.begin() as session:
        draft = _begin(session, cadre)
        drafts.store(session, draft, "head", "张三", now=NOON)
        drafts.close(session, draft, status, now=NOON)
        assert drafts.active(session, cadre) is None and drafts.waiting(session, cadre) == []
        assert session.execute(select(DraftAnswer)).all() == []
        assert _begin(session, cadre) is not draft


def test_a_deleted_draft_takes_its_answers_along(store: Sessions) -> None:
    cadre = _cadre(store)
    with store.begin() as session:
        drafts.store(session, _begin(session, cadre), "head", "张三", now=NOON)
        session.execute(text("DELETE FROM draft"))
        assert session.execute(text("SELECT count(*) FROM draft_answer")).scalar_one() == 0
