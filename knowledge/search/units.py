"""From parsed documents to the units that are searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Clause, Document
from knowledge.search.schema import Unit


def units_of(source: str, documents: Sequence[Document]) -> list[Unit]:
    """One unit for each article with all that stands under it, and for each other clause.

    `clause_id` is `source#document.clause`, with the positions in `documents` and in its `clauses`.
    """
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
