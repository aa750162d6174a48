import datetime as dt

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import conversations
from db.models import Unanswered
from db.session import open_database

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BEIJING = dt.timezone(dt.timedelta(hours=8))


def _remember(session: Session, chat: str, context: str, *options: str, now: dt.datetime = NOON) -> int:
    return conversations.remember(session, chat, context=context, options=options, now=now)


def test_a_chat_is_found_again_after_a_restart(url: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        _remember(session, "terminal", '{"year": 2024}', "甲", "乙")
    with open_database(url).begin() as session:
        found = conversations.find(session, "terminal")
        assert found is not None
        assert (found.context, found.options, found.answers) == ('{"year": 2024}', ["甲", "乙"], 1)


def test_an_unknown_chat_has_no_conversation(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        assert conversations.find(session, "nobody") is None


def test_each_answer_replaces_context_and_options_and_is_counted(sessions: sessionmaker[Session]) -> None:
    for context, options in (("first", ("甲",)), ("second", ())):
        with sessions.begin() as session:
            _remember(session, "terminal", context, *options)
    with sessions.begin() as session:
        found = conversations.find(session, "terminal")
        assert found is not None
        assert (found.context, found.options, found.answers) == ("second", [], 2)


def test_chats_do_not_share_their_context(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        _remember(session, "one", "first")
        _remember(session, "two", "second")
    with sessions.begin() as session:
        one = conversations.find(session, "one")
        assert one is not None and one.context == "first"


def test_a_forgotten_chat_keeps_its_count_so_that_old_buttons_stay_old(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        _remember(session, "terminal", "context", "甲")
    with sessions.begin() as session:
        conversations.forget(session, "terminal", now=NOON)
    with sessions.begin() as session:
        found = conversations.find(session, "terminal")
        assert found is not None
        assert (found.context, found.options, found.answers) == ("", [], 1)


def test_moments_come_back_in_utc(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        _remember(session, "terminal", "", now=dt.datetime(2026, 3, 1, 20, tzinfo=BEIJING))
    with sessions.begin() as session:
        found = conversations.find(session, "terminal")
        assert found is not None
        assert found.updated_at == NOON and found.updated_at.tzinfo is dt.UTC


def test_a_moment_without_a_time_zone_is_refused(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), sessions.begin() as session:
        _remember(session, "terminal", "", now=dt.datetime(2026, 3, 1, 12))


def test_an_unanswered_question_is_kept_with_status_and_index_version(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        conversations.record_unanswered(
            session, "火星补贴多少", status="not_found", index_version="v1", now=NOON
        )
    with sessions.begin() as session:
        kept = session.exec(select(Unanswered)).one()
        assert (kept.question, kept.status, kept.index_version) == ("火星补贴多少", "not_found", "v1")
        assert kept.asked_at == NOON


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("我的身份证15272419800101123X能办吗", "我的身份证***能办吗"),
        ("打13800138000有补贴吗", "打***有补贴吗"),
        ("第33项2024年多少分", "第33项2024年多少分"),
        ("长" * 100_000, "长" * 500),
    ],
)
def test_what_points_to_a_person_is_not_kept(
    sessions: sessionmaker[Session], question: str, kept: str
) -> None:
    with sessions.begin() as session:
        conversations.record_unanswered(session, question, status="not_found", index_version="v1", now=NOON)
    with sessions.begin() as session:
        assert session.exec(select(Unanswered.question)).one() == kept
