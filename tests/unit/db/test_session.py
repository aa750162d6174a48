import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.session import DatabaseError, _engine, open_database

INTO = "INSERT INTO unanswered (id, question, status, index_version, asked_at)"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 10000)],
)
def test_sqlite_is_set_up_for_several_writers(
    sessions: sessionmaker[Session], pragma: str, value: object
) -> None:
    with sessions.begin() as session:
        assert session.connection().execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_tables_are_created_once_and_keep_their_rows(url: str) -> None:
    with open_database(url).begin() as session:
        session.connection().execute(text(f"{INTO} VALUES (1, '问', 'not_found', 'v1', '2026-03-01')"))
    with open_database(url).begin() as session:
        assert session.connection().execute(text("SELECT count(*) FROM unanswered")).scalar() == 1


def test_a_turn_that_fails_leaves_nothing(sessions: sessionmaker[Session]) -> None:
    insert = text(f"{INTO} VALUES (1, '问', 'not_found', 'v1', '2026-03-01')")
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.connection().execute(insert)
        session.connection().execute(insert)
    with sessions.begin() as session:
        assert session.connection().execute(text("SELECT count(*) FROM unanswered")).scalar() == 0


def test_writers_that_read_first_wait_for_each_other(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.connection().execute(text("CREATE TABLE counter AS SELECT 0 AS n"))

    def count_up() -> None:
        for _ in range(25):
            with sessions.begin() as session:
                n = session.connection().execute(text("SELECT n FROM counter")).scalar_one()
                session.connection().execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions.begin() as session:
        assert session.connection().execute(text("SELECT n FROM counter")).scalar() == 100


@pytest.mark.parametrize(
    "url",
    ["no url", "sqlite:////no/such/folder/x.db", "oracle+nodriver://bot:geheim@db/policy"],
    ids=["malformed", "no folder", "no driver"],
)
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        open_database(url)
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policybot.db"
    path.write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{path}")


def test_what_people_wrote_stays_out_of_database_errors(sessions: sessionmaker[Session]) -> None:
    insert = text(f"{INTO} VALUES (1, :question, 'not_found', 'v1', '2026-03-01')")
    with pytest.raises(IntegrityError) as refused, sessions.begin() as session:
        for _ in range(2):
            session.connection().execute(insert, {"question": "我家的事"})
    assert "我家的事" not in str(refused.value)


def test_several_open_a_new_file_at_once(tmp_path: Path) -> None:
    """The switch to write-ahead logging waits for nobody by itself."""
    barrier = threading.Barrier(4)

    def start(url: str) -> None:
        engine = _engine(url)
        barrier.wait()
        with engine.begin() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        for number in range(20):
            list(threads.map(start, [f"sqlite:///{tmp_path}/{number}.db"] * 4))
