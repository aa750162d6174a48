from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.session import migrate_database
from tests.unit.db.backup.making import Databases, fill


@pytest.fixture
def databases(tmp_path: Path, postgresql_server: str) -> Databases:
    return Databases(tmp_path, postgresql_server)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "policybot.backup"


@pytest.fixture
def filled(databases: Databases) -> Callable[[str], str]:
    """Makes a database of a kind, with rows in every table."""

    def make(kind: str) -> str:
        url = databases.empty(kind)
        migrate_database(url)
        fill(url)
        return url

    return make
