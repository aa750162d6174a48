"""From parsed documents to the units that are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Clause, Document
from knowledge.search.schema import Unit


def units_of(source: str, documents: Sequence[Document]) -> list[Unit]:
    """One unit for each article with all that stands under it, each other clause, and each table row.

    `clause_id` is `source#document.clause`, with the positions in `documents` and in its `clauses`;
    for a row `source#document.table.row`, with `t` before the position of the table.
    """
    return [*_clause_units(source, documents), *_row_units(source, documents)]


def _row_units(source: str, documents: Sequence[Document]) -> Iterator[Unit]:
    for number, document in enumerate(documents):
        for at, table in enumerate(document.tables):
            place = table.path[-1].split(" ")[0].split("：")[0] if table.path else ""
            for index, row in enumerate(table.rows, 1):
                yield Unit(
                    clause_id=f"{source}#{number}.t{at}.{index}",
                    source=source,
                    label=f"{place} 第{index}行".strip(),
                    title=document.title,
                    heading=" ".join((*table.path, table.title)),
                    text=" ".join(cell for cell in row.cells if cell),
                )


def _clause_units(source: str, documents: Sequence[Document]) -> list[Unit]:
    return [
        Unit(
            clause_id=f"{source}#{number}.{index}",
            source=source,
            label=clause.label,
            title=document.title,
            heading=" ".join((*clause.path, clause.title)),
            text=text,
        )
        for number, document in enumerate(documents)
        for index, clause, text in _searchable(document.clauses)
    ]


def _searchable(clauses: Sequence[Clause]) -> Iterator[tuple[int, Clause, str]]:
    """Articles are cited and looked for as a whole; the items (一)(二) under them are no units."""
    article_depth: int | None = None
    for index, clause in enumerate(clauses):
        if article_depth is not None and clause.depth > article_depth:
            continue
        is_article = clause.label.startswith("第") and "条" in clause.label
        article_depth = clause.depth if is_article else None
        text = clause.full_text if is_article else clause.text
        if text.strip():
            yield index, clause, text
