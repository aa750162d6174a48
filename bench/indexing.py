"""Time to index 1,429 laws with both cores, against cutting their articles once in one process.

python -m bench indexing
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.data import articles, law_files, parse_units
from knowledge.index import SearchIndex
from knowledge.search.library import refresh
from knowledge.text import Segmenter


def main() -> None:
    law_files()  # says what is missing before the other processes start
    cutting_s = _seconds_in_own_process("cut")
    indexing_s = _seconds_in_own_process("index")
    print(f"{'cutting all articles once, one process':<44}{cutting_s:8.1f} s")
    print(f"{'parsing, cutting and indexing, both cores':<44}{indexing_s:8.1f} s")
    print(f"{'ratio':<44}{indexing_s / cutting_s:8.2f}")
    with tempfile.TemporaryDirectory() as folder:
        _reopen(Path(folder))


def _seconds_in_own_process(what: str) -> float:
    """A process of its own, so that neither inherits the other's memory."""
    command = [sys.executable, "-m", "bench.indexing", what]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _cut_once() -> float:
    import jieba

    texts = [unit.text for unit in articles()]
    jieba.initialize()
    started = time.perf_counter()
    for text in texts:
        jieba.lcut_for_search(text)
    return time.perf_counter() - started


def _index_once() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return _indexed(Path(folder), Segmenter(Path(folder)))


def _indexed(folder: Path, segmenter: Segmenter) -> float:
    segmenter.load()
    files = law_files()
    started = time.perf_counter()
    refresh(folder / "index", segmenter, files, parse_units)
    return time.perf_counter() - started


def _reopen(folder: Path) -> None:
    segmenter = Segmenter(folder)
    _indexed(folder, segmenter)
    started = time.perf_counter()
    SearchIndex.open(folder / "index", segmenter)
    opened = time.perf_counter()
    refresh(folder / "index", segmenter, law_files(), parse_units)
    print(f"{'opening the index':<44}{opened - started:8.3f} s")
    print(f"{'opening it and finding no file changed':<44}{time.perf_counter() - opened:8.3f} s")


if __name__ == "__main__":
    print({"cut": _cut_once, "index": _index_once}[sys.argv[1]]())
