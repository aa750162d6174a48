"""Where the benchmark texts are, and what they hold."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.index import Unit
from knowledge.parsing import parse
from knowledge.reading import read_file
from knowledge.search.units import units_of

_CHECKOUT = Path(__file__).parents[1]
_QUESTIONS = _CHECKOUT / "tests/quality/questions"
_LARGEST_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    gold: frozenset[tuple[str, str]]  # (source, label) of the articles that answer it


def folder() -> Path:
    """POLICYBOT_BENCH_DATA, else a folder `benchmarks` in the checkout or in a folder beside it."""
    named = os.environ.get("POLICYBOT_BENCH_DATA")
    places = [Path(named)] if named else [_CHECKOUT / "benchmarks", *_CHECKOUT.parent.glob("*/benchmarks")]
    for place in places:
        if (place / "laws").is_dir():
            return place
    sys.exit("no benchmark data: set POLICYBOT_BENCH_DATA to a folder with laws/**/*.md and stard_dev.jsonl")


def law_files() -> dict[str, Path]:
    laws = folder() / "laws"
    return {path.relative_to(laws).as_posix(): path for path in sorted(laws.rglob("*.md"))}


def parse_units(source: str, path: Path) -> list[Unit]:
    return units_of(source, parse(read_file(path, source, max_bytes=_LARGEST_FILE_BYTES)))


@cache
def articles() -> list[Unit]:
    """All numbered articles: what the peers index."""
    units = (unit for source, path in law_files().items() for unit in parse_units(source, path))
    return [unit for unit in units if unit.label.startswith("第")]


def questions() -> list[Question]:
    lines = (folder() / "stard_dev.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [Question(r["question"], frozenset((g["source"], g["label"]) for g in r["gold"])) for r in records]


def everyday_questions() -> Iterator[str]:
    """The first turns of the question sets of the tests, again and again."""
    lines = (line for path in sorted(_QUESTIONS.glob("*.jsonl")) for line in path.open(encoding="utf-8"))
    return itertools.cycle([json.loads(line)["turns"][0] for line in lines])
