"""The nouns of the library: what is read, what is parsed, and what is answered.

All values are frozen. Offsets are code points of the decoded text, half-open; they are None for
formats that have no such text (.docx, .pdf, .xlsx).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

# --- what a reader returns ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph as printed, without its line end."""

    text: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that the format itself marks as one; merged cells are filled in by the reader."""

    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class SourceText:
    """The content of one file in reading order.

    `text` is the whole decoded text for .txt and .md and None for the other formats.
    """

    path: str
    blocks: tuple[Line | Grid, ...]
    text: str | None = None


# --- what the parser returns ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered unit, or an unnumbered heading or box, with its whole path.

    `path` are the labels-with-titles of its ancestors inside the document, outermost first.
    `text` is its own text (run-in heading included, children excluded), line breaks of the page
    removed and paragraphs separated by a newline; `full_text` includes the children.
    """

    label: str
    title: str
    path: tuple[str, ...]
    text: str
    full_text: str
    start: int | None
    end: int | None
    depth: int
    departments: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Label and title as one line: `二、保持产业扶贫主要政策稳定`, `第七条`."""
        glue = "" if not self.title or self.label[-1:] in "、）)." else " "
        return f"{self.label}{glue}{self.title}"

    @property
    def locator(self) -> str:
        return " › ".join((*self.path, self.heading))


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a table: the cells as printed, and the line or lines they stand on."""

    cells: tuple[str, ...]
    raw: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`header` and the rows have the same number of cells; `path` as in Clause."""

    title: str
    path: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceList:
    """`示范引领嘎查村20个。分别是：…`: names under a designation, with the number the text states."""

    designation: str
    group: str  # the banner the names belong to, as printed; "" when the source names none
    stated: int | None
    names: tuple[str, ...]
    path: tuple[str, ...]
    raw: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Steps that a sentence puts in order: `按照甲、乙、丙的程序`."""

    steps: tuple[str, ...]
    sentence: str
    clause_index: int


@dataclass(frozen=True, slots=True)
class Issue:
    """An inconsistency of a document, found by `check`."""

    kind: str  # "sum", "numbering", "empty-cell", "cell-type", "columns"
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """One titled text: a file, or the annex of a file."""

    file: str  # path below the library
    title: str
    label: str = ""  # "附件2", "" for the main text
    number: str | None = None  # 文号
    issuer: str | None = None
    date: dt.date | None = None
    short_names: tuple[str, ...] = ()
    level: str | None = None  # 自治区, 市, …
    valid_until: dt.date | None = None
    replaced_by: str | None = None
    clauses: tuple[Clause, ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[PlaceList, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    issues: tuple[Issue, ...] = ()


# --- what is asked and answered -------------------------------------------------------------


class Status(StrEnum):
    ANSWERED = "answered"
    CLARIFY = "clarify"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands. Every character of `quote` stands in the source; cuts are `……`."""

    document: str
    number: str | None
    locator: str
    quote: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found by search."""

    source: str
    label: str
    score: float
    clause_id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`lead` is one line of at most 120 characters; `text` all that is shown, lead included."""

    status: Status
    lead: str
    text: str
    citations: tuple[Citation, ...] = ()
    options: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())
