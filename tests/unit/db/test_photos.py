import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import drafts, people, photos
from db.access import Role
from db.crypto import Keyring
from db.models_cases import CaseFile
from db.session import engine_of, open_database

Sessions = sessionmaker[Session]
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    opened = open_database(database_url, Keyring.new())
    yield opened
    engine_of(opened).dispose()


@pytest.fixture
def numbers(sessions: Sessions) -> list[int]:
    """Of three photos that are still with Telegram."""
    with sessions.begin() as session:
        person = people.create(session, role=Role.VILLAGE_CADRE, area="150626100200", name="张三", now=NOON)
        number = people.known_id(person)
        draft = drafts.begin(session, number, "report", now=NOON)
        for ref in "abc":
            photos.keep(
                session, draft_id=drafts.known_id(draft), person_id=number, channel="telegram", ref=ref,
                size=9, media_type="image/jpeg", now=NOON,
            )  # fmt: skip
    return [row.id or 0 for row in _waiting(sessions)]


def _waiting(sessions: Sessions, channel: str = "telegram", **options: object) -> list[CaseFile]:
    with sessions.begin() as session:
        return photos.to_fetch(session, channel, **options)  # type: ignore[arg-type]


def test_what_is_still_with_a_channel_is_found_in_order(sessions: Sessions, numbers: list[int]) -> None:
    assert [row.fetch for row in _waiting(sessions)] == ["telegram:a", "telegram:b", "telegram:c"]
    assert [row.fetch for row in _waiting(sessions, beside=numbers[:1], limit=1)] == ["telegram:b"]
    assert _waiting(sessions, "web") == []


def test_a_photo_that_two_have_fetched_is_kept_once(sessions: Sessions, numbers: list[int]) -> None:
    with sessions.begin() as session:
        assert photos.fetched(session, numbers[0], b"jpeg") is not None
    with sessions.begin() as session:
        assert photos.fetched(session, numbers[0], b"") is None
    with sessions.begin() as session:
        row = session.get_one(CaseFile, numbers[0])
        assert row.content != b"jpeg" and photos.content(session, row) == b"jpeg"
    assert [row.id for row in _waiting(sessions)] == numbers[1:]


def test_a_photo_of_a_report_that_was_given_up_is_not_kept(sessions: Sessions, numbers: list[int]) -> None:
    with sessions.begin() as session:
        photos.forget(session, draft_id=session.get_one(CaseFile, numbers[0]).draft_id or 0)
        assert photos.fetched(session, numbers[0], b"jpeg") is None
    assert _waiting(sessions) == []
