"""From a question to a weighted tantivy query.

The weights were measured on 515 lay questions against 64,665 articles; `python -m bench search`
repeats it. Finer settings of any of them changed MRR@10 by less than 0.005, which is noise.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import tantivy

from knowledge.errors import EmptyQueryError
from knowledge.search.everyday import formal_terms
from knowledge.text import Segmenter, normalise, squeeze, syllables

LONGEST_QUERY = 300
"""Characters of a question that are searched."""

MOST_TERMS = 120
"""Of more, the most telling are kept; a question of 25 characters makes about 110."""

WORDS, BIGRAMS, CHARACTERS, HEADING = 1.0, 1.0, 0.5, 0.2
SOUND, SOUND_OF_UNSEEN = 0.1, 1.0
"""A bigram that stands nowhere is probably misspelled: then its sound counts as much as it would."""

EVERYDAY = 0.3

COMMON_SHARE, COMMON_UNITS = 0.2, 5_000
"""A term in more units than both is skipped: it costs most of the time and tells nothing."""

Term = tuple[str, str]
Weights = dict[Term, float]


class QueryBuilder:
    def __init__(self, schema: tantivy.Schema, segmenter: Segmenter) -> None:
        self._schema = schema
        self._segmenter = segmenter
        self._cut_term = lru_cache(maxsize=10_000)(segmenter.cut)

    def build(
        self,
        question: str,
        expansions: Sequence[tuple[str, float]],
        sources: Collection[str] | None,
        searcher: tantivy.Searcher,
    ) -> tantivy.Query:
        """Raises EmptyQueryError: nothing searchable is left after normalisation."""
        text = normalise(question[: 2 * LONGEST_QUERY])[:LONGEST_QUERY]
        squeezed = squeeze(text)
        if not squeezed:
            raise EmptyQueryError(f"nothing searchable in {question[:40]!r}; ask with words")
        weights = self._question_weights(text, squeezed, searcher)
        everyday = [(term, EVERYDAY) for term in formal_terms(squeezed)]
        for term, weight in (*expansions, *everyday):
            for key in self._expansion_terms(term):
                weights[key] = max(weights.get(key, 0.0), weight)
        return self._within(sources, self._any_of(_telling(weights, searcher)))

    def _question_weights(self, text: str, squeezed: str, searcher: tantivy.Searcher) -> Weights:
        weights: Weights = {}
        for term, weight in self._question_terms(text, squeezed, searcher):
            weights[term] = weights.get(term, 0.0) + weight
        return weights

    def _question_terms(
        self, text: str, squeezed: str, searcher: tantivy.Searcher
    ) -> Iterator[tuple[Term, float]]:
        for word in self._segmenter.cut(text):
            yield ("words", word), WORDS
        for character in squeezed:
            yield ("characters", character), CHARACTERS
        for bigram, sound in zip(_bigrams(squeezed), _bigrams(syllables(squeezed)), strict=True):
            yield ("bigrams", bigram), BIGRAMS
            yield ("heading", bigram), HEADING
            seen = searcher.doc_freq("bigrams", bigram)
            yield ("pinyin", sound), SOUND if seen else SOUND_OF_UNSEEN

    def _expansion_terms(self, term: str) -> Iterator[Term]:
        text = normalise(term[:LONGEST_QUERY])
        yield from (("words", word) for word in self._cut_term(text))
        yield from (("bigrams", bigram) for bigram in _bigrams(squeeze(text)))

    def _any_of(self, weights: Weights) -> tantivy.Query:
        """One flat union of plain terms: that is what tantivy prunes with block-max WAND."""
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, field, term, "freq"), weight
                    ),
                )
                for (field, term), weight in weights.items()
            ]
        )

    def _within(self, sources: Collection[str] | None, query: tantivy.Query) -> tantivy.Query:
        if sources is None:
            return query
        chosen = tantivy.Query.term_set_query(self._schema, "source", list(sources))
        unscored = tantivy.Query.const_score_query(chosen, 0.0)
        return query.and_must_match(unscored)


def _telling(weights: Weights, searcher: tantivy.Searcher) -> Weights:
    """Drop terms that stand nowhere or nearly everywhere, and keep the most telling of many."""
    units = searcher.num_docs
    common = max(COMMON_UNITS, COMMON_SHARE * units)
    known = {term: df for term in weights if (df := searcher.doc_freq(*term))}
    rare = {term: df for term, df in known.items() if df <= common} or known
    by_gain = sorted(rare, key=lambda t: -weights[t] * math.log1p(units / rare[t]))
    return {term: weights[term] for term in by_gain[:MOST_TERMS]}


def _bigrams(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]
