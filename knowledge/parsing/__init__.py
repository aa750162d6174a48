"""Files → documents: outline, tables, lists of places, procedures, and what is inconsistent in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.model import Clause, Document, PlaceList, Procedure, SourceText, Table
from knowledge.parsing import checks, documents, lists, tables
from knowledge.parsing.documents import Part
from knowledge.parsing.outline import Node, outline, paragraphs
from knowledge.sentences import sentences

__all__ = ["parse"]


def parse(source: SourceText) -> tuple[Document, ...]:
    """All documents of a file, each with clauses, tables, lists, procedures and issues."""
    return tuple(_document(source, part) for part in documents.split(source))


def _document(source: SourceText, part: Part) -> Document:
    root = outline(part.blocks)
    clauses: list[Clause] = []
    found_tables: list[Table] = []
    found_lists: list[PlaceList] = []
    for depth, path, node in _walk(root, ()):
        heading = _heading(node)
        own_path = (*path, heading) if heading else path
        found_tables += tables.tables_of(node, own_path, node.title or part.title)
        text = paragraphs(tables.split_parts(node.parts)[1])
        found_lists += lists.place_lists(text, own_path)
        clause = _clause(node, depth, path, text)
        if clause.label or clause.full_text:
            clauses.append(clause)
    document = Document(
        file=source.path,
        title=part.title,
        label=part.label,
        number=part.number,
        date=part.date,
        clauses=tuple(clauses),
        tables=tuple(found_tables),
        lists=tuple(found_lists),
        procedures=tuple(_procedures(clauses)),
    )
    return checks.with_issues(document)


def _walk(node: Node, path: tuple[str, ...], depth: int = 0) -> Iterator[tuple[int, tuple[str, ...], Node]]:
    yield depth, path, node
    heading = _heading(node)
    for child in node.children:
        yield from _walk(child, (*path, heading) if heading else path, depth + 1)


def _heading(node: Node) -> str:
    glue = "：" if node.label.startswith("专栏") else "" if node.label[-1:] in "、）.—" else " "
    return f"{node.label}{glue}{node.title}" if node.title else node.label


def _clause(node: Node, depth: int, path: tuple[str, ...], text: list[str]) -> Clause:
    full = "\n".join([*text, *(line for child in node.children for line in _full_text(child))])
    return Clause(
        label=node.label,
        title=node.title,
        path=path,
        text="\n".join(text),
        full_text=full,
        start=node.start,
        end=node.end,
        depth=depth,
        departments=lists.departments(text[-1]) if text else (),
    )


def _full_text(node: Node) -> Iterator[str]:
    yield from paragraphs(tables.split_parts(node.parts)[1])
    for child in node.children:
        yield from _full_text(child)


def _procedures(clauses: list[Clause]) -> Iterator[Procedure]:
    for at, clause in enumerate(clauses):
        if not re.search("程序|步骤|流程", clause.text):
            continue
        for sentence in sentences(clause.text):
            if steps := lists.procedure_steps(sentence):
                yield Procedure(steps, sentence, at)
