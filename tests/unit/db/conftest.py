from pathlib import Path

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db.crypto import Keyring
from db.session import open_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/policybot.db"


@pytest.fixture
def sessions(url: str) -> sessionmaker[Session]:
    return open_database(url, Keyring.new())
