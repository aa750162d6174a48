"""How Chinese characters sound, and how far apart two of them are when one is typed for another.

Every reading of a character counts, without tone: in a village name 折 is shé, in a dictionary zhé.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from knowledge import text

SAME_SYLLABLE = 0.12
NEAR_SYLLABLE = 0.2  # zh/z, n/l, -n/-ng: one sound for many speakers of the region
LOOSE_SYLLABLE = 0.5  # f/h, b/p, o/u …: heard for each other when Mongolian is written down
UNRELATED = 1.0
GAP = 0.8
SWAP = 0.5

_LATIN = re.compile("[a-z]")
# Not a list of the 410 syllables: initial and final are checked, not whether the pair exists.
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|van"
    r"|[aeiuv]n(?![aeiouv])|ai|ei|ao|ou|ia|ie|iu|ua|uo|ui|ue|ve|er(?![aeiou])|[aoeiuv])"
)
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_LOOSE_INITIALS = str.maketrans("ptkfqr", "bdghjl")


@cache
def _more_readings() -> dict[str, tuple[str, ...]]:
    """Readings beside the usual one: `syllable TAB characters`, from pypinyin's dictionary."""
    lines = resources.files(__package__).joinpath("more_readings.tsv").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in lines.splitlines():
        syllable, characters = line.split("\t")
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


@lru_cache(maxsize=16384)
def syllables(unit: str) -> frozenset[str]:
    """All toneless readings of a character; a typed syllable or any other sign reads as itself."""
    if len(unit) > 1 or unit.isascii():
        return frozenset((unit,))
    (usual,) = text.pinyin(unit)
    return frozenset((usual or unit, *_more_readings().get(unit, ())))


@cache
def fold(syllable: str) -> str:
    """The syllable with the pairs made equal that the region does not keep apart."""
    for initial, plain in _INITIALS:
        if syllable.startswith(initial) and syllable != initial:
            syllable = plain + syllable[len(initial) :]
            break
    return syllable.replace("v", "u").replace("ng", "n")


@cache
def _loosen(folded: str) -> str:
    head = folded[:1].translate(_LOOSE_INITIALS)
    return head + folded[1:].replace("o", "u").replace("uu", "u")


@lru_cache(maxsize=16384)
def folded(unit: str) -> frozenset[str]:
    """All folded readings of a unit."""
    return frozenset(fold(s) for s in syllables(unit))


class _SoundCodes(dict[int, str]):
    """Character to a stand-in for its folded usual sound; fills itself for str.translate."""

    def __init__(self) -> None:
        super().__init__({ord("\n"): "\n"})
        self._stand_ins: dict[str, str] = {}

    def __missing__(self, code: int) -> str:
        (usual,) = text.pinyin(chr(code))
        self[code] = self.stand_in(usual or chr(code))
        return self[code]

    def stand_in(self, syllable: str) -> str:
        return self._stand_ins.setdefault(fold(syllable), chr(0xE000 + len(self._stand_ins)))


_SOUND_CODES = _SoundCodes()


def sound_string(written: str) -> str:
    """The text with units of one sound made equal, so that rapidfuzz can compare by ear.

    A character stands with its usual reading only; line breaks stay.
    """
    if _LATIN.search(written):
        return "".join(
            unit.translate(_SOUND_CODES) if len(unit) == 1 else _SOUND_CODES.stand_in(unit)
            for unit in units(written)
        )
    return written.translate(_SOUND_CODES)


@lru_cache(maxsize=65536)
def unit_cost(a: str, b: str) -> float:
    """0 for the same unit, 1 for unrelated ones, in between by the nearest pair of readings."""
    if a == b:
        return 0.0
    if syllables(a) & syllables(b):
        return SAME_SYLLABLE
    near_a, near_b = folded(a), folded(b)
    if near_a & near_b:
        return NEAR_SYLLABLE
    if {_loosen(s) for s in near_a} & {_loosen(s) for s in near_b}:
        return LOOSE_SYLLABLE
    return UNRELATED


def units(written: str) -> tuple[str, ...]:
    """One unit a character; a run of Latin letters is cut into pinyin syllables where it can be."""
    if not _LATIN.search(written):
        return tuple(written)
    found: list[str] = []
    at = 0
    while at < len(written):
        match = _SYLLABLE.match(written, at)
        size = match.end() - at if match and match.end() > at else 1
        found.append(written[at : at + size])
        at += size
    return tuple(found)


def edit_cost(a: tuple[str, ...], b: tuple[str, ...], *, inside: bool = False) -> float:
    """The cheapest way from one name to the other: replace by sound, add, drop, swap neighbours.

    With `inside` it costs nothing to leave out the beginning and the end of `b`.
    """
    if not inside:
        a, b = _without_common_ends(a, b)
    before: list[float] = []
    above = [0.0 if inside else GAP * j for j in range(len(b) + 1)]
    for i, left in enumerate(a, 1):
        row = [GAP * i]
        for j, right in enumerate(b, 1):
            cost = above[j - 1] + unit_cost(left, right)
            gap = (above[j] if above[j] < row[-1] else row[-1]) + GAP
            if gap < cost:
                cost = gap
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + SWAP)
            row.append(cost)
        before, above = above, row
    return min(above) if inside else above[-1]


def _without_common_ends(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is equal at both ends costs nothing; what is left is mostly one unit of four."""
    shorter = min(len(a), len(b))
    head = 0
    while head < shorter and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return a[head : len(a) - tail], b[head : len(b) - tail]


def sounds_alike(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether every unit is heard as its counterpart."""
    return len(a) == len(b) and all(unit_cost(x, y) <= NEAR_SYLLABLE for x, y in zip(a, b, strict=True))
