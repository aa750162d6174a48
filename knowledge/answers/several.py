"""Two questions in one message (`村规民约归谁考核，第七条是什么`): both are answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answers.compose import MAX_LEAD, MAX_TEXT, Proposal, shorten
from knowledge.model import Answer, Status
from knowledge.wants import ASKS, LONG_QUESTION

MOST_PARTS = 3
SHORTEST_PART = 4  # characters
SURE = 0.84  # each part must be answered as surely as this
_BETWEEN = re.compile("[，,。；;？?！!\n]+(?:还有|另外|再问一?下?)?")


def separate_questions(text: str) -> list[str]:
    """The questions of a message that holds nothing else; [] when there is only one."""
    if len(text) > LONG_QUESTION:
        return []
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    apart = 2 <= len(parts) <= MOST_PARTS
    return parts if apart and all(len(p) >= SHORTEST_PART and ASKS.search(p) for p in parts) else []


def both(whole: Proposal, parts: Sequence[Proposal]) -> Proposal:
    """`whole`, or all parts in one when each is sure of another kind of answer and `whole` leaves one out."""
    given = set(whole.answer.citations)
    sure = all(p.confidence >= SURE and p.answer.status is Status.ANSWERED for p in parts)
    left_out = any(p.answer.citations and p.answer.citations[0] not in given for p in parts)
    if not sure or not left_out:
        return whole
    if len({p.kind for p in parts}) < len(parts):
        return whole
    return replace(parts[-1], answer=_joined([p.answer for p in parts]))


def _joined(answers: Sequence[Answer]) -> Answer:
    lead = shorten("".join(answer.lead for answer in answers), MAX_LEAD)
    text = "\n\n".join([lead, *(answer.text for answer in answers)])
    return Answer(
        Status.ANSWERED,
        lead,
        shorten(text, MAX_TEXT),
        tuple(c for answer in answers for c in answer.citations),
        notices=tuple(dict.fromkeys(n for answer in answers for n in answer.notices)),
    )
