import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import codes, conversations, feedback, files, inbox, outbox, retention, web_sessions
from db.access import Role
from db.models import (
    Code,
    Conversation,
    Feedback,
    GivenAnswer,
    InboxTurn,
    OutboxReply,
    StoredFile,
    Unanswered,
    WebSession,
)

Sessions = sessionmaker[Session]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DAYS = 30
GOES = (InboxTurn, OutboxReply, StoredFile, GivenAnswer, Code, WebSession)


def _fill(session: Session, number: int = 0) -> None:
    """One row in every table, all of them at noon."""
    inbox.accept(session, [inbox.Incoming(f"t{number}", "web:a1", "{}")], now=NOON)
    row = session.exec(select(InboxTurn).where(InboxTurn.turn_id == f"t{number}")).one()
    assert row.seq is not None
    inbox.finish(session, row.seq, now=NOON)
    outbox.put(session, "web:a1", ["{}"], turn_id=f"t{number}", now=NOON)
    files.store(session, chat="web:a1", content=b"x", media_type="image/jpeg", name="", now=NOON)
    conversations.remember(session, "web:a1", context="{}", options=["甲"], now=NOON)
    conversations.record_unanswered(session, "问", status="not_found", index_version="v1", now=NOON)
    answer = feedback.record_answer(
        session, chat="web:a1", question="问", earlier="", answer="答", status="answered",
        index_version="v1", now=NOON,
    )  # fmt: skip
    given = feedback.find_answer(session, answer, chat="web:a1")
    assert given is not None
    feedback.judge(session, given, feedback.Verdict.WRONG, now=NOON)
    codes.invite(session, role=Role.CITY_READER, area="", name="", created_by=None, now=NOON)
    web_sessions.open_session(session, chat="web:a1", person_id=None, now=NOON, days=1)


def _count(session: Session, table: Any) -> int:
    return int(session.exec(select(func.count()).select_from(table)).one())


def test_what_is_older_goes_and_verdicts_and_open_questions_stay(database: Sessions) -> None:
    with database.begin() as session:
        _fill(session)
    with database.begin() as session:
        retention.forget_old(session, now=NOON + 40 * DAY, days=DAYS)
        assert {table.__name__: _count(session, table) for table in GOES} == dict.fromkeys(
            (table.__name__ for table in GOES), 0
        )
        assert _count(session, Feedback) == _count(session, Unanswered) == 1


@pytest.mark.parametrize("later", [DAY, DAYS * DAY])
def test_what_is_younger_stays(sessions: Sessions, later: dt.timedelta) -> None:
    with sessions.begin() as session:
        _fill(session)
    with sessions.begin() as session:
        assert not retention.forget_old(session, now=NOON + later, days=DAYS)
        assert [_count(session, table) for table in GOES] == [1] * len(GOES)
        conversation = conversations.find(session, "web:a1")
        assert conversation is not None and conversation.options == ["甲"]


def test_a_turn_that_waits_is_not_deleted(sessions: Sessions) -> None:
    with sessions.begin() as session:
        inbox.accept(session, [inbox.Incoming("t", "web:a1", "{}")], now=NOON)
        retention.forget_old(session, now=NOON + 400 * DAY, days=DAYS)
        assert _count(session, InboxTurn) == 1


def test_a_conversation_is_emptied_and_its_old_buttons_stay_old(database: Sessions) -> None:
    with database.begin() as session:
        _fill(session)
    with database.begin() as session:
        retention.forget_old(session, now=NOON + 40 * DAY, days=DAYS)
    with database.begin() as session:
        stored = session.get(Conversation, "web:a1")
        assert stored is not None and (stored.context, stored.options, stored.answers) == ("", [], 1)


def test_a_session_that_was_ended_goes_before_its_time(sessions: Sessions) -> None:
    with sessions.begin() as session:
        token = web_sessions.open_session(session, chat="web:a1", person_id=None, now=NOON, days=900)
        web_sessions.revoke(session, token, NOON)
        retention.forget_old(session, now=NOON + 40 * DAY, days=DAYS)
        assert _count(session, WebSession) == 0


def test_much_is_deleted_in_batches(database: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    with database.begin() as session:
        for number in range(5):
            _fill(session, number)
    more, left = [], []
    for _ in range(3):
        with database.begin() as session:
            more.append(retention.forget_old(session, now=NOON + 40 * DAY, days=DAYS))
            left.append(_count(session, OutboxReply))
    assert (more, left) == ([True, True, False], [3, 1, 0])
