"""`make eval`: ask all question sets, print a table, keep it in docs/quality-figures.md.

python -m tests.quality.evaluate [--misses N] [SET…]
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.context import Context
from knowledge.library import KnowledgeBase
from knowledge.model import Answer, Status
from tests.quality.scoring import QUESTIONS, Asked, bare, faults, is_supported, questions, unfinished

CHECKOUT = Path(__file__).resolve().parents[2]
LIBRARY = CHECKOUT / "knowledge" / "sources"
FIGURES = CHECKOUT / "docs" / "quality-figures.md"
AS_OF = dt.date(2026, 1, 1)  # so that what is marked as expired does not depend on the day


@dataclass(slots=True)
class Tally:
    """What came of one question set."""

    name: str
    passed: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    missed: list[tuple[Asked, Answer, list[str]]] = field(default_factory=list)
    refused: int = 0  # answered expected, not_found given
    invented: int = 0  # not_found expected, answered given
    unsupported: int = 0  # quotations that do not stand in the sources
    milliseconds: list[float] = field(default_factory=list)

    @property
    def correct(self) -> int:
        return sum(map(sum, self.passed.values()))

    @property
    def total(self) -> int:
        return sum(map(len, self.passed.values()))

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def source_text() -> str:
    """All sources of the shipped library, as quotations are compared with them."""
    return "".join(bare(path.read_text("utf-8")) for path in sorted(LIBRARY.glob("*.txt")))


def evaluate(library: KnowledgeBase, path: Path, sources: str) -> Tally:
    """Ask every question of a file with all its turns; only the last answer is compared."""
    tally = Tally(path.stem)
    for asked in questions(path):
        context: Context | None = None
        for turn in asked.turns:
            start = time.perf_counter()
            answer, context = library.ask(turn, context)
            tally.milliseconds.append((time.perf_counter() - start) * 1000)
            tally.unsupported += sum(not is_supported(c, sources) for c in answer.citations)
        wrong = faults(asked.expect, answer)
        tally.passed[asked.kind].append(not wrong)
        tally.refused += asked.expect["status"] == Status.ANSWERED and answer.status is Status.NOT_FOUND
        tally.invented += asked.expect["status"] == Status.NOT_FOUND and answer.status is Status.ANSWERED
        if wrong:
            tally.missed.append((asked, answer, wrong))
    return tally


def table(tallies: list[Tally]) -> str:
    """The figures as a Markdown table: one row a set, then one row a kind."""
    lines = [
        "| set | correct | false refusals | false answers | quotes not in the sources | p50 ms | p99 ms |"
    ]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for t in tallies:
        share = f"{t.correct}/{t.total} = {t.correct / t.total:.1%}"
        timing = f"{t.percentile(0.5):.1f} | {t.percentile(0.99):.1f}"
        lines.append(f"| {t.name} | {share} | {t.refused} | {t.invented} | {t.unsupported} | {timing} |")
    lines += [
        "",
        "| kind | " + " | ".join(t.name for t in tallies) + " |",
        "| --- |" + " --- |" * len(tallies),
    ]
    for kind in sorted({kind for t in tallies for kind in t.passed}):
        cells = (f"{sum(t.passed[kind])}/{len(t.passed[kind])}" if kind in t.passed else "—" for t in tallies)
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", help="names of question sets; all without any")
    parser.add_argument("--misses", type=int, default=0, help="how many failures of each set to print")
    options = parser.parse_args()
    paths = [p for p in sorted(QUESTIONS.glob("*.jsonl")) if not options.sets or p.stem in options.sets]
    with tempfile.TemporaryDirectory() as data:
        library = KnowledgeBase.open(LIBRARY, Path(data), today=AS_OF)
        library.ask("圐圙嘎查在名单里吗")  # loads the dictionary and the register
        tallies = [evaluate(library, path, source_text()) for path in paths]
    for tally in tallies:
        for asked, answer, wrong in tally.missed[: options.misses]:
            print(f"{asked.id} {asked.kind}: {' → '.join(asked.turns)}")
            print(f"    {'; '.join(wrong)}\n    {answer.lead}")
    print(table(tallies))
    for path in paths:
        if waiting := unfinished(path):
            print(f"{path.name}: {waiting} questions left out, their expectations are still to be written")
    if not options.sets:
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(f"# Latest figures of `make eval`\n\n{table(tallies)}\n", "utf-8")


if __name__ == "__main__":
    main()
