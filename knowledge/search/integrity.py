"""Find a damaged index before tantivy reads it: some damage makes it panic instead of raising."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

from knowledge.errors import IndexStateError

_TRAILER_BYTES = 8  # length of the footer and a magic number, 4 bytes each, little-endian


def require_intact(folder: Path) -> None:
    """Compare each committed file with the CRC-32 that tantivy wrote behind it (1 ms for 1 MB).

    Raises IndexStateError: a file is missing, cut off, changed, or of a format we do not know.
    """
    try:
        for path in _committed_files(folder):
            _require_checksum(path)
    except OSError as error:
        raise IndexStateError(f"index {folder}: {error}") from error


def _committed_files(folder: Path) -> list[Path]:
    """Files of the segments in meta.json; others may be half written by another process."""
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        segments = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexStateError(f"index file {folder / 'meta.json'} is damaged") from error
    return [path for path in sorted(folder.iterdir()) if path.stem in segments]


def _require_checksum(path: Path) -> None:
    content = path.read_bytes()
    length = int.from_bytes(content[-_TRAILER_BYTES:-4], "little")
    end = len(content) - _TRAILER_BYTES - length
    try:
        expected = json.loads(content[end:-_TRAILER_BYTES])["crc"]
    except (ValueError, KeyError, TypeError) as error:
        raise IndexStateError(f"index file {path.name} is cut off or changed") from error
    if end < 0 or zlib.crc32(memoryview(content)[:end]) != expected:
        raise IndexStateError(f"index file {path.name} does not match its checksum")
