"""How often a place is found when its name was typed wrongly, and how long that takes.

    python bench/places.py [--count 1000] [--seed 20220920]

Places of the register as they are spoken (圐圙嘎查, not 圐圙嘎查村民委员会) get one wrong homophone,
one missing or one wrong character in the part before the suffix. A place counts as found when it is
first, or stands among the first 20 names offered. With two characters, one of them wrong or
missing, a name could be any of dozens; these are counted apart, and again with the banner named.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from knowledge.matching import parse_name
from knowledge.places import Area, PlaceRegister
from knowledge.text import pinyin

AREAS = Path(__file__).parents[1] / "knowledge" / "sources" / "areas.csv"
TEMPLATES = (
    "{}在哪个旗",
    "{}是不是重点帮扶村",
    "我们{}归哪个苏木管",
    "请问{}属于示范引领还是重点帮扶嘎查村？",
    "名单里有没有{}",
    "{}是重点不",
)
CHOICES = 20


@dataclass(frozen=True)
class Case:
    area: Area
    change: str
    typed: str
    short: bool  # a core of two characters


def spoken(area: Area) -> str:
    name = parse_name(area.name)
    return name.core + name.kind


def homophones(alphabet: list[str]) -> dict[str, list[str]]:
    same: dict[str, list[str]] = defaultdict(list)
    for character in alphabet:
        if sound := pinyin(character)[0]:
            same[sound].append(character)
    return same


def changer(alphabet: list[str]) -> Callable[[random.Random, str, str], str | None]:
    same = homophones(alphabet)

    def change(rng: random.Random, core: str, kind: str) -> str | None:
        at = rng.randrange(len(core))
        if kind == "missing":
            return core[:at] + core[at + 1 :]
        others = alphabet if kind == "wrong" else same[pinyin(core[at])[0] or ""]
        others = [c for c in others if c != core[at]]
        return core[:at] + rng.choice(others) + core[at + 1 :] if others else None

    return change


def make_cases(register: PlaceRegister, count: int, seed: int) -> list[Case]:
    rng = random.Random(seed)
    areas = [a for a in register.by_code.values() if a.level in ("township", "village")]
    areas = [a for a in areas if parse_name(a.name).kind and 2 <= len(parse_name(a.name).core) <= 9]
    cores = [parse_name(a.name).core for a in areas]
    # Characters as often as names have them: a wrong one is more often a usual than a rare one.
    change = changer(sorted(c for core in cores for c in set(core)))
    cases: list[Case] = []
    while len(cases) < count:
        area, kind = rng.choice(areas), ("homophone", "missing", "wrong")[len(cases) % 3]
        core = parse_name(area.name).core
        typed = change(rng, core, kind)
        if typed and typed != core:
            cases.append(Case(area, kind, typed + parse_name(area.name).kind, len(core) == 2))
    return cases


def place_of(register: PlaceRegister, case: Case, mention: str, *, within: bool) -> int | None:
    """0 when first, its place among the names otherwise, None when it is not offered."""
    banner = case.area.code[:6] if within else None
    found = register.find(mention, within=banner, limit=CHOICES)
    names = list(dict.fromkeys(match.area.name for match in found))
    right = [match.area.name for match in found if match.area.code == case.area.code]
    if not right:
        return None
    best = next(m.score for m in found if m.area.code == case.area.code)
    return 0 if best == found[0].score else names.index(right[0])


def report(title: str, places: list[int | None]) -> None:
    if places:
        first = sum(place == 0 for place in places) / len(places)
        offered = sum(place is not None for place in places) / len(places)
        print(f"{title:<46} {len(places):>5}   first {first:6.1%}   first or offered {offered:6.1%}")


def measure(register: PlaceRegister, cases: list[Case], rng: random.Random) -> list[float]:
    bare: dict[tuple[str, bool], list[int | None]] = defaultdict(list)
    asked: dict[tuple[str, bool], list[int | None]] = defaultdict(list)
    named: dict[tuple[str, bool], list[int | None]] = defaultdict(list)
    seconds: list[float] = []
    for case in cases:
        key = case.change, case.short
        begin = time.perf_counter()
        bare[key].append(place_of(register, case, case.typed, within=False))
        seconds.append(time.perf_counter() - begin)
        named[key].append(place_of(register, case, case.typed, within=True))
        mentions = register.mentions(rng.choice(TEMPLATES).format(case.typed))
        texts = [
            mention.text for mention in mentions if mention.text in case.typed or case.typed in mention.text
        ]
        asked[key].append(place_of(register, case, texts[0], within=False) if texts else None)
    for title, results in (("bare name", bare), ("in a question", asked), ("banner known", named)):
        for short in (False, True):
            for change in ("homophone", "missing", "wrong"):
                report(f"{title}, {change}, {'2' if short else '3+'} characters", results[change, short])
        decidable = [
            place
            for (change, short), places in results.items()
            for place in places
            if not short or change == "homophone"
        ]
        report(f"{title}: ALL but 2 characters missing/wrong", decidable)
        report(f"{title}: ALL", [p for ps in results.values() for p in ps])
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20220920)
    options = parser.parse_args()
    register = PlaceRegister(AREAS)
    begin = time.perf_counter()
    register.find("圐圙嘎查")
    print(f"reading and indexing the register: {(time.perf_counter() - begin) * 1000:.0f} ms")
    register.mentions("圐圙嘎查是重点不")
    cases = make_cases(register, options.count, options.seed)
    seconds = sorted(measure(register, cases, random.Random(options.seed)))
    p50, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    print(f"one look-up: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")


if __name__ == "__main__":
    main()
