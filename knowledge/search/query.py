"""From a question to a weighted tantivy query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import tantivy

from knowledge.errors import EmptyQueryError
from knowledge.text import Segmenter, normalise, squeeze, syllables

LONGEST_QUERY = 200
"""Characters of a question that are searched; more adds noise and time."""

FIELD_WEIGHTS = {"words": 1.0, "bigrams": 1.0, "characters": 0.5, "pinyin": 0.1}


class QueryBuilder:
    def __init__(self, schema: tantivy.Schema, segmenter: Segmenter) -> None:
        self._schema = schema
        self._segmenter = segmenter

    def build(
        self,
        question: str,
        expansions: Sequence[tuple[str, float]],
        sources: Collection[str] | None,
    ) -> tantivy.Query:
        text = normalise(question[: 4 * LONGEST_QUERY])[:LONGEST_QUERY]
        if not squeeze(text):
            raise EmptyQueryError(f"nothing searchable in {question[:40]!r}; ask with words")
        parts = [self._scored(text, 1.0)]
        parts += [self._scored(normalise(term), weight) for term, weight in expansions]
        scored = _any(parts)
        if sources is None:
            return scored
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, scored),
                (tantivy.Occur.Must, self._from_sources(sources)),
            ]
        )

    def _scored(self, text: str, weight: float) -> tantivy.Query:
        squeezed = squeeze(text)
        terms = {
            "words": self._segmenter.cut(text),
            "bigrams": _bigrams(squeezed),
            "characters": list(squeezed),
            "pinyin": _bigrams(syllables(squeezed)),
        }
        return _any(
            self._term(field, term, weight * FIELD_WEIGHTS[field])
            for field, found in terms.items()
            for term in found
        )

    def _term(self, field: str, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return tantivy.Query.boost_query(query, weight)

    def _from_sources(self, sources: Collection[str]) -> tantivy.Query:
        matching = tantivy.Query.term_set_query(self._schema, "source", list(sources))
        return tantivy.Query.const_score_query(matching, 0.0)


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries])


def _bigrams(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]
