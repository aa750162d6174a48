"""The files of a library: which of them are documents, and what one of them says."""

from __future__ import annotations

from pathlib import Path

from knowledge.model import Document
from knowledge.parsing import parse
from knowledge.reading import CONVERT_TO, READERS, read_file

DEFAULT_MAX_BYTES = 100 * 2**20
_OFFERED = READERS.keys() | CONVERT_TO.keys()  # the latter get a message that says what to save them as
_NOT_DOCUMENTS = ("readme", ".", "_", "~")


def check_file(path: Path, name: str, *, max_bytes: int = DEFAULT_MAX_BYTES) -> tuple[Document, ...]:
    """Read and parse one file, with everything inconsistent that is found in it.

    Raises:
        ReadingError: the file cannot be read.
    """
    return parse(read_file(path, name, max_bytes=max_bytes))


def document_files(folder: Path) -> dict[str, Path]:
    """The files of a library that a reader exists for: path below the folder → place, in order."""
    return {
        _readable_name(path.relative_to(folder)): path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in _OFFERED
        and path.is_file()
        and not path.name.lower().startswith(_NOT_DOCUMENTS)
    }


def _readable_name(path: Path) -> str:
    """The path below the library; bytes of a name that are not UTF-8 (old archives) as question marks."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
