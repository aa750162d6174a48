"""How often the right place is first or among the choices when its name was typed wrongly.

    python -m bench places [--count 1000] [--seed 20220920]

Places of the register as they are spoken (圐圙嘎查, not 圐圙嘎查村民委员会) get one wrong homophone,
one missing or one wrong character in the part before the suffix, and are asked for by name alone and
in a sentence. The whole program answers, not just the matcher.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.library import KnowledgeBase
from knowledge.matching import parse_name
from knowledge.model import Answer
from knowledge.places import Area, PlaceRegister
from knowledge.text import pinyin

SOURCES = Path(__file__).parents[1] / "knowledge" / "sources"
TEMPLATES = ("{}", "{}在哪个旗", "请问{}属于哪个苏木镇？")


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


def is_offered(register: PlaceRegister, case: Case, answer: Answer) -> bool:
    """Whether the place itself is named with its path, or a place of its name on a list."""
    path = " ".join(register.path(case.area))
    listed = spoken(case.area)
    return path in answer.text or any(path in option for option in answer.options) or listed in answer.text


def report(title: str, offered: list[bool]) -> None:
    print(f"{title:<42} {len(offered):>5}   first or offered {sum(offered) / len(offered):6.1%}")


def measure(library: KnowledgeBase, register: PlaceRegister, cases: list[Case], template: str) -> list[float]:
    """Ask for every place, print the shares, return the seconds each answer took."""
    results: dict[str, list[bool]] = defaultdict(list)
    seconds: list[float] = []
    for case in cases:
        begin = time.perf_counter()
        answer, _ = library.ask(template.format(case.typed))
        seconds.append(time.perf_counter() - begin)
        results[case.change].append(is_offered(register, case, answer))
    for change, offered in results.items():
        report(f"{template} · {change}", offered)
    report(f"{template} · ALL", [o for offered in results.values() for o in offered])
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20220920)
    options = parser.parse_args()
    register = PlaceRegister(SOURCES / "areas.csv")
    cases = make_cases(register, options.count, options.seed)
    with tempfile.TemporaryDirectory() as data:
        library = KnowledgeBase.open(SOURCES, Path(data))
        library.warm()
        seconds = sorted(s for template in TEMPLATES for s in measure(library, register, cases, template))
    p50, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    print(f"one answer: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")


if __name__ == "__main__":
    main()
