"""Which named things (rows of tables, clauses with a title, lists) a question speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.concepts import Concept, weak_words
from knowledge.question import Question
from knowledge.scoring import CoverageScorer, Scored
from knowledge.text import normalise, squeeze

SAME = 0.12  # scores closer than this to the best are not told apart
CARRIED = 0.4  # weight of what is carried over from the turn before
COVERAGE_SHARE, RECALL_SHARE = 0.55, 0.55


@dataclass(frozen=True, slots=True)
class Link:
    """`coverage`: part of the question's concepts in the name; `recall`: part of the name in the question."""

    number: int
    score: float
    coverage: float
    recall: float


class Linker:
    """Names may have several forms each (printed and corrected, with and without a group)."""

    def __init__(self, names: Sequence[Sequence[str]], is_word: Callable[[str], bool]) -> None:
        self._forms = [tuple(squeeze(normalise(form)) for form in forms if form) for forms in names]
        self._scorer = CoverageScorer([" ".join(forms) for forms in names], is_word=is_word)

    def link(self, question: Question, concepts: Sequence[Concept] | None = None) -> list[Link]:
        """Best first; `concepts` narrows what the coverage is taken of."""
        chosen = question.concepts if concepts is None else concepts
        heard = _heard(question)
        links = []
        found = self._scorer.score(self._scorer.weigh(chosen))
        for scored in of_its_own(found, chosen):
            recall = max(_recall(form, heard) for form in self._forms[scored.number])
            score = COVERAGE_SHARE * scored.coverage + RECALL_SHARE * recall
            links.append(Link(scored.number, min(score, 1.0), scored.coverage, recall))
        return sorted(links, key=lambda link: (-link.score, link.number))


def of_its_own(found: list[Scored], concepts: Sequence[Concept]) -> list[Scored]:
    """For a follow-up, what contains a concept of its own; all, where nothing does."""
    own = {k for k, concept in enumerate(concepts) if concept.focus > CARRIED}
    if len(own) == len(concepts):
        return found
    return [scored for scored in found if own.intersection(scored.matched)] or found


def _heard(question: Question) -> dict[str, float]:
    """Character pairs of the question and of all that its concepts may mean; carried ones count less."""
    at = len(question.text) if question.carried_from is None else question.carried_from
    texts = [(squeeze(question.text[at:]), CARRIED), (squeeze(question.text[:at]), 1.0)]
    for concept in question.concepts:
        weight = CARRIED if concept.start >= at else 1.0
        texts += [(text, weight) for text, _ in concept.alternatives]
    texts.sort(key=lambda item: item[1])  # so that the larger weight is written last
    return {text[k : k + 2]: weight for text, weight in texts for k in range(len(text) - 1)}


def _recall(form: str, heard: dict[str, float]) -> float:
    """Part of the name's character pairs that were heard; pairs of weak words count little."""
    pairs = [form[k : k + 2] for k in range(len(form) - 1)]
    weights = [0.3 if pair in weak_words() else 1.0 for pair in pairs]
    total = sum(weights)
    return (
        sum(w * heard.get(pair, 0.0) for pair, w in zip(pairs, weights, strict=True)) / total
        if total
        else 0.0
    )


def tied(links: Sequence[Link], margin: float = SAME) -> list[Link]:
    """The best link and those that cannot be told apart from it."""
    return [link for link in links if link.score >= links[0].score - margin] if links else []
