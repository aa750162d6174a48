"""Files → documents: outline, tables, lists of places, procedures, and what is inconsistent in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.model import Clause, Document, PlaceList, Procedure, SourceText, Table
from knowledge.parsing import checks, documents, lists, tables
from knowledge.parsing.documents import Part
from knowledge.parsing.outline import Node, outline, paragraphs
from knowledge.parsing.responsibility import departments
from knowledge.sentences import sentences

__all__ = ["parse"]

_TABLE_UNITS = ("专栏", "附表", "附录")
_ORDERED = re.compile("程序|步骤|流程")


def parse(source: SourceText) -> tuple[Document, ...]:
    """All documents of a file, each with clauses, tables, lists, procedures and issues."""
    return tuple(_document(source, part) for part in documents.split(source))


@dataclass(slots=True)
class _Found:
    """What the units of one document hold, in reading order."""

    clauses: list[Clause] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    lists: list[PlaceList] = field(default_factory=list)


def _document(source: SourceText, part: Part) -> Document:
    found = _Found()
    _collect(outline(part.blocks), (), 0, part.title, found)
    document = Document(
        file=source.path,
        title=part.title,
        label=part.label,
        number=part.number,
        date=part.date,
        clauses=tuple(found.clauses),
        tables=tuple(found.tables),
        lists=tuple(found.lists),
        procedures=tuple(_procedures(found.clauses)),
    )
    return checks.with_issues(document)


def _collect(node: Node, path: tuple[str, ...], depth: int, title: str, found: _Found) -> str:
    """Add a unit and its children to what is found.

    Returns:
        The full text of the unit.
    """
    heading = _heading(node)
    own_path = (*path, heading) if heading else path
    names_table = bool(node.title) and node.label.startswith(_TABLE_UNITS)
    node_tables, marks = tables.extract(node.parts, own_path, node.title or title, names_table=names_table)
    text = paragraphs(marks)
    found.tables += node_tables
    found.lists += lists.place_lists(text, own_path, node.title)
    found.lists += lists.listed_in_tables(node_tables)
    at = len(found.clauses)
    children = [_collect(child, own_path, depth + 1, title, found) for child in node.children]
    full = "\n".join([*text, *filter(None, children)])
    if node.label or text:
        found.clauses.insert(at, _clause(node, depth, path, text, full))
    return full


def _heading(node: Node) -> str:
    glue = "：" if node.label.startswith("专栏") else "" if node.label[-1:] in "、）.—" else " "
    return f"{node.label}{glue}{node.title}" if node.title else node.label


def _clause(node: Node, depth: int, path: tuple[str, ...], text: list[str], full: str) -> Clause:
    return Clause(
        label=node.label,
        title=node.title,
        path=path,
        text="\n".join(text),
        full_text=full,
        start=node.start,
        end=node.end,
        depth=depth,
        departments=departments(text or [node.title]),
    )


def _procedures(clauses: list[Clause]) -> Iterator[Procedure]:
    for at, clause in enumerate(clauses):
        if not _ORDERED.search(clause.text):
            continue
        for sentence in sentences(clause.text):
            if steps := lists.procedure_steps(sentence):
                yield Procedure(steps, sentence, at)
