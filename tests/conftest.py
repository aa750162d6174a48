"""What all tests share."""

import os
import shutil
from pathlib import Path

from tests.databases import database, database_url, postgresql_server, postgresql_url

__all__ = ["database", "database_url", "postgresql_server", "postgresql_url"]

IN_MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # bytes


def pytest_configure() -> None:
    """Databases wait for the disk most of the time, so they lie in memory where there is room."""
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
