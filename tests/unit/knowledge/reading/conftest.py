"""Files are written by the tests and read through the same door as those of the library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.model import SourceText
from knowledge.reading import read_file

MAX_BYTES = 50_000_000
Read = Callable[[str, bytes], SourceText]
Edit = Callable[[bytes, str, Callable[[bytes], bytes]], bytes]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file of the given name and read it."""

    def write_and_read(name: str, data: bytes) -> SourceText:
        path = tmp_path / name
        path.write_bytes(data)
        return read_file(path, name, max_bytes=MAX_BYTES)

    return write_and_read


@pytest.fixture
def edited() -> Edit:
    """Change one part of an Office package: what no library would write."""

    def edit(package: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
        target = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(package)) as old,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, change(content) if name == part else content)
        return target.getvalue()

    return edit
