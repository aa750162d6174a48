"""Find a name in a list when it was typed by ear, cut short, or written in another spelling.

    NameMatcher(names).match("库略嘎查")   [NameMatch("圐圙嘎查", 88.0, "homophone"), …]

Names that sound or look alike are other places more often than not, so nothing is ever put right
here: every match says how it was made, and the caller shows, asks or refuses.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from knowledge.matching.names import Name, canonical, parse_name
from knowledge.matching.sounds import edit_cost, folded, sound_string, sounds_alike, units

DEFAULT_CUTOFF = 50.0
_RESCORED = 48  # candidates that are compared sound by sound; the rest share too little
_VARIANT_COST = 0.2
_LONGEST_MENTION = 40  # longer than every name; bounds the work for a pasted page


class How(StrEnum):
    """How a name was recognised, the safest first."""

    EXACT = "exact"  # letter for letter
    SUFFIX = "suffix"  # the same but for 村, 嘎查, 村委会 …
    HOMOPHONE = "homophone"  # every character sounds the same or nearly so
    VARIANT = "variant"  # a usual other spelling or short form
    FUZZY = "fuzzy"  # a character is missing, wrong or too many


@dataclass(frozen=True, slots=True)
class NameMatch:
    """`score` runs to 100, which is the very same name; below 70 it is a guess."""

    name: str
    score: float
    how: How


class NameMatcher:
    """An index over a list of names; building it takes 5 µs a name, repeated names are one."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(names))
        self._parsed = [parse_name(name) for name in self.names]
        self._of_core: dict[str, list[int]] = {}
        for index, name in enumerate(self._parsed):
            self._of_core.setdefault(name.core, []).append(index)
        self._cores = list(self._of_core)
        self._sounds: _SoundIndex | None = None

    def __contains__(self, core: str) -> bool:
        """Whether a name has exactly this core: `"圐圙" in matcher`."""
        return core in self._of_core

    def match(
        self, mention: str, limit: int = 10, cutoff: float = DEFAULT_CUTOFF
    ) -> list[NameMatch]:
        """The names that the mention can stand for.

        Returns:
            At most `limit` names with a score of at least `cutoff`, best first; the same list for
            the same names and mention. Names without a letter match nothing.
        """
        wanted = parse_name(mention[: _LONGEST_MENTION * 4])
        if not wanted.core or len(wanted.core) > _LONGEST_MENTION:
            return []
        found: dict[str, NameMatch] = {}
        for hit in (*self._same_core(wanted), *self._similar(wanted)):
            if hit.score >= cutoff and (hit.name not in found or found[hit.name].score < hit.score):
                found[hit.name] = hit
        return heapq.nsmallest(limit, found.values(), key=lambda hit: (-hit.score, hit.name))

    def _same_core(self, wanted: Name) -> list[NameMatch]:
        # 敖包镇 may be the core of 敖包镇社区: the mention counts as it stands, too.
        spellings = {wanted.core: wanted, wanted.text: Name(wanted.text, wanted.text, "")}
        return [
            _exact_or_suffix(spelling, self._parsed[index], self.names[index])
            for core, spelling in spellings.items()
            for index in self._of_core.get(core, ())
        ]

    def _similar(self, wanted: Name) -> list[NameMatch]:
        if self._sounds is None:
            self._sounds = _SoundIndex(self._cores)
        typed = _core(wanted.core, canonical(wanted.core))
        hits: list[NameMatch] = []
        for index in self._sounds.candidates(typed):
            core = self._cores[index]
            if core == wanted.core:
                continue
            how, score = _compare(typed, self._sounds.cores[index])
            for position in self._of_core[core]:
                name = self._parsed[position]
                penalty = _suffix_penalty(wanted, name)
                hits.append(NameMatch(self.names[position], round(score - penalty, 1), how))
        return hits


class _Core(NamedTuple):
    """A core as written and in its first spelling, both as units, and its usual sounds."""

    written: tuple[str, ...]
    canonical: tuple[str, ...]
    sounds: str
    canonical_sounds: str


def _core(written: str, first_spelling: str) -> _Core:
    as_units, sounds = units(written), sound_string(written)
    if first_spelling == written:
        return _Core(as_units, as_units, sounds, sounds)
    return _Core(as_units, units(first_spelling), sounds, sound_string(first_spelling))


class _SoundIndex:
    """From the units and the sounds of a mention to the cores that share some of them."""

    def __init__(self, cores: Sequence[str]) -> None:
        # One substitution over the joined list is ten times as fast as one for each name.
        spellings = canonical("\n".join(cores)).split("\n")
        self.cores = [_core(*pair) for pair in zip(cores, spellings, strict=True)]
        self._of_unit: dict[str, list[int]] = {}
        for index, core in enumerate(self.cores):
            for unit in {*core.written, *core.canonical}:
                self._of_unit.setdefault(unit, []).append(index)
        self._of_sound: dict[str, list[str]] = {}
        for unit in self._of_unit:
            for sound in folded(unit):
                self._of_sound.setdefault(sound, []).append(unit)

    def candidates(self, typed: _Core) -> list[int]:
        """The cores that share most with the mention, the most promising first."""
        shared: Counter[int] = Counter()
        distinct = {*typed.written, *typed.canonical}
        for unit in distinct:
            shared.update(self._sounding_like(unit))
        needed = (len(set(typed.written)) + 1) // 2
        near = [index for index, count in shared.items() if count >= needed]
        return heapq.nsmallest(_RESCORED, near, key=lambda index: (self._distance(typed, index), index))

    def _sounding_like(self, unit: str) -> set[int]:
        sounds = folded(unit)
        like = {other for sound in sounds for other in self._of_sound.get(sound, ())}
        return {index for other in like for index in self._of_unit[other]}

    def _distance(self, typed: _Core, index: int) -> float:
        """A quick estimate of the cost: by ear, and a little by eye."""
        core = self.cores[index]
        by_ear = OSA.distance(typed.sounds, core.sounds)
        if typed.canonical is not typed.written or core.canonical is not core.written:
            by_ear = min(by_ear, OSA.distance(typed.canonical_sounds, core.canonical_sounds))
        return by_ear + 0.2 * OSA.distance(typed.written, core.written)


def _exact_or_suffix(wanted: Name, name: Name, original: str) -> NameMatch:
    if wanted.text == name.text:
        return NameMatch(original, 100.0, How.EXACT)
    return NameMatch(original, 99.0 - _suffix_penalty(wanted, name), How.SUFFIX)


def _suffix_penalty(wanted: Name, name: Name) -> float:
    if wanted.kind == name.kind:
        return 0.0
    if not wanted.kind:
        return 1.0
    # 村 is said for every 嘎查 and 社区; a 镇 is another body than the village of its name.
    return 4.0 if wanted.level == name.level or not name.kind else 12.0


def _compare(typed: _Core, name: _Core) -> tuple[How, float]:
    """How two different cores resemble each other, and how much."""
    written = edit_cost(typed.written, name.written)
    first_spelling = written
    if typed.canonical != typed.written or name.canonical != name.written:
        first_spelling = edit_cost(typed.canonical, name.canonical) + _VARIANT_COST
    longer = max(len(typed.written), len(name.written))
    score = 100.0 * (1.0 - min(written, first_spelling) / longer)
    if sounds_alike(typed.written, name.written):
        return How.HOMOPHONE, score
    if first_spelling < written and sounds_alike(typed.canonical, name.canonical):
        return How.VARIANT, score
    return How.FUZZY, max(score, _score_of_part(typed.written, name.written))


def _score_of_part(part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    """A mention that is a piece of a longer name, `查干呼都嘎` of `查干呼都嘎音希里`."""
    if len(part) < 3 or len(whole) < len(part) + 2:
        return 0.0
    likeness = 1.0 - edit_cost(part, whole, inside=True) / len(part)
    return likeness * (50.0 + 35.0 * len(part) / len(whole))
