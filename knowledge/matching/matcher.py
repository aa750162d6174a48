"""Find a name in a list when it was typed by ear, cut short, or written in another spelling.

    NameMatcher(names).match("库略嘎查")   [NameMatch("圐圙嘎查", 88.0, "homophone"), …]

Names that sound or look alike are other places more often than not, so nothing is ever put right
here: every match says how it was made, and the caller shows, asks or refuses.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.matching.names import Name, canonical, parse_name
from knowledge.matching.sounds import edit_cost, folded, sound_string, sounds_alike, units

DEFAULT_CUTOFF = 50.0
# Candidates that are compared sound by sound. The time for one grows with the square of the length,
# while long names have fewer names near them.
_RESCORED = 48
_RESCORED_UNITS = 160
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
        self.parsed: Sequence[Name] = [parse_name(name) for name in self.names]
        self._of_core: dict[str, list[int]] = {}
        for index, name in enumerate(self.parsed):
            self._of_core.setdefault(name.core, []).append(index)
        self._cores = list(self._of_core)
        self._sounds: _SoundIndex | None = None
        # One question looks for the same words several times: what is named, where, in which list.
        self._all = lru_cache(maxsize=256)(self._compute_all)

    def __contains__(self, core: object) -> bool:
        """Whether a name has exactly this core: `"圐圙" in matcher`."""
        return core in self._of_core

    def match(self, mention: str, limit: int = 10, cutoff: float = DEFAULT_CUTOFF) -> list[NameMatch]:
        """The names that the mention can stand for.

        Returns:
            At most `limit` names with a score of at least `cutoff`, best first; the same list for
            the same names and mention. Names without a letter match nothing.
        """
        close = (hit for hit in self._all(mention[: _LONGEST_MENTION * 4]) if hit.score >= cutoff)
        return list(itertools.islice(close, limit))

    def _compute_all(self, mention: str) -> tuple[NameMatch, ...]:
        wanted = parse_name(mention)
        if not wanted.core or len(wanted.core) > _LONGEST_MENTION:
            return ()
        found: dict[str, NameMatch] = {}
        for hit in (*self._same_core(wanted), *self._similar(wanted)):
            if hit.name not in found or found[hit.name].score < hit.score:
                found[hit.name] = hit
        return tuple(sorted(found.values(), key=lambda hit: (-hit.score, hit.name)))

    def same(self, mention: str) -> list[NameMatch]:
        """The names equal to the mention but for the suffix, best first; quicker than `match`."""
        return sorted(self._same_core(parse_name(mention)), key=lambda hit: (-hit.score, hit.name))

    def _same_core(self, wanted: Name) -> list[NameMatch]:
        # 敖包镇 may be the core of 敖包镇社区: the mention counts as it stands, too.
        spellings = {wanted.core: wanted, wanted.text: Name(wanted.text, wanted.text, "")}
        return [
            _exact_or_suffix(spelling, self.parsed[index], self.names[index])
            for core, spelling in spellings.items()
            for index in self._of_core.get(core, ())
        ]

    def _similar(self, wanted: Name) -> list[NameMatch]:
        if not self._cores:
            return []
        if self._sounds is None:
            self._sounds = _SoundIndex(self._cores)
        first = canonical(wanted.core)
        hits: list[NameMatch] = []
        for index in self._sounds.candidates(wanted.core, first):
            core = self._cores[index]
            if core == wanted.core:
                continue
            how, score = _compare(wanted.core, first, core, self._sounds.canonical[index])
            for position in self._of_core[core]:
                penalty = _suffix_penalty(wanted, self.parsed[position])
                hits.append(NameMatch(self.names[position], round(score - penalty, 1), how))
        return hits


class _SoundIndex:
    """From the units and the sounds of a mention to the cores that share some of them."""

    def __init__(self, cores: Sequence[str]) -> None:
        # Over the joined list each step is ten times as fast as name by name.
        joined = "\n".join(cores)
        self.written = cores
        self.canonical = canonical(joined).split("\n")
        self._prints = [
            "".join(columns)
            for columns in zip(
                sound_string(joined).split("\n"),
                sound_string("\n".join(self.canonical)).split("\n"),
                cores,
                strict=True,
            )
        ]
        self._of_unit: dict[str, list[int]] = defaultdict(list)
        for index, (core, spelling) in enumerate(zip(cores, self.canonical, strict=True)):
            for unit in set(core) if core == spelling else {*core, *spelling}:
                self._of_unit[unit].append(index)
        self._of_sound: dict[str, list[str]] = defaultdict(list)
        for unit in self._of_unit:
            for sound in folded(unit):
                self._of_sound[sound].append(unit)

    def candidates(self, core: str, first: str) -> list[int]:
        """Positions of the cores that can be meant by one typed so, the most promising first."""
        near = self._sharing_half(core, first)
        # Sounds, sounds of the first spelling and characters in one string: rapidfuzz then weighs
        # a homophone 1, another spelling 2 and a wrong character 3, in one call.
        typed = sound_string(core) + sound_string(first) + core
        prints = [self._prints[index] for index in near]
        limit = min(_RESCORED, _RESCORED_UNITS // len(core) + 1)
        closest = process.extract(typed, prints, scorer=OSA.distance, limit=limit)
        chosen = [near[position] for _, _, position in closest]
        whole = [index for index in near if core in self.written[index]] if len(core) > 2 else []
        return list(dict.fromkeys((*chosen, *whole[:limit])))

    def _sharing_half(self, core: str, first: str) -> list[int]:
        shared: Counter[int] = Counter()
        written = set(units(core))
        for unit in written.union(units(first)):
            shared.update(self._sounding_like(unit))
        needed = (len(written) + 1) // 2
        return sorted(index for index, count in shared.items() if count >= needed)

    def _sounding_like(self, unit: str) -> set[int]:
        like = {other for sound in folded(unit) for other in self._of_sound.get(sound, ())}
        return set().union(*[self._of_unit[other] for other in like])


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


def _compare(typed: str, first_typed: str, name: str, first_name: str) -> tuple[How, float]:
    """How two different cores, each also in its first spelling, resemble each other."""
    mention, written = units(typed), units(name)
    cost = edit_cost(mention, written)
    longer = max(len(mention), len(written))
    if sounds_alike(mention, written):
        return How.HOMOPHONE, 100.0 * (1.0 - cost / longer)
    if first_typed != typed or first_name != name:
        first_mention, first = units(first_typed), units(first_name)
        first_cost = edit_cost(first_mention, first) + _VARIANT_COST
        if first_cost < cost and sounds_alike(first_mention, first):
            return How.VARIANT, 100.0 * (1.0 - first_cost / longer)
        cost = min(cost, first_cost)
    return How.FUZZY, max(100.0 * (1.0 - cost / longer), _score_of_part(mention, written))


def _score_of_part(part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    """A mention that is a piece of a longer name, `查干呼都嘎` of `查干呼都嘎音希里`."""
    if len(part) < 3 or len(whole) < len(part) + 2 or 2 * len({*part} & {*whole}) < len(part):
        return 0.0
    likeness = 1.0 - edit_cost(part, whole, inside=True) / len(part)
    # Names are cut short at the end: a true beginning is a better sign than a piece from within.
    beginning = 6.0 if whole[: len(part)] == part else 0.0
    return likeness * (50.0 + beginning + 35.0 * len(part) / len(whole))
