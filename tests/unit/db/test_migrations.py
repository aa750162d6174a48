"""Every step of the migrations, walked on data, on both databases."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from db import migrate
from db.session import OutdatedDatabaseError, _engine, migrate_database, open_database
from tests.databases import with_database

MOMENT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE empty_{tmp_path.name.replace('-', '_')}")
        url = with_database(server, f"empty_{tmp_path.name.replace('-', '_')}")
    engine = _engine(url)
    yield engine
    engine.dispose()


def _fill(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO unanswered (question, status, index_version, asked_at) VALUES (:q, 's', 'v', :t)"
            ),
            {"q": "问", "t": MOMENT},
        )


def _questions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT question FROM unanswered")).scalars())


def test_every_step_keeps_the_rows(empty: Engine) -> None:
    migrate.upgrade(empty, "0001")
    _fill(empty)
    for step in ("0002", "0003", "head"):
        migrate.upgrade(empty, step)
        assert _questions(empty) == ["问"]
    assert migrate.is_current(empty)


def test_the_steps_lead_to_the_tables_of_the_models(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_from_before_the_migrations_is_taken_up(empty: Engine) -> None:
    migrate.upgrade(empty, "0001")
    _fill(empty)
    with empty.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    migrate.upgrade(empty)
    assert migrate.is_current(empty) and _questions(empty) == ["问"]


def test_a_step_that_fails_leaves_everything_as_it_was(empty: Engine) -> None:
    migrate.upgrade(empty, "0001")
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE web_session (x INTEGER)"))  # in the way of the last statement
    with pytest.raises(Exception, match="web_session"):
        migrate.upgrade(empty)
    with empty.begin() as connection:
        assert migrate.version(connection) == "0001"
        connection.execute(text("DROP TABLE web_session"))
    migrate.upgrade(empty)
    assert migrate.is_current(empty)


def test_postgresql_is_not_changed_at_start_but_says_that_it_is_outdated(
    postgresql_server: str, tmp_path: Path
) -> None:
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE outdated")
    url = with_database(postgresql_server, "outdated")
    with pytest.raises(OutdatedDatabaseError):
        open_database(url)
    migrate_database(url)
    with open_database(url).begin() as session:
        assert session.connection().execute(text("SELECT count(*) FROM unanswered")).scalar() == 0
