from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.crypto import Keyring
from db.session import engine_of, open_database
from tests.databases import new_sqlite


@pytest.fixture
def url(tmp_path: Path) -> str:
    return new_sqlite(tmp_path)


@pytest.fixture
def sessions(url: str) -> sessionmaker[Session]:
    return open_database(url, Keyring.new())


@pytest.fixture
def store(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions with keys, of a database on either kind."""
    sessions = open_database(database_url, Keyring.new())
    yield sessions
    engine_of(sessions).dispose()
