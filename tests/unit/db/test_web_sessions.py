import datetime as dt

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import codes, people, web_sessions
from db.access import Role
from db.models import WebSession

Sessions = sessionmaker[Session]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def _invite(sessions: Sessions) -> str:
    with sessions.begin() as session:
        return codes.invite(session, role=Role.ADMINISTRATOR, area="", name="张三", created_by=None, now=NOON)


def test_a_browser_is_known_by_its_secret_until_its_time_is_over(database: Sessions) -> None:
    with database.begin() as session:
        token = web_sessions.open_session(session, chat="web:a1", person_id=None, now=NOON, days=30)
    with database.begin() as session:
        known = web_sessions.find(session, token, NOON + 29 * DAY)
        assert known is not None and (known.chat, known.person_id) == ("web:a1", None)
        assert web_sessions.find(session, token, NOON + 30 * DAY) is None


@pytest.mark.parametrize("token", ["", "nonsense", "\ud83d"])
def test_a_secret_that_nobody_got_opens_nothing(sessions: Sessions, token: str) -> None:
    with sessions.begin() as session:
        web_sessions.open_session(session, chat="web:a1", person_id=None, now=NOON, days=30)
        assert web_sessions.find(session, token, NOON) is None


def test_the_secret_is_not_stored(sessions: Sessions) -> None:
    with sessions.begin() as session:
        token = web_sessions.open_session(session, chat="web:a1", person_id=None, now=NOON, days=30)
        assert token not in session.exec(select(WebSession)).one().model_dump_json()


def test_a_code_signs_a_browser_in_once_and_its_chat_is_the_persons(database: Sessions) -> None:
    secret = _invite(database)
    with database.begin() as session:
        signed = web_sessions.sign_in(session, secret, NOON, 30)
    assert signed is not None
    token, opened = signed
    with database.begin() as session:
        found = web_sessions.find(session, token, NOON)
        assert found == opened and opened.chat == f"web:p{opened.person_id}"
        person = people.find(session, opened.chat)
        assert person is not None and person.id == opened.person_id and person.name == "张三"
        assert web_sessions.sign_in(session, secret, NOON, 30) is None


def test_all_browsers_of_a_person_share_one_chat(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = web_sessions.sign_in(session, _in(session), NOON, 30)
        assert first is not None and first[1].person_id is not None
        link = codes.link(session, first[1].person_id, now=NOON)
        second = web_sessions.sign_in(session, link, NOON, 30)
        assert second is not None and second[0] != first[0]
        assert (second[1].chat, second[1].person_id) == (first[1].chat, first[1].person_id)


def _in(session: Session) -> str:
    return codes.invite(session, role=Role.CITY_READER, area="", name="", created_by=None, now=NOON)


def test_signing_out_ends_one_browser_and_revoking_all_of_a_person(sessions: Sessions) -> None:
    with sessions.begin() as session:
        signed = web_sessions.sign_in(session, _in(session), NOON, 30)
        assert signed is not None and signed[1].person_id is not None
        tokens = [signed[0]]
        for _ in range(2):
            more = web_sessions.sign_in(session, codes.link(session, signed[1].person_id, now=NOON), NOON, 30)
            assert more is not None
            tokens.append(more[0])
        web_sessions.revoke(session, tokens[0], NOON)
        assert [web_sessions.find(session, token, NOON) is None for token in tokens] == [True, False, False]
        web_sessions.revoke_person(session, signed[1].person_id, NOON)
        assert [web_sessions.find(session, token, NOON) for token in tokens] == [None] * 3


def test_anonymous_chats_differ() -> None:
    chats = {web_sessions.anonymous_chat() for _ in range(20)}
    assert len(chats) == 20 and all(chat.startswith("web:a") for chat in chats)
