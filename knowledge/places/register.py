"""The areas of the region with their codes, looked up by any name that people use for them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from knowledge.errors import KnowledgeError
from knowledge.matching import DEFAULT_CUTOFF, How, NameMatcher, parse_name
from knowledge.places.mentions import Mention, MentionFinder
from knowledge.places.short_names import ShortNames

LEVELS = ("region", "league", "banner", "township", "village")
_HEADER = ["code", "level", "name", "parent_code"]
_CODE = re.compile("[0-9]{2,12}")


class RegisterError(KnowledgeError):
    """The register of areas cannot be read."""


class Area(NamedTuple):  # a tuple: 16,000 of them are made at the first question
    """A row of the register. `level` is one of LEVELS; `parent_code` is "" for the region."""

    code: str
    level: str
    name: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """An area that a mention can stand for; score and how as in NameMatch."""

    area: Area
    score: float
    how: How


class PlaceRegister:
    """The register; names are indexed at the first call that needs them (0.2 s), not before.

    `known` are further names to recognise in a question, such as the villages of the documents
    that the register spells differently or does not have.
    """

    def __init__(self, path: Path, known: Iterable[str] = ()) -> None:
        self._path = path
        self._known = tuple(known)
        self._matchers: dict[str, NameMatcher] = {}

    @cached_property
    def by_code(self) -> Mapping[str, Area]:
        """All areas by statistical code."""
        return MappingProxyType({area.code: area for area in _read_areas(self._path)})

    def find(
        self,
        mention: str,
        within: str | None = None,
        limit: int = 20,
        cutoff: float = DEFAULT_CUTOFF,
    ) -> list[PlaceMatch]:
        """The areas that the mention can stand for.

        Args:
            within: code or name, short names included, of an area that they must lie in or be;
                a name that fits several areas admits all of them.
            limit: the number of different names. Areas of one name all come, so that the reader
                can choose by their paths; the result can therefore be longer.

        Returns:
            Best first, equal scores from large areas to small ones and then by code. Empty when
            nothing reaches the cutoff, or `within` names no area.
        """
        roots = [""] if within is None else self._roots(within)
        found: dict[str, PlaceMatch] = {}
        for root in roots:
            for match in (*self._by_short_name(mention, root), *self._by_name(mention, root, limit, cutoff)):
                best = found.get(match.area.code)
                if best is None or best.score < match.score:
                    found[match.area.code] = match
        return _first_names(sorted(found.values(), key=_rank), limit)

    def mentions(self, question: str) -> list[Mention]:
        """The spans of a question that name a place, in reading order; see MentionFinder."""
        return self._finder.mentions(question)

    def path(self, area: Area) -> tuple[str, ...]:
        """Names from the league down to the area; of the region only its own."""
        names = [area.name]
        parent = self.by_code.get(area.parent_code)
        while parent is not None and parent.level != "region":
            names.append(parent.name)
            parent = self.by_code.get(parent.parent_code)
        return tuple(reversed(names))

    def children(self, area: Area) -> Sequence[Area]:
        """The areas directly below, in the order of the register."""
        return self._children.get(area.code, ())

    @cached_property
    def _children(self) -> dict[str, list[Area]]:
        children: dict[str, list[Area]] = {}
        for area in self.by_code.values():
            children.setdefault(area.parent_code, []).append(area)
        return children

    @cached_property
    def _of_name(self) -> dict[str, list[Area]]:
        areas: dict[str, list[Area]] = {}
        for area in self.by_code.values():
            for name in self._names(area):
                areas.setdefault(name, []).append(area)
        return areas

    def _names(self, area: Area) -> list[str]:
        """The register's name, and the same without the banner that is sometimes put before it."""
        parent = self.by_code.get(area.parent_code)
        if parent is None or not area.name.startswith(parent.name) or area.name == parent.name:
            return [area.name]
        rest = area.name[len(parent.name) :]
        return [area.name, rest] if len(parse_name(rest).core) > 1 else [area.name]

    @cached_property
    def _short_names(self) -> ShortNames:
        # Nearly every question is looked through for a banner, and few for a village: the hundred
        # rows are read without making areas of the others.
        return ShortNames((a.name, a.code) for a in _read_areas(self._path, ("league", "banner")))

    @cached_property
    def _finder(self) -> MentionFinder:
        return MentionFinder(self, self._short_names, self._known)

    def matcher(self, root: str = "") -> NameMatcher:
        """The matcher over the names below the area with the code `root`; "" for all."""
        if root not in self._matchers:
            names = (
                self._of_name
                if not root
                else (n for a in self._below(self.by_code[root]) for n in self._names(a))
            )
            self._matchers[root] = NameMatcher(names)
        return self._matchers[root]

    def _below(self, area: Area) -> Iterable[Area]:
        yield area
        for child in self.children(area):
            yield from self._below(child)

    def _roots(self, within: str) -> list[str]:
        if _CODE.fullmatch(within):
            return [within] if within in self.by_code else []
        large = [m for m in self.find(within, limit=3) if m.area.level in LEVELS[:4]]
        return [m.area.code for m in large if m.score == large[0].score]

    def _by_name(self, mention: str, root: str, limit: int, cutoff: float) -> Iterable[PlaceMatch]:
        for hit in self.matcher(root).match(mention, limit, cutoff):
            for area in self._of_name[hit.name]:
                if self._lies_in(area, root):
                    yield PlaceMatch(area, hit.score, hit.how)

    def _by_short_name(self, mention: str, root: str) -> Iterable[PlaceMatch]:
        for code, score in self._short_names.find(mention):
            if self._lies_in(self.by_code[code], root):
                yield PlaceMatch(self.by_code[code], score, How.VARIANT)

    def _lies_in(self, area: Area, root: str) -> bool:
        here: Area | None = area
        while root and here is not None and here.code != root:
            here = self.by_code.get(here.parent_code)
        return here is not None


def _rank(match: PlaceMatch) -> tuple[float, int, str]:
    return -match.score, LEVELS.index(match.area.level), match.area.code


def _first_names(matches: list[PlaceMatch], limit: int) -> list[PlaceMatch]:
    names = list(dict.fromkeys(match.area.name for match in matches))[:limit]
    admitted = set(names)
    return [match for match in matches if match.area.name in admitted]


def _read_areas(path: Path, levels: Sequence[str] = LEVELS) -> list[Area]:
    unwanted = tuple(f",{level}," for level in LEVELS if level not in levels)
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
        for mark in unwanted:
            lines = [line for line in lines if mark not in line]
        rows = csv.reader(lines)
        header = next(rows, [])
        areas = list(map(Area._make, rows))
    except (OSError, UnicodeDecodeError, TypeError, csv.Error) as error:
        raise RegisterError(f"{path}: not a register of areas ({error})") from error
    unknown = {area.level for area in areas}.difference(LEVELS)
    if header != _HEADER or unknown:
        raise RegisterError(
            f"{path}: header {header}, unknown levels {sorted(unknown)};"
            f" expected header {_HEADER}, levels {LEVELS}"
        )
    return areas
