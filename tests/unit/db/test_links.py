import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import links, people
from db.access import Role
from db.crypto import Keyring
from db.links import LIFETIME, LinkState, Purpose
from db.models_cases import SecureLink
from db.session import engine_of, open_database
from tests.databases import wait_for_a_lock

Sessions = sessionmaker[Session]
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MOMENT = dt.timedelta(microseconds=1)
VILLAGE = "150626100200"


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    opened = open_database(database_url, Keyring.new())
    yield opened
    engine_of(opened).dispose()


@pytest.fixture
def secret(sessions: Sessions) -> str:
    with sessions.begin() as session:
        person = people.create(session, role=Role.VILLAGE_CADRE, area=VILLAGE, name="张三", now=NOON)
        return links.make(
            session, people.known_id(person), "telegram:7", Purpose.FILL, detail="因病致贫", now=NOON
        )


def _look(sessions: Sessions, secret: str, now: dt.datetime = NOON) -> LinkState:
    with sessions.begin() as session:
        return links.look(session, secret, now)


def _use(sessions: Sessions, secret: str, now: dt.datetime = NOON) -> bool:
    with sessions.begin() as session:
        link = links.find(session, secret)
        assert link is not None
        return links.use(session, link, now)


def test_looking_leaves_a_link_open_and_using_it_does_not(sessions: Sessions, secret: str) -> None:
    assert [_look(sessions, secret) for _ in range(2)] == [LinkState.OPEN] * 2
    assert _use(sessions, secret)
    assert _look(sessions, secret) is LinkState.USED
    assert not _use(sessions, secret)


def test_a_link_is_open_for_a_quarter_of_an_hour(sessions: Sessions, secret: str) -> None:
    assert _look(sessions, secret, NOON + LIFETIME - MOMENT) is LinkState.OPEN
    assert _look(sessions, secret, NOON + LIFETIME) is LinkState.EXPIRED
    assert not _use(sessions, secret, NOON + LIFETIME)
    assert dt.timedelta(minutes=15) == LIFETIME


def test_a_link_that_was_used_in_time_stays_used(sessions: Sessions, secret: str) -> None:
    _use(sessions, secret)
    assert _look(sessions, secret, NOON + LIFETIME) is LinkState.USED


@pytest.mark.parametrize("secret", ["", "abc", "\ud800", "a" * 10_000])
def test_a_secret_that_was_never_given_out_is_unknown(sessions: Sessions, secret: str) -> None:
    assert _look(sessions, secret) is LinkState.UNKNOWN


def test_nothing_that_is_stored_opens_a_link(sessions: Sessions, secret: str) -> None:
    with sessions.begin() as session:
        row = session.execute(select(SecureLink)).scalar_one()
        stored = " ".join(str(value) for value in row.model_dump().values())
        assert secret not in stored and "因病" not in stored
        assert links.detail_of(session, row) == "因病致贫"
    assert _look(sessions, row.hash) is LinkState.UNKNOWN


def test_of_two_at_once_one_uses_the_link(database_url: str, sessions: Sessions, secret: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    won: list[bool] = []
    with sessions() as first:
        link = links.find(first, secret)
        assert link is not None and links.use(first, link, NOON)
        second = threading.Thread(target=lambda: won.append(_use(sessions, secret)))
        second.start()
        wait_for_a_lock(database_url)
        first.commit()
        second.join(30)
    assert won == [False]
