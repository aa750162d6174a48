"""How well each of many short texts covers what a question is about.

A concept weighs by its rarity among the texts. The coverage of a text is the weight of the concepts
that it contains, each times the strength of the best alternative found, over the weight of all; a
concept that stands only in the text's context (its heading, its clause) counts in part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.concepts import Concept, weak_words
from knowledge.substrings import SubstringIndex

WEAK = 0.3
IN_CONTEXT = 0.45
UNKNOWN = 0.75  # weight of a real word that stands nowhere in the library, on the scale of idf
GARBLED = 0.3  # weight of a letter sequence that is no word at all
MIN_SIMILAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """`coverage` 0–1; `matched` the numbers of the concepts that stand in the text itself."""

    number: int
    coverage: float
    matched: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A concept with its weight and where it is found, by text number."""

    concept: Concept
    weight: float
    found: dict[int, float]
    context: dict[int, float]


class CoverageScorer:
    """Scores texts (sentences, names of rows) for concepts; `contexts` run parallel to `texts`."""

    def __init__(
        self,
        texts: Sequence[str],
        contexts: Sequence[str] = (),
        is_word: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.index = SubstringIndex(texts)
        self.contexts = SubstringIndex(contexts) if contexts else None
        self._is_word = is_word

    def weigh(self, concepts: Sequence[Concept]) -> list[Weighted]:
        """Find every concept and give it its weight."""
        return [self._weigh(concept) for concept in concepts]

    def _weigh(self, concept: Concept) -> Weighted:
        found = self._find(self.index, concept)
        context = self._find(self.contexts, concept) if self.contexts else {}
        frequency = len(found) or len(context)
        if frequency:
            weight = math.log(1 + len(self.index) / frequency) / math.log(1 + len(self.index))
        else:
            weight = UNKNOWN if self._is_word(concept.surface) else GARBLED
        if concept.surface in weak_words():
            weight *= WEAK
        return Weighted(concept, weight * concept.focus, found, context)

    def _find(self, index: SubstringIndex, concept: Concept) -> dict[int, float]:
        best: dict[int, float] = {}
        for text, strength in concept.alternatives:
            for number in index.containing(text):
                if best.get(number, 0) < strength:
                    best[number] = strength
        if not best:
            for text, strength in concept.alternatives:
                if len(text) >= MIN_SIMILAR_LENGTH:
                    for number, share in index.similar(text).items():
                        best[number] = max(best.get(number, 0), strength * share * 0.8)
        return best

    def score(self, weighted: Sequence[Weighted], in_context: float = IN_CONTEXT) -> list[Scored]:
        """All texts that contain any concept, best first; `in_context` is what a concept counts there."""
        total = sum(w.weight for w in weighted)
        if not total:
            return []
        sums: dict[int, float] = {}
        matched: dict[int, list[int]] = {}
        for k, w in enumerate(weighted):
            for number, strength in w.found.items():
                sums[number] = sums.get(number, 0.0) + w.weight * strength
                matched.setdefault(number, []).append(k)
        for w in weighted:
            for number, strength in w.context.items():
                if number in sums and number not in w.found:
                    sums[number] += w.weight * strength * in_context
        scored = [Scored(n, value / total, tuple(matched[n])) for n, value in sums.items()]
        return sorted(scored, key=lambda s: (-s.coverage, s.number))
