"""Which of many short texts contain a string: an inverted index over character pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from knowledge.text import normalise, squeeze, syllables

MIN_SHARED = 0.6  # part of a needle's character pairs that a text must contain to count as similar


class SubstringIndex:
    """Texts are compared squeezed: normalised, without punctuation and white space."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = tuple(squeeze(normalise(text)) for text in texts)
        self._pairs: dict[str, set[int]] = {}
        for number, text in enumerate(self.texts):
            for pair in {*(text[k : k + 2] for k in range(len(text) - 1)), *text}:
                self._pairs.setdefault(pair, set()).add(number)
        self.containing = lru_cache(maxsize=4096)(self._containing)
        self.similar = lru_cache(maxsize=2048)(self._similar)

    def __len__(self) -> int:
        return len(self.texts)

    def _containing(self, needle: str) -> frozenset[int]:
        """The numbers of the texts in which the (squeezed) needle stands."""
        if len(needle) <= 2:
            return frozenset(self._pairs.get(needle, ()))
        sets = [self._pairs.get(needle[k : k + 2]) for k in range(len(needle) - 1)]
        if any(s is None for s in sets):
            return frozenset()
        smallest = sorted((s for s in sets if s is not None), key=len)
        candidates = set(smallest[0]).intersection(*smallest[1:])
        return frozenset(n for n in candidates if needle in self.texts[n])

    def _similar(self, needle: str) -> dict[int, float]:
        """Texts that share at least MIN_SHARED of the needle's character pairs, with that share."""
        pairs = [needle[k : k + 2] for k in range(len(needle) - 1)]
        counts = Counter(n for pair in pairs for n in self._pairs.get(pair, ()))
        return {n: count / len(pairs) for n, count in counts.items() if count >= MIN_SHARED * len(pairs)}

    def knows(self, pair: str) -> bool:
        """Whether a character or a pair of characters stands anywhere."""
        return pair in self._pairs


class SoundIndex:
    """Finds what stands in the texts and sounds like a misspelt string."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)
        self._sounds = syllables(self._text)
        self._pairs = {self._sounds[k : k + 2] for k in range(len(self._sounds) - 1)}

    def alike(self, needle: str) -> tuple[str, ...]:
        """Distinct strings of the texts with the same toneless pinyin; most frequent first."""
        return self.spelled(syllables(needle))

    def spelled(self, code: str) -> tuple[str, ...]:
        """The same for syllables, one private-use character each (see text.syllables)."""
        if any(code[k : k + 2] not in self._pairs for k in range(len(code) - 1)):
            return ()
        found: Counter[str] = Counter()
        at = self._sounds.find(code) if code else -1
        while at >= 0:
            found[self._text[at : at + len(code)]] += 1
            at = self._sounds.find(code, at + 1)
        return tuple(text for text, _ in found.most_common(3))
