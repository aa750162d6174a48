"""Documents that the product has never seen, written as real files and read through the real readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.library import check_file
from knowledge.model import Document

Parsed = Callable[[str, str | bytes], tuple[Document, ...]]


@pytest.fixture
def parsed(tmp_path: Path) -> Parsed:
    """Write a file of the given name and parse it."""

    def write_and_parse(name: str, content: str | bytes) -> tuple[Document, ...]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return check_file(path, name)

    return write_and_parse
