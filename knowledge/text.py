"""Text as search and matching see it: normalised, cut into words, spelled out in pinyin.

    normalise("“村规民约”　归谁考核？")          '"村规民约" 归谁考核?'
    normalise_with_offsets(text)               (normalised, offset of each of its characters)
    squeeze(normalised)                        letters, digits and Han only: '村规民约归谁考核'
    Segmenter(cache_dir, words).cut(text)      cut_for_search words, punctuation dropped
    syllables(text)                            one private-use character per toneless syllable
    pinyin(text)                               ['cun', 'gui', …]; None for what has no reading

Nothing here raises for any string, and nothing is loaded before it is used.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import marshal
import os
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba

# --- normalisation --------------------------------------------------------------------------

_LOOKALIKES = {
    '"': "“”„‟«»「」『』〝〞〟",
    "'": "‘’‚‛′`´",
    "-": "‐‑‒–—―−─━⸺⸻",
    "~": "〜∼",
    "·": "•‧・∙⋅",
    "[": "〔【〖",
    "]": "〕】〗",
}
# Radicals that PDF text layers put in place of the character; NFKC leaves these alone.
_RADICALS = dict(
    zip(
        "⺟⺠⺝⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民月虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}


class _CharacterMap(dict[int, str]):
    """Fills itself as characters turn up, so that str.translate runs at the speed of C.

    Mapping each character by itself makes the result idempotent and keeps offsets exact; the price
    is that a letter followed by a combining accent stays two characters.
    """

    def __missing__(self, code: int) -> str:
        mapped = _normal_form(chr(code))
        self[code] = mapped
        return mapped


def _normal_form(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _DROPPED_CATEGORIES:
        return ""
    folded = _SUBSTITUTES.get(character) or unicodedata.normalize("NFKC", character).lower()
    if folded == character:
        return character
    return "".join(map(_normal_form, folded))


_SUBSTITUTES = _RADICALS | {other: one for one, others in _LOOKALIKES.items() for other in others}
_CHARACTERS = _CharacterMap()
# What maps to itself anyway is skipped by the regular expression: five times as fast.
_UNUSUAL = re.compile("[^0-9a-z\u4e00-\u9fff]+")


def normalise(text: str) -> str:
    """Fold width, case, quotes, dashes and brackets; drop control and private-use characters.

    White space becomes single-character spaces, one for one. Idempotent.
    """
    return _UNUSUAL.sub(lambda match: match[0].translate(_CHARACTERS), text)


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """Normalise, and tell for each resulting character the offset in `text` that it comes from."""
    offsets: list[int] = []
    for position, character in enumerate(text):
        offsets.extend([position] * len(_CHARACTERS[ord(character)]))
    return normalise(text), offsets


_NOT_WORD = re.compile(r"[\W_]+")


def squeeze(normalised: str) -> str:
    """Keep letters, digits and Han characters only; for comparing, and for n-grams."""
    return _NOT_WORD.sub("", normalised)


# --- pinyin ---------------------------------------------------------------------------------

_FIRST_SYLLABLE = 0xE000  # the private use area; normalise() lets nothing else of it through


@cache
def _readings() -> tuple[str, ...]:
    return tuple(line.split("\t")[0] for line in _pinyin_lines())


@cache
def _syllable_of() -> dict[int, str]:
    lines = enumerate(_pinyin_lines(), _FIRST_SYLLABLE)
    return {ord(c): chr(code) for code, line in lines for c in line.split("\t")[1]}


def _pinyin_lines() -> list[str]:
    """`syllable TAB characters`, shipped: making it from pypinyin takes 0.5 s at every start."""
    return resources.files(__package__).joinpath("pinyin.tsv").read_text("utf-8").splitlines()


def syllables(text: str) -> str:
    """Replace each Han character by one private-use character that stands for its syllable.

    Tones are left out and every character has its most frequent reading, so homophones become
    equal and an ordinary n-gram tokeniser makes pinyin n-grams.
    """
    return text.translate(_syllable_of())


def pinyin(text: str) -> list[str | None]:
    """Toneless reading of each character, `lü` written `lv`; None for what is not Han."""
    readings, codes = _readings(), syllables(text)
    last = _FIRST_SYLLABLE + len(readings)
    return [readings[ord(c) - _FIRST_SYLLABLE] if _FIRST_SYLLABLE <= ord(c) < last else None for c in codes]


def syllable_codes(letters: str) -> list[str]:
    """What typed pinyin may spell, as `syllables` writes it: `lvhua` → one string; [] if it is none."""
    ways: list[list[str]] = [[""], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_READING), end):
            code = _code_of().get(letters[start:end])
            if code:
                ways[end] += [way + code for way in ways[start]][:_MOST_WAYS]
    return [way for way in ways[-1] if len(way) > 1]


_LONGEST_READING, _MOST_WAYS = 6, 8


@cache
def _code_of() -> dict[str, str]:
    codes = {reading: chr(code) for code, reading in enumerate(_readings(), _FIRST_SYLLABLE)}
    return codes | {r.replace("v", "u"): c for r, c in codes.items() if r.replace("v", "u") not in codes}


# --- words ----------------------------------------------------------------------------------


class Segmenter:
    """jieba with the domain's own words, in an instance and a cache of its own.

    The dictionary is kept in `cache_dir` under a name that depends on jieba's version and on the
    words; loading it takes about 0.2 s, building it about 2 s. Safe to share between threads.
    """

    def __init__(self, cache_dir: Path, words: Iterable[str] = ()) -> None:
        self._cache_dir = cache_dir
        self._words = sorted({w for w in map(normalise, words) if len(squeeze(w)) > 1})
        self._lock = threading.Lock()
        self._tokenizer: jieba.Tokenizer | None = None
        digest = hashlib.sha256("\n".join(self._words).encode())
        self.fingerprint = f"jieba-{importlib.metadata.version('jieba')}-{digest.hexdigest()[:16]}"
        """Changes whenever the same text could be cut differently."""

    def load(self) -> None:
        """Load or build the dictionary now; otherwise the first `cut` does it."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = self._loaded()

    @property
    def tokenizer(self) -> jieba.Tokenizer:
        """jieba itself, loaded."""
        if self._tokenizer is None:
            self.load()
        assert self._tokenizer is not None
        return self._tokenizer

    def cut(self, text: str) -> list[str]:
        """Words and the shorter words inside them, of normalised text, in reading order."""
        return [w for w in self.tokenizer.cut_for_search(text) if w.isalnum() or squeeze(w)]

    def tokens(self, text: str) -> list[tuple[str, int, int]]:
        """Words of normalised text that do not overlap, each with where it starts and ends."""
        if self._tokenizer is None:
            self.load()
        assert self._tokenizer is not None
        return [(w, a, b) for w, a, b in self._tokenizer.tokenize(text) if w.isalnum()]

    def is_word(self, text: str) -> bool:
        """Whether the dictionary has it; letters and digits count as words."""
        if self._tokenizer is None:
            self.load()
        assert self._tokenizer is not None
        return text.isascii() or bool(self._tokenizer.FREQ.get(text))

    def _loaded(self) -> jieba.Tokenizer:
        import jieba

        tokenizer = jieba.Tokenizer()
        path = self._cache_dir / f"{self.fingerprint}.dictionary"
        try:
            # Not jieba's own marshal.load(file): that reads a few bytes at a time, 7 times slower.
            tokenizer.FREQ, tokenizer.total = marshal.loads(path.read_bytes())
        except (OSError, ValueError, EOFError, TypeError):
            self._build(tokenizer)
            self._save(path, tokenizer)
        tokenizer.initialized = True
        return tokenizer

    def _build(self, tokenizer: jieba.Tokenizer) -> None:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True  # or add_word would load jieba's cache from the temp folder
        for word in self._words:
            tokenizer.add_word(word)

    def _save(self, path: Path, tokenizer: jieba.Tokenizer) -> None:
        """A cache that cannot be written costs time, not answers: then do without."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(marshal.dumps((tokenizer.FREQ, tokenizer.total)))
            os.replace(file.name, path)
        except OSError:
            return
