"""What goes in comes out, on both databases and across, also while others write."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from db import backup, backup_databases
from db.models import Chat, InboxTurn
from db.session import database_as_it_is, engine_of, migrate_database, open_database
from tests.unit.db.backup.making import (
    EITHER,
    KINDS,
    NOW,
    ROWS,
    Databases,
    contents,
    execute,
    save,
)

ACROSS = pytest.mark.parametrize(("source", "target"), list(itertools.product(KINDS, KINDS)))


# --- what goes in comes out -------------------------------------------------------------------


@ACROSS
def test_every_row_of_every_table_comes_back(
    source: str, target: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled(source), databases.empty(target)
    made = save(url, file)
    backup.restore(into, file)
    restored = contents(into)
    assert restored == contents(url)
    assert {len(rows) for rows in restored.values()} == {ROWS}
    assert backup.verify(file) == made
    assert made.rows == ROWS * len(restored)


@ACROSS
def test_numbers_of_deleted_rows_are_not_given_again(
    source: str, target: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled(source), databases.empty(target)
    execute(url, "DELETE FROM inbox_turn")
    with open_database(url).begin() as writing_session:
        for number in range(4, 7):
            _add_turn(writing_session, number)
    execute(url, "DELETE FROM inbox_turn WHERE turn_id = 'turn 6'")
    last = _last_seq(url) + 1  # of the turn that is gone
    save(url, file)
    backup.restore(into, file)
    with open_database(into).begin() as writing_session:
        _add_turn(writing_session, 7)
    assert _last_seq(into) == last + 1


def _add_turn(writing_session: Session, number: int) -> None:
    chat = f"chat {number}"
    writing_session.add(Chat(id=chat))
    writing_session.flush()
    writing_session.add(InboxTurn(turn_id=f"turn {number}", chat=chat, turn="{}", received_at=NOW))
    writing_session.flush()


def _last_seq(url: str) -> int:
    return max(row[0] for row in contents(url)["inbox_turn"])


@EITHER
def test_json_null_and_a_missing_value_stay_different(kind: str, databases: Databases, file: Path) -> None:
    url, into = databases.empty(kind), databases.empty(kind)
    migrate_database(url)
    moment = "'2026-03-01 00:00:00'"
    execute(url, f"INSERT INTO conversation VALUES ('a', '', 'null', 1, {moment})")
    save(url, file)
    backup.restore(into, file)
    with database_as_it_is(into) as engine, engine.begin() as connection:
        assert connection.scalar(text("SELECT CAST(options AS TEXT) FROM conversation")) == "null"


# --- while others write -----------------------------------------------------------------------


@EITHER
def test_writers_need_not_wait_and_what_they_write_is_left_out(kind: str, databases: Databases) -> None:
    url = databases.empty(kind)
    sessions = open_database(url) if kind == "sqlite" else (migrate_database(url), open_database(url))[1]
    with backup_databases.snapshot(url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM chat")) == 0
        with sessions.begin() as writing_session:
            _add_turn(writing_session, 1)
        assert connection.scalar(text("SELECT count(*) FROM inbox_turn")) == 0
    assert len(contents(url)["inbox_turn"]) == 1


@EITHER
def test_a_backup_beside_a_writer_is_of_one_moment(kind: str, databases: Databases, file: Path) -> None:
    """Each transaction of the writer adds a chat and a turn, so there are as many of both."""
    url, into = databases.empty(kind), databases.empty(kind)
    migrate_database(url)
    sessions, stop, wrote = open_database(url), threading.Event(), threading.Event()

    def write() -> None:
        for number in itertools.count():
            with sessions.begin() as writing_session:
                _add_turn(writing_session, number)
            wrote.set()
            if stop.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for attempt in range(5):
            wrote.clear()
            assert wrote.wait(30)
            backup.back_up(url, file, now=NOW, overwrite=True)
            backup.restore(into, file, replace=attempt > 0)
            restored = contents(into)
            assert len(restored["chat"]) == len(restored["inbox_turn"]) > 0
    finally:
        stop.set()
        writer.join()
        engine_of(sessions).dispose()
