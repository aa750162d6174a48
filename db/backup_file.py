"""The file of a backup: lines of JSON, compressed with gzip, sealed if there is a passphrase.

    {"policybot_backup": 1, "revision": "0002", "made_at": "2026-03-01T00:00:00+00:00", "keys": null}
    {"table": "chat", "columns": [["id", "text"], …], "last": null}
    ["web:1", null]
    …
    {"rows": 1234, "sha256": "…"}

The last line is there only if everything before it is; its checksum covers the bytes of all lines before
it. That finds accidents. Whoever changes a file on purpose can make a new checksum, but not in a sealed
file (db/backup_cipher). gzip alone is opened with `zcat`.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from db.backup_cipher import MAGIC, SealingWriter, UnsealingReader
from db.backup_errors import BackupError, Reason

FORMAT = "policybot_backup"
VERSION = 1
_GZIP = b"\x1f\x8b"
_BUFFER_BYTES = 256 * 1024
_LEVEL = 6


class LineWriter:
    """Writes values as lines, and at the end the line that says that it is the end."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file, self._digest = file, hashlib.sha256()
        self.rows = 0

    def write(self, value: object) -> None:
        line = _line(value)
        self._digest.update(line)
        self._file.write(line)

    def write_row(self, row: list[Any]) -> None:
        self.write(row)
        self.rows += 1

    def finish(self) -> None:
        self._file.write(_line({"rows": self.rows, "sha256": self._digest.hexdigest()}))


@contextmanager
def writing(path: Path, passphrase: str, overwrite: bool) -> Iterator[LineWriter]:
    """A file that gets its name when all is written and on the disk; for its owner only.

    Raises BackupError if there is one of that name, or no folder for it.
    """
    _make_sure_it_is_free(path, overwrite)
    part_fd, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with open(part_fd, "wb") as file:
            with _lines_into(file, passphrase) as writer:
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        _make_sure_it_is_free(path, overwrite)
        os.replace(part, path)
        _sync_folder(path.parent)
    finally:
        Path(part).unlink(missing_ok=True)


def read(path: Path, passphrase: str) -> Iterator[Any]:
    """The values of the lines, the last one left out.

    Raises:
        BackupError: it is none, or the passphrase is missing or wrong; or, while the lines are read, it is
            damaged. Only when the iterator has ended, everything was as it had been written.
    """
    with _open(path) as file, _unsealed(file, passphrase) as plain:
        yield from _checked(gzip.GzipFile(fileobj=plain))


def is_sealed(path: Path) -> bool:
    """Whether a passphrase is wanted. Raises BackupError if it is no backup."""
    with _open(path) as file:
        return _starts_sealed(file)


# --- writing --------------------------------------------------------------------------------


@contextmanager
def _lines_into(file: BinaryIO, passphrase: str) -> Iterator[LineWriter]:
    with ExitStack() as stack:
        target = stack.enter_context(SealingWriter(file, passphrase)) if passphrase else file
        packed = stack.enter_context(
            gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=_LEVEL, mtime=0)
        )
        yield LineWriter(stack.enter_context(io.BufferedWriter(packed, _BUFFER_BYTES)))


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _make_sure_it_is_free(path: Path, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise BackupError(Reason.NO_FOLDER, str(path.parent))
    if path.is_dir() or (path.exists() and not overwrite):
        raise BackupError(Reason.EXISTS, str(path))


def _sync_folder(folder: Path) -> None:
    """So that the new name, too, outlives a power cut."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows: a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- reading --------------------------------------------------------------------------------


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BackupError(Reason.NO_FILE, str(path)) from error


def _starts_sealed(file: BinaryIO) -> bool:
    opening = file.read(len(MAGIC))
    file.seek(0)
    if opening.startswith(_GZIP):
        return False
    if opening and MAGIC.startswith(opening):  # cut off so early, it is still one of ours
        return True
    raise BackupError(Reason.NOT_A_BACKUP)


@contextmanager
def _unsealed(file: BinaryIO, passphrase: str) -> Iterator[Any]:
    if not _starts_sealed(file):
        yield file
    elif not passphrase:
        raise BackupError(Reason.PASSPHRASE_WANTED)
    else:
        with io.BufferedReader(UnsealingReader(file, passphrase), _BUFFER_BYTES) as plain:
            yield plain


def _checked(lines: gzip.GzipFile) -> Iterator[Any]:
    """The values, as long as they are followed by others; the last line must be the one that is due."""
    digest, rows = hashlib.sha256(), 0
    previous = _next_line(lines)
    header = _value(previous)
    if not isinstance(header, dict) or FORMAT not in header:
        raise BackupError(Reason.NOT_A_BACKUP)
    if header[FORMAT] != VERSION:
        raise BackupError(Reason.NEWER, f"{FORMAT} {header[FORMAT]}")
    while line := _next_line(lines):
        digest.update(previous)
        value = _value(previous)
        rows += isinstance(value, list)
        yield value
        previous = line
    if previous != _line({"rows": rows, "sha256": digest.hexdigest()}):
        raise BackupError(Reason.DAMAGED)


def _next_line(lines: gzip.GzipFile) -> bytes:
    try:
        return lines.readline()
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            raise
        raise BackupError(Reason.DAMAGED) from error


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BackupError(Reason.DAMAGED) from error
