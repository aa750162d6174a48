"""Documents → chapters → clauses, in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

from knowledge.answers import about_document, clause_number
from knowledge.browse.entry import Entry, Said, said
from knowledge.library import KnowledgeBase
from knowledge.model import Clause, Document, Table

PREAMBLE = "前言"


def documents(library: KnowledgeBase) -> list[Entry]:
    """The documents; of a large library its folders and files, each read when it is opened."""
    if library.is_large:
        return _in_folder(library, list(library.files), 0)
    return [document_entry(library, document) for document in library.documents]


def _in_folder(library: KnowledgeBase, names: Sequence[str], depth: int) -> list[Entry]:
    """What stands in one folder; all `names` begin with the same `depth` folders."""
    inside: dict[str, list[str]] = {}
    for name in names:
        inside.setdefault(name.split("/")[depth], []).append(name)
    return [
        _file(library, found[0]) if found[0].count("/") == depth else _folder(library, part, found, depth)
        for part, found in inside.items()
    ]


def _folder(library: KnowledgeBase, name: str, files: Sequence[str], depth: int) -> Entry:
    return Entry(f"{name}（{len(files)}份）", name, below=partial(_in_folder, library, files, depth + 1))


def _file(library: KnowledgeBase, name: str) -> Entry:
    return Entry(PurePosixPath(name).stem, counted="份", below=partial(_in_file, library, name))


def _in_file(library: KnowledgeBase, name: str) -> Sequence[Entry]:
    """Raises ReadingError for a file that cannot be read."""
    found = library.documents_in(name)
    if len(found) == 1:
        return _outline(library, found[0])
    return [document_entry(library, document) for document in found]


def document_entry(library: KnowledgeBase, document: Document) -> Entry:
    """The document; one of a single clause is that clause."""
    name = document.short_names[0] if document.short_names else document.title
    label = f"{document.label} {name}".strip()
    if len(document.clauses) == 1 and not document.tables:
        only = clause_entry(library, document, document.clauses[0])
        return Entry(label, document.title, "份", answer=only.answer, whole=only.whole)
    intro = about_document.printed(document)
    return Entry(label, document.title, "份", intro, below=partial(_outline, library, document))


def _outline(library: KnowledgeBase, document: Document) -> list[Entry]:
    """The chapters, with the text before them in front and the tables behind."""
    clauses = document.clauses
    before = [c for c in clauses[:1] if c.depth == 0]
    parts = [clause_entry(library, document, clause) for clause in before]
    parts += _siblings(library, document, clauses[len(before) :])
    return parts + [_table(library, document, table) for table in document.tables]


def _siblings(library: KnowledgeBase, document: Document, clauses: Sequence[Clause]) -> list[Entry]:
    """The clauses of the first one's rank, each with those that follow under it."""
    starts = [k for k, c in enumerate(clauses) if c.depth <= clauses[0].depth]
    ends = [*starts, len(clauses)][1:]
    return [
        clause_entry(library, document, clauses[a], clauses[a + 1 : b])
        for a, b in zip(starts, ends, strict=True)
    ]


def clause_entry(
    library: KnowledgeBase, document: Document, clause: Clause, under: Sequence[Clause] = ()
) -> Entry:
    """A clause to read, or a chapter to choose from; an article is read with all its items."""
    if not under or clause_number.is_article(clause):
        return Entry(
            _label(document, clause),
            counted="条",
            answer=partial(_say, library, document, clause),
            whole=partial(_cut, document, clause),
        )
    return Entry(
        _label(document, clause),
        counted="条",
        intro=clause.text,
        below=partial(_siblings, library, document, under),
        whole=partial(clause_number.whole_text, document, clause),
    )


def _label(document: Document, clause: Clause) -> str:
    """The heading, and where there is none the first words: `第七条 参与考核工作的……`."""
    if not clause.label and clause.depth == 0:
        return PREAMBLE if len(document.clauses) > 1 else document.title
    if clause.title:
        return clause.heading.lstrip("—")
    first = clause.text.split("\n")[0]
    return first if first.startswith(clause.label) else f"{clause.label} {first}".strip()


def _say(library: KnowledgeBase, document: Document, clause: Clause) -> Said:
    name = clause_number.spoken_name(document, clause)
    return said(name, clause_number.answer(library.citing_facts, document, clause), "clause", name)


def _cut(document: Document, clause: Clause) -> str:
    text = clause_number.whole_text(document, clause)
    return text if len(text) > clause_number.LONGEST_QUOTE else ""


def _table(library: KnowledgeBase, document: Document, table: Table) -> Entry:
    """A table read as a clause of that name: its rows as printed."""
    rows = clause_number.rows_of(table)
    clause = Clause("", table.title or document.title, table.path, rows, rows, None, None, depth=1)
    return Entry(
        f"表 {clause.title}",
        counted="条",
        answer=partial(_say, library, document, clause),
        whole=partial(_cut, document, clause),
    )
