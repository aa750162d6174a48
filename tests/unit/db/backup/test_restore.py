"""Where a backup may be restored, and from which version."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from db import backup, backup_databases, migrate, session
from db.backup_errors import BackupError, Reason
from db.backup_file import FORMAT, read, writing
from db.session import database_as_it_is, migrate_database, open_database
from tests.databases import wait_for_a_lock
from tests.unit.db.backup.making import (
    EITHER,
    NOW,
    Databases,
    contents,
    execute,
    refusal,
    save,
)

# --- where it is restored ---------------------------------------------------------------------


@EITHER
def test_a_database_with_rows_is_kept_as_it_is(kind: str, filled: Callable[[str], str], file: Path) -> None:
    url = filled(kind)
    save(url, file)
    execute(url, "DELETE FROM case_risk", "UPDATE chat SET unreachable_at = NULL")
    before = contents(url)
    with pytest.raises(BackupError) as refused:
        backup.restore(url, file)
    assert (refused.value.reason, refused.value.detail) == (Reason.NOT_EMPTY, str(backup.rows_in(url)))
    assert contents(url) == before


@EITHER
def test_rows_are_replaced_when_that_is_wanted(kind: str, filled: Callable[[str], str], file: Path) -> None:
    url = filled(kind)
    before = contents(url)
    save(url, file)
    execute(url, "DELETE FROM case_risk", "INSERT INTO chat VALUES ('later', NULL)")
    backup.restore(url, file, replace=True)
    assert contents(url) == before


@EITHER
def test_tables_without_rows_are_not_in_the_way(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    url, into = filled("sqlite"), databases.empty(kind)
    migrate_database(into)
    save(url, file)
    backup.restore(into, file)
    assert contents(into) == contents(url)


def test_tables_of_others_are_neither_saved_nor_touched(filled: Callable[[str], str], file: Path) -> None:
    url = filled("postgresql")
    execute(url, "CREATE TABLE of_others (x INTEGER)", "INSERT INTO of_others VALUES (7)")
    save(url, file)
    backup.restore(url, file, replace=True)
    assert not any(isinstance(line, dict) and line.get("table") == "of_others" for line in read(file, ""))
    with database_as_it_is(url) as engine, engine.begin() as connection:
        assert connection.scalar(text("SELECT x FROM of_others")) == 7


@EITHER
def test_foreign_keys_hold_after_a_restore(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    into = databases.empty(kind)
    save(filled("sqlite"), file)
    backup.restore(into, file)
    with pytest.raises(session.DatabaseError, match=r"(?i)foreign key"):
        execute(into, "DELETE FROM person")


@EITHER
def test_a_row_whose_parent_is_missing_is_refused(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path, tmp_path: Path
) -> None:
    save(filled("sqlite"), file)
    orphaned, opened = tmp_path / "orphaned", None
    with writing(orphaned, "", False) as writer:
        for value in read(file, ""):
            opened = value.get("table") if isinstance(value, dict) else opened
            if isinstance(value, dict):
                writer.write(value)
            elif opened != "person":
                writer.write_row(value)
    into = databases.empty(kind)
    assert refusal(lambda: backup.restore(into, orphaned)) == Reason.REFUSED_BY_DATABASE
    assert backup.rows_in(into) == 0


def test_a_restore_waits_for_others_only_a_while_on_postgresql(
    filled: Callable[[str], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_databases, "LOCK_SECONDS", 1)
    url = filled("postgresql")
    save(url, file)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM chat")
        assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.BUSY


def test_a_row_that_comes_at_the_last_moment_is_not_lost(
    filled: Callable[[str], str], databases: Databases, file: Path
) -> None:
    save(filled("sqlite"), file)
    into = databases.empty("postgresql")
    migrate_database(into)
    with ThreadPoolExecutor() as pool, psycopg.connect(into) as other:
        other.execute("INSERT INTO chat VALUES ('late', NULL)")
        restoring = pool.submit(backup.restore, into, file)
        wait_for_a_lock(into)
        other.commit()
        assert refusal(restoring.result) == Reason.NOT_EMPTY
    assert contents(into)["chat"] == [("late", None)]


def test_a_restore_waits_for_others_only_a_while_on_sqlite(
    filled: Callable[[str], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_MS", 100)
    url = filled("sqlite")
    save(url, file)
    with open_database(url).begin() as other:
        other.connection()
        assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.BUSY


# --- revisions --------------------------------------------------------------------------------


@EITHER
def test_an_older_backup_is_brought_up_to_date(kind: str, databases: Databases, file: Path) -> None:
    url, into = databases.empty(kind), databases.empty(kind)
    with database_as_it_is(url) as engine:
        migrate.upgrade(engine, "0001")
    execute(url, f"INSERT INTO unanswered VALUES (5, '问', 'not_found', 'v', '{NOW}')")
    assert save(url, file).revision == "0001"
    backup.restore(into, file)
    assert contents(into)["unanswered"] == [(5, "问", "", "not_found", "v", NOW)]
    with database_as_it_is(into) as engine:
        assert migrate.is_current(engine)


@EITHER
def test_the_backup_of_a_newer_program_is_refused(
    kind: str, filled: Callable[[str], str], file: Path
) -> None:
    url = filled(kind)
    before = contents(url)
    with writing(file, "", False) as writer:
        writer.write({FORMAT: 1, "revision": "9999", "made_at": NOW.isoformat(), "keys": ""})
    assert refusal(lambda: backup.verify(file)) == Reason.NEWER
    assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.NEWER
    assert contents(url) == before


def test_a_newer_format_is_refused(file: Path) -> None:
    with writing(file, "", False) as writer:
        writer.write({FORMAT: 2})
    assert refusal(lambda: backup.verify(file)) == Reason.NEWER


@EITHER
def test_a_newer_database_is_neither_saved_nor_replaced(
    kind: str, filled: Callable[[str], str], databases: Databases, file: Path, tmp_path: Path
) -> None:
    url = filled(kind)
    save(url, file)
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    assert refusal(lambda: save(url, tmp_path / "b")) == Reason.NEWER_DATABASE
    assert refusal(lambda: backup.restore(url, file, replace=True)) == Reason.NEWER_DATABASE
    assert refusal(lambda: backup.rows_in(url)) == Reason.NEWER_DATABASE
