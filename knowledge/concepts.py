"""A question → the things it is about, each with the ways the documents may put it.

A concept is a word of the question, or a span that the lexicon knows. Its alternatives are what may
stand in a document instead: the word itself, the lexicon's terms, and for a span that stands nowhere
what sounds alike. Question words and fillers are no concepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from knowledge.lexicon import Lexicon
from knowledge.substrings import SoundIndex, SubstringIndex
from knowledge.text import Segmenter, normalise, squeeze, syllable_codes

EXACT, TERM, SOUND = 1.0, 0.9, 0.75
WORD_SOUND = 0.4  # a right word that merely sounds like one of the documents is a weak hint
Token = tuple[str, int, int]
_LATIN = re.compile(r"[a-z]{2,}")
_CLAUSE = re.compile(r"[，。？！,?!;；\n]+|\s{1,}")
_ASKING = frozenset("几哪谁吗呢啥甚咋怎么什多少吧么")
MAX_WINDOW = 4  # characters of a misspelt span


@dataclass(frozen=True, slots=True)
class Concept:
    """`alternatives` are (squeezed text, strength 0–1), strongest first."""

    surface: str
    alternatives: tuple[tuple[str, float], ...]
    start: int
    end: int
    focus: float = 1.0  # 1 where the question is put, less in the story around it


@cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Words without a subject, and weak words (both in knowledge/stopwords.txt, parted by `===`)."""
    text = resources.files("knowledge").joinpath("stopwords.txt").read_text("utf-8")
    stop, weak = text.split("===", 1)
    lines = (
        [x for x in part.splitlines() if not x.startswith("#")] for part in (stop, weak.split("\n", 1)[1])
    )
    first, second = (frozenset(word for line in part for word in line.split()) for part in lines)
    return first, second - first


def stopwords() -> frozenset[str]:
    """Words that say nothing about the subject of a question."""
    return _word_lists()[0]


def weak_words() -> frozenset[str]:
    """Words that say little about it, such as 工作, 情况, 农村牧区."""
    return _word_lists()[1]


class ConceptReader:
    """Reads concepts with the vocabulary of one library."""

    def __init__(self, segmenter: Segmenter, lexicon: Lexicon, texts: SubstringIndex) -> None:
        self._segmenter = segmenter
        self._lexicon = lexicon
        self._texts = texts
        self._sounds = SoundIndex(texts.texts)

    def read(self, question: str) -> tuple[Concept, ...]:
        """Concepts of a normalised question, by place; spans do not overlap except corrected ones."""
        spans = self._lexicon_spans(question)
        taken = [(c.start, c.end) for c in spans]
        words = [
            Concept(word, ((squeeze(word), EXACT),), start, end)
            for word, start, end in self._segmenter.tokens(question)
            if self._carries_meaning(word) and not any(a <= start and end <= b for a, b in taken)
        ]
        heard = list(self._misspelt(question, [*spans, *words]))
        covered = [(c.start, c.end) for c in heard]
        words = [w for w in words if not any(a <= w.start and w.end <= b for a, b in covered)]
        return tuple(sorted((*spans, *words, *heard), key=lambda c: c.start))

    def _carries_meaning(self, word: str) -> bool:
        return len(word) > 1 and word not in stopwords() and not word.isdecimal()

    def _lexicon_spans(self, question: str) -> list[Concept]:
        """Longest spans first; a span keeps the terms of every entry that matches it exactly."""
        found: dict[tuple[int, int], list[str]] = {}
        for expansion in self._lexicon.expansions(question):
            found.setdefault((expansion.start, expansion.end), []).append(expansion.term)
        chosen: list[Concept] = []
        for (start, end), terms in sorted(found.items(), key=lambda item: item[0][0] - item[0][1]):
            if any(start < c.end and c.start < end for c in chosen):
                continue
            surface = question[start:end]
            terms_squeezed = dict.fromkeys(squeeze(normalise(term)) for term in terms)
            alternatives = ((squeeze(surface), EXACT), *((t, TERM) for t in terms_squeezed))
            chosen.append(Concept(surface, alternatives, start, end))
        return chosen

    def _misspelt(self, question: str, known: Sequence[Concept]) -> Iterable[Concept]:
        """Spans around character pairs that stand nowhere, where something of the same sound does."""
        for found in _LATIN.finditer(question):
            heard = [t for code in syllable_codes(found[0]) for t in self._sounds.spelled(code)]
            if heard:
                yield _heard(question, found.start(), found.end(), heard, SOUND)
        tokens = self._segmenter.tokens(question)
        end = 0
        for start in range(len(question) - 1):
            pair = question[start : start + 2]
            if start < end or not _is_han(pair) or self._texts.knows(pair):
                continue
            if _inside_known(start, known, self._texts):
                continue
            if window := self._heard_window(question, start, tokens):
                end = window.end
                yield window

    def _heard_window(self, question: str, at: int, tokens: Sequence[Token]) -> Concept | None:
        """The longest span with the pair at `at` in it that sounds like something in the texts.

        Short spans must not cut or swallow words that are right as they are: chance is too likely.
        """
        for length in range(MAX_WINDOW, 1, -1):
            for start in range(max(0, at + 2 - length), at + 1):
                end = start + length
                window = question[start:end]
                if len(window) < length or not _is_han(window):
                    continue
                if length < MAX_WINDOW and self._cuts_words(start, end, tokens):
                    continue
                heard = self._sounds.alike(window)
                if length == 2:
                    heard = tuple(text for text in heard if self._segmenter.is_word(text))
                if heard:
                    strength = WORD_SOUND if (window, start, end) in tokens and length == 2 else SOUND
                    return _heard(question, start, end, heard, strength)
        return None

    def _cuts_words(self, start: int, end: int, tokens: Sequence[Token]) -> bool:
        inside = [(w, a, b) for w, a, b in tokens if a < end and start < b]
        if any(char in _ASKING for w, _, _ in inside for char in w):
            return True
        if any(a < start or end < b for _, a, b in inside):
            return True
        if len(inside) == 1:
            return False
        return any((len(w) > 1 and self._texts.knows(w[:2])) or w in stopwords() for w, _, _ in inside)


def _heard(question: str, start: int, end: int, heard: Iterable[str], strength: float) -> Concept:
    surface = question[start:end]
    alternatives = ((squeeze(surface), EXACT), *((text, strength) for text in heard))
    return Concept(surface, alternatives, start, end)


def _inside_known(start: int, known: Sequence[Concept], texts: SubstringIndex) -> bool:
    """Whether the pair lies in a word that the documents contain in some form."""
    return any(
        c.start <= start and start + 2 <= c.end and any(texts.containing(t) for t, _ in c.alternatives)
        for c in known
    )


def _is_han(text: str) -> bool:
    return all("\u4e00" <= char <= "\u9fff" for char in text)


def focused(
    question: str, concepts: Sequence[Concept], asks: re.Pattern[str], long: int
) -> tuple[Concept, ...]:
    """In a long story only the part that asks counts in full, its neighbours half, the rest less."""
    if len(question) <= long:
        return tuple(concepts)
    bounds = [0, *(m.end() for m in _CLAUSE.finditer(question)), len(question)]
    parts = [(a, b) for a, b in pairwise(bounds) if b > a]
    asking = [k for k, (a, b) in enumerate(parts) if asks.search(question[a:b])]
    if not asking:
        return tuple(concepts)
    result = []
    for concept in concepts:
        part = next(k for k, (a, b) in enumerate(parts) if a <= concept.start < b)
        distance = min(abs(part - k) for k in asking)
        focus = 1.0 if distance == 0 else 0.6 if distance == 1 else 0.35
        result.append(Concept(concept.surface, concept.alternatives, concept.start, concept.end, focus))
    return tuple(result)
