"""Lay questions against 64,665 articles: how high the right article stands, and how fast.

python -m bench search
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.data import Question, articles, law_files, parse_units, questions
from bench.peers import LIMIT, PEERS, Search
from knowledge.search.library import refresh
from knowledge.text import Segmenter


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    reciprocal_ranks: list[float]
    times_ms: list[float]
    build_s: float

    def row(self) -> str:
        times, ranks = sorted(self.times_ms), self.reciprocal_ranks
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        first = sum(rank == 1 for rank in ranks) / len(ranks)
        mean = sum(ranks) / len(ranks)
        return f"{self.name:<22}{mean:8.4f}{first:8.4f}{p50:9.2f}{p99:9.2f}{self.build_s:9.1f}"


def main() -> None:
    asked = questions()
    results = [_ours(asked)]
    for name, build in PEERS.items():
        units = articles()
        started = time.perf_counter()
        search = build(units)
        results.append(_measure(name, search, asked, time.perf_counter() - started))
    print(f"{'n = ' + str(len(asked)):<22}{'MRR@10':>8}{'hit@1':>8}{'p50 ms':>9}{'p99 ms':>9}{'build s':>9}")
    for result in results:
        print(result.row())
    _print_folds(results[0].reciprocal_ranks)


def _ours(asked: Sequence[Question]) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        segmenter = Segmenter(Path(folder))
        segmenter.load()
        started = time.perf_counter()
        index, _ = refresh(Path(folder) / "index", segmenter, law_files(), parse_units)
        seconds = time.perf_counter() - started

        def search(question: str) -> list[tuple[str, str]]:
            return [(hit.source, hit.label) for hit in index.search(question, LIMIT)]

        return _measure("policybot", search, asked, seconds)


def _measure(name: str, search: Search, asked: Sequence[Question], build_s: float) -> Measured:
    search(asked[0].text)  # what loads on first use is not the question's fault
    gc.freeze()  # nor is a garbage collection of the peers' millions of objects
    ranks, times_ms = [], []
    for question in asked:
        started = time.perf_counter()
        found = search(question.text)
        times_ms.append((time.perf_counter() - started) * 1000)
        ranks.append(_reciprocal_rank(found, question))
    return Measured(name, ranks, times_ms, build_s)


def _reciprocal_rank(found: Sequence[tuple[str, str]], question: Question) -> float:
    hits = (1 / rank for rank, hit in enumerate(found[:LIMIT], 1) if hit in question.gold)
    return next(hits, 0.0)


def _print_folds(ranks: Sequence[float]) -> None:
    """How much the figure depends on which questions happen to be asked."""
    folds = [ranks[k::5] for k in range(5)]
    print("policybot, by fifths:  " + "  ".join(f"{sum(f) / len(f):.3f}" for f in folds))
