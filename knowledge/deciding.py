"""The part of a sentence that answers a question in one line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.expressions import has_expression
from knowledge.question import Question
from knowledge.scoring import Weighted
from knowledge.text import normalise, squeeze
from knowledge.wants import Wants

MAX_LEAD = 110  # characters of a quoted lead
CUT = "……"
BESIDE = 0.5  # part of the best half's value that the other halves of a sentence may have
WANTED_KIND, WANTED_YEAR = 0.35, 0.2  # value of the kind of expression and of the year asked for
PER_PIECE = 0.02  # what a further sub-clause costs, so that no empty ones are taken along
_PIECE = re.compile(r"[^，,；;。：:！!？?]+[，,；;。：:！!？?]*[”’）)]*")
_HALF = re.compile(r"[^；;]+[；;]?")


def deciding_part(text: str, question: Question, weighted: Sequence[Weighted]) -> str:
    """The run of sub-clauses, at most MAX_LEAD characters, that covers the question best.

    The result stands in `text` verbatim; where something is cut, `……` stands at that end.
    """
    if half := _decisive_half(text, question, weighted):
        return half
    if len(text) <= MAX_LEAD:
        return text
    pieces = _PIECE.findall(text) or [text]
    first, last = _best_run(pieces, [_value(piece, question, weighted) for piece in pieces])
    part = "".join(pieces[first:last])[:MAX_LEAD]
    whole_end = last == len(pieces)
    return (
        (CUT if first else "") + part.rstrip("" if whole_end else "，,；;：:、") + ("" if whole_end else CUT)
    )


def _decisive_half(text: str, question: Question, weighted: Sequence[Weighted]) -> str:
    """Of `…；…。` the half that speaks of the question, when the others hardly do; else ""."""
    halves = _HALF.findall(text)
    if len(halves) < 2:
        return ""
    values = [_value(half, question, weighted) for half in halves]
    best = max(range(len(halves)), key=values.__getitem__)
    if values[best] <= 0 or sum(values) - values[best] > BESIDE * values[best]:
        return ""
    part = deciding_part(halves[best].rstrip("；;"), question, weighted)
    before = CUT if best and not part.startswith(CUT) else ""
    after = CUT if best + 1 < len(halves) and not part.endswith(CUT) else ""
    return before + part + after


def _best_run(pieces: Sequence[str], values: Sequence[float]) -> tuple[int, int]:
    """First and last (exclusive) of the neighbouring pieces with the largest value that fit."""
    best, chosen = -1.0, (0, 1)
    for first in range(len(pieces)):
        length, total = 0, 0.0
        for last in range(first, len(pieces)):
            length += len(pieces[last])
            if length > MAX_LEAD and last > first:
                break
            total += values[last] - PER_PIECE
            if total > best:
                best, chosen = total, (first, last + 1)
    return chosen


def _value(piece: str, question: Question, weighted: Sequence[Weighted]) -> float:
    """The concepts that stand in a piece by weight, and whether it has what is wanted."""
    bare = squeeze(normalise(piece))
    value = sum(
        (w.weight * max((s for t, s in w.concept.alternatives if t in bare), default=0.0) for w in weighted),
        0.0,
    )
    if question.wants not in (Wants.ANYTHING, Wants.DEFINITION) and has_expression(piece, question.wants):
        value += WANTED_KIND
    return value + sum(WANTED_YEAR for year in question.years if str(year) in bare)
