"""The sentences of a library, ranked for a question, and the part of one that answers it in a line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.deciding import MAX_LEAD
from knowledge.expressions import has_expression
from knowledge.linking import CARRIED, of_its_own
from knowledge.model import Clause, Document
from knowledge.parsing.lists import departments_quote
from knowledge.question import Question
from knowledge.scoring import IN_CONTEXT, CoverageScorer, Scored, Weighted
from knowledge.sentences import sentences
from knowledge.text import squeeze
from knowledge.wants import LONG_QUESTION, Wants

OTHER_LEVEL = 0.88  # factor for documents of another level than the question speaks of
OTHER_DOCUMENT = 0.6  # factor for documents other than the one that the question names
WRONG_KIND = 0.75  # factor when the wanted kind of expression is missing
BACKGROUND = 0.93  # factor for chapters that tell history, not rules
COVER_NOTE = 0.75  # factor for a notice that only hands on its annexes
COVERAGE_SHARE, PAIR_SHARE = 0.8, 0.8  # of concepts, and of shared character pairs
UNSEEN_PAIR = 1.5  # weight of a character pair that stands nowhere, on the scale of rarity
YEAR_BONUS, NUMBER_BONUS = 0.08, 0.05
LONG_SENTENCE = 160  # characters; longer ones match more by chance
HARD_KINDS = frozenset(
    {
        Wants.MONEY,
        Wants.AMOUNT,
        Wants.PERCENT,
        Wants.COUNT,
        Wants.DURATION,
        Wants.DAYS,
        Wants.FREQUENCY,
        Wants.DAY,
        Wants.DATE,
        Wants.AGE,
        Wants.AREA,
        Wants.OFFICE,
        Wants.CONTACT,
    }
)
IN_STORY = 0.8  # what a concept of a long story counts that stands elsewhere in the clause
FROM_CLAUSE = 0.15  # part of the score of the best other sentence of the same clause
MOST_SCORED, MOST_RANKED = 45, 30
_POINTER = re.compile(r"附[件表录][^。，；]{0,60}$")  # `附表：…考核指标` at the end of an article
_BACKGROUND = re.compile("背景|成效|机遇和挑战|经验")
_RUN_IN = re.compile(r"^[^，。；：]{1,40}。$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence and where it stands; `document` and `clause` are numbers in the library."""

    document: int
    clause: int
    text: str
    factor: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score (0 to about 1.3) and its bare coverage of the question (0–1)."""

    passage: Passage
    score: float
    coverage: float


class PassageRanker:
    """All sentences of a (small) library in memory."""

    def __init__(self, documents: Sequence[Document], is_word: Callable[[str], bool]) -> None:
        self.documents = documents
        carriers = {d.file for d in documents if sum(other.file == d.file for other in documents) > 1}
        notes = [d.title.endswith(("的通知", "的函")) and d.file in carriers for d in documents]
        self.passages = [p for k, d in enumerate(documents) for p in _passages(k, d, notes[k])]
        self._last: tuple[Question, tuple[list[Ranked], list[Weighted]]] | None = None
        contexts = [_context(documents[p.document], p) for p in self.passages]
        self.scorer = CoverageScorer([p.text for p in self.passages], contexts, is_word)

    def rank(self, question: Question) -> tuple[list[Ranked], list[Weighted]]:
        """Passages for a question, best first, and the weighed concepts they were ranked by.

        Several kinds of answer ask for the same question, so the last result is kept.
        """
        last = self._last
        if last is None or last[0] is not question:
            last = self._last = (question, self._ranked(question))
        return last[1]

    def _ranked(self, question: Question) -> tuple[list[Ranked], list[Weighted]]:
        weighted = self.scorer.weigh(question.concepts)
        pairs = self._weighed_pairs(question)
        in_context = IN_STORY if len(question.text) > LONG_QUESTION else IN_CONTEXT
        scored = self.scorer.score(weighted, in_context)
        if question.carried_from is not None:
            scored = of_its_own(scored, question.concepts)
        best = [self._rank(question, item, pairs) for item in scored[:MOST_SCORED]]
        best = _with_clause(best)
        best.sort(key=lambda r: (-r.score, r.passage.document, r.passage.clause))
        return best[:MOST_RANKED], weighted

    def _rank(self, question: Question, scored: Scored, pairs: dict[str, float]) -> Ranked:
        passage = self.passages[scored.number]
        text = self.scorer.index.texts[scored.number]
        score = COVERAGE_SHARE * scored.coverage + PAIR_SHARE * _shared(pairs, text)
        score /= 1 + max(0, len(text) - LONG_SENTENCE) / 900
        if question.documents and passage.document not in question.documents:
            score *= OTHER_DOCUMENT
        elif question.preferred and passage.document not in question.preferred:
            score *= OTHER_LEVEL
        if not has_expression(passage.text, question.wants):
            score *= WRONG_KIND if question.wants in HARD_KINDS else 0.95
        score += sum(YEAR_BONUS for year in question.years if str(year) in text)
        score += sum(NUMBER_BONUS for number in question.numbers if number in text)
        return Ranked(passage, score * passage.factor, scored.coverage)

    def _weighed_pairs(self, question: Question) -> dict[str, float]:
        """Character pairs of the question, rare ones heavier; the weights add up to 1."""
        squeezed = squeeze(question.text)
        own = (
            len(squeezed)
            if question.carried_from is None
            else len(squeeze(question.text[: question.carried_from]))
        )
        weights: dict[str, float] = {}
        for at in range(len(squeezed) - 1):
            pair = squeezed[at : at + 2]
            frequency = len(self.scorer.index.containing(pair))
            rarity = math.log(1 + len(self.scorer.index) / (1 + frequency)) if frequency else UNSEEN_PAIR
            weights[pair] = rarity * (1 if at < own else CARRIED)
        total = sum(weights.values())
        return {pair: weight / total for pair, weight in weights.items()} if total else {}

    def siblings(self, passage: Passage) -> list[str]:
        """All sentences of the passage's clause."""
        return [p.text for p in self.passages if (p.document, p.clause) == (passage.document, passage.clause)]

    def clause(self, passage: Passage) -> Clause:
        return self.documents[passage.document].clauses[passage.clause]


def _with_clause(ranked: list[Ranked]) -> list[Ranked]:
    """A sentence whose clause has another one that fits gains a part of the other's score."""
    scores: dict[tuple[int, int], list[float]] = {}
    for hit in ranked:
        scores.setdefault((hit.passage.document, hit.passage.clause), []).append(hit.score)
    for values in scores.values():
        values.sort(reverse=True)
    result = []
    for hit in ranked:
        best, *others = scores[hit.passage.document, hit.passage.clause]
        other = best if hit.score < best else others[0] if others else 0.0
        result.append(Ranked(hit.passage, hit.score + FROM_CLAUSE * other, hit.coverage))
    return result


def _passages(number: int, document: Document, cover_note: bool) -> list[Passage]:
    found = []
    for at, clause in enumerate(document.clauses):
        background = bool(_BACKGROUND.search(" ".join((*clause.path, clause.heading))))
        factor = COVER_NOTE if cover_note else BACKGROUND if background else 1.0
        pieces = sentences(clause.text)
        if len(pieces) > 1 and _RUN_IN.match(pieces[0]) and clause.title and clause.title in pieces[0]:
            pieces = [pieces[0] + pieces[1], *pieces[2:]]  # a run-in heading is no sentence of its own
        pieces = _rejoined(pieces)
        pieces = [text for text in pieces if not _POINTER.match(text)]
        pieces = [
            text
            for text in pieces
            if not departments_quote(text) or len(text) > len(departments_quote(text)) + 2
        ]
        found += [Passage(number, at, text, factor) for text in pieces]
    return found


def _rejoined(pieces: list[str]) -> list[str]:
    """Short halves of a sentence (`3个…；31个…。`) are read together."""
    result: list[str] = []
    for text in pieces:
        if result and result[-1].endswith(("；", ";")) and len(result[-1]) + len(text) <= MAX_LEAD:
            result[-1] += text
        else:
            result.append(text)
    return result


def _context(document: Document, passage: Passage) -> str:
    clause = document.clauses[passage.clause]
    return " ".join((document.title, *document.short_names, *clause.path, clause.heading, clause.text))


def _shared(pairs: dict[str, float], text: str) -> float:
    """Part of the weight of the question's character pairs that stand in the text."""
    return sum(weight for pair, weight in pairs.items() if pair in text)
