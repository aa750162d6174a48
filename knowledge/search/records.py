"""What the index knows of itself: its version, and the state of each file that it holds.

Kept as documents inside the index, so that one commit changes the units and the record of them
together: a crash or a reader in between sees all of it or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import tantivy

from knowledge.errors import IndexStateError
from knowledge.search.schema import VERSION

_KIND_ABOUT, _KIND_FILE = "about", "file"
_MOST_FILES = 1_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """State of a file when it was indexed; `sha256` is the hexadecimal digest of its bytes."""

    size: int
    mtime_ns: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.size} {self.mtime_ns} {self.sha256}"

    @classmethod
    def parse(cls, line: str) -> Stamp:
        size, mtime_ns, sha256 = line.split()
        return cls(int(size), int(mtime_ns), sha256)


def about_document(fingerprint: str) -> tantivy.Document:
    return tantivy.Document(record=_KIND_ABOUT, stamp=_about(fingerprint))


def file_document(source: str, stamp: Stamp) -> tantivy.Document:
    return tantivy.Document(record=_KIND_FILE, source=source, stamp=str(stamp))


def require_current(index: tantivy.Index, fingerprint: str) -> None:
    """Raises IndexStateError: another version or other words made the index, or nothing did."""
    made = {line for _, line in _records(index, _KIND_ABOUT)}
    if made != {_about(fingerprint)}:
        found = ", ".join(sorted(made)) or "nothing"
        raise IndexStateError(f"index made by {found}, wanted {_about(fingerprint)}")


def read_stamps(index: tantivy.Index) -> dict[str, Stamp]:
    return {source: Stamp.parse(line) for source, line in _records(index, _KIND_FILE)}


def _about(fingerprint: str) -> str:
    return f"version {VERSION} {fingerprint}"


def _records(index: tantivy.Index, kind: str) -> list[tuple[str, str]]:
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "record", kind, "basic")
    found = searcher.search(query, _MOST_FILES, count=False).hits
    records = [searcher.doc(address) for _, address in found]
    return [(r.get_first("source") or "", r.get_first("stamp") or "") for r in records]
