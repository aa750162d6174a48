"""Sealing anew, on both kinds of databases, with turns and interruptions in between."""

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col

from db import rotation
from db.crypto import Keyring, UnsealError, key_id_of, seal, seal_bytes, unseal, unseal_bytes
from db.key_files import KeyFolder
from db.models import Person
from db.models_cases import CaseFile, Draft, DraftAnswer
from db.session import engine_of, open_database
from tests.databases import wait_for_a_lock

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
ANSWERS = 130  # more than two batches


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    folder = KeyFolder(tmp_path / "keys")
    folder.make_missing()
    return folder


@pytest.fixture
def sessions(database_url: str, folder: KeyFolder) -> Iterator[sessionmaker[Session]]:
    opened = open_database(database_url, folder)
    yield opened
    engine_of(opened).dispose()


@pytest.fixture
def filled(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions.begin() as session:
        _person_with_drafts(session)
        for number in range(ANSWERS):
            draft = number % 2 + 1
            session.add(_answer(session, draft, f"field{number:03}", f"答{number}"))
        session.add(_answer(session, 1, "skipped", ""))
        session.add(_photo(session, b"jpeg"))
        session.add(_photo(session, b""))
    return sessions


def _person_with_drafts(session: Session) -> None:
    session.add(Person(id=1, name="张三", role="village_cadre", created_at=NOW))
    session.flush()
    for number in (1, 2):
        session.add(
            Draft(
                id=number, person_id=1, form="report", active=False, status="open",
                created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    session.flush()


def _answer(session: Session, draft: int, field: str, value: str) -> DraftAnswer:
    return DraftAnswer(draft_id=draft, field=field, value=seal(session, value), answered_at=NOW)


def _photo(session: Session, content: bytes) -> CaseFile:
    return CaseFile(draft_id=1, content=seal_bytes(session, content), created_by=1, created_at=NOW)


def _values(sessions: sessionmaker[Session]) -> dict[str, str]:
    with sessions() as session:
        rows = session.execute(select(DraftAnswer)).scalars()
        return {row.field: unseal(session, row.value) for row in rows}


def _keys_in_use(sessions: sessionmaker[Session]) -> set[str]:
    with sessions() as session:
        values = session.execute(select(col(DraftAnswer.value))).scalars()
        photos = session.execute(select(col(CaseFile.content))).scalars()
        return {key_id_of(token) for token in (*values, *photos)} - {""}


def test_everything_is_sealed_with_the_new_key_and_says_the_same(
    filled: sessionmaker[Session], folder: KeyFolder
) -> None:
    before = _values(filled)
    folder.add_key()
    assert rotation.reseal(filled) == ANSWERS + 1
    folder.drop_old()
    assert _keys_in_use(filled) == {"k2"}
    reopened = open_database(engine_of(filled).url.render_as_string(hide_password=False), folder)
    assert _values(reopened) == before
    with reopened() as session:
        photos = session.execute(select(col(CaseFile.content)).order_by(col(CaseFile.id))).scalars().all()
        assert [unseal_bytes(session, photo) for photo in photos] == [b"jpeg", b""]
    engine_of(reopened).dispose()


def test_what_has_the_newest_key_is_left_as_it_is(filled: sessionmaker[Session]) -> None:
    assert rotation.reseal(filled) == 0


def test_after_an_interruption_everything_is_readable_and_the_rest_is_done(
    filled: sessionmaker[Session], folder: KeyFolder
) -> None:
    before = _values(filled)
    folder.add_key()
    with _interrupted_at_update(filled, 75), pytest.raises(KeyboardInterrupt):
        rotation.reseal(filled)
    assert _keys_in_use(filled) == {"k1", "k2"}
    assert _values(filled) == before
    assert 0 < rotation.reseal(filled) < ANSWERS + 1
    assert _keys_in_use(filled) == {"k2"}
    assert _values(filled) == before


@contextmanager
def _interrupted_at_update(sessions: sessionmaker[Session], number: int) -> Iterator[None]:
    updates = itertools.count(1)

    def interrupt(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("UPDATE") and next(updates) == number:
            raise KeyboardInterrupt

    event.listen(engine_of(sessions), "before_cursor_execute", interrupt)
    yield
    event.remove(engine_of(sessions), "before_cursor_execute", interrupt)


def test_turns_go_on_while_everything_is_sealed_anew(
    filled: sessionmaker[Session], folder: KeyFolder
) -> None:
    begun, enough = threading.Event(), threading.Event()
    written: list[str] = []

    def turns() -> None:
        while not enough.is_set():
            with filled.begin() as session:
                name = f"turn{len(written):05}"
                session.add(_answer(session, 1, name, name))
            written.append(name)
            begun.set()

    thread = threading.Thread(target=turns)
    thread.start()
    assert begun.wait(30)
    folder.add_key()
    rotation.reseal(filled)
    folder.drop_old()
    enough.set()
    thread.join()
    assert _keys_in_use(filled) == {"k2"}
    assert {name for name in _values(filled) if name.startswith("turn")} == set(written)


def test_a_turn_under_way_with_the_old_key_is_waited_for(postgresql_url: str, folder: KeyFolder) -> None:
    sessions = open_database(postgresql_url, folder)
    with sessions.begin() as session:
        _person_with_drafts(session)
    under_way = sessions()
    answer = _answer(under_way, 1, "late", "答")
    folder.add_key()
    resealing = threading.Thread(target=rotation.reseal, args=(sessions,))
    resealing.start()
    wait_for_a_lock(postgresql_url)
    assert key_id_of(answer.value) == "k1"
    under_way.add(answer)
    under_way.commit()
    under_way.close()
    resealing.join()
    assert _keys_in_use(sessions) == {"k2"}
    assert _values(sessions) == {"late": "答"}
    engine_of(sessions).dispose()


def test_whether_something_is_sealed_is_known_without_keys(
    sessions: sessionmaker[Session], database_url: str
) -> None:
    without_keys = open_database(database_url)
    with without_keys() as session:
        assert not rotation.has_sealed(session)
    with sessions.begin() as session:
        _person_with_drafts(session)
        session.add(_photo(session, b"jpeg"))
    with without_keys() as session:
        assert rotation.has_sealed(session)
    engine_of(without_keys).dispose()


def test_keys_of_another_database_are_noticed(filled: sessionmaker[Session], database_url: str) -> None:
    with filled() as session:
        rotation.check_keys(session)
    other = open_database(database_url, Keyring.new())
    with other() as session, pytest.raises(UnsealError):
        rotation.check_keys(session)
    engine_of(other).dispose()
