"""One file per kind of answer; each proposes, the surest proposal is given."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.answers import (
    about_document,
    clause_number,
    department,
    dimension,
    figures,
    greeting,
    indicator,
    places,
    procedure,
    responsibility,
    rule,
    silence,
)
from knowledge.answers.compose import Proposal
from knowledge.facts import Facts
from knowledge.question import Question

Kind = Callable[[Question, Facts], Proposal | None]

KINDS: tuple[Kind, ...] = (
    greeting.propose,
    silence.propose,
    about_document.propose,
    clause_number.propose,
    indicator.propose,
    department.propose,
    dimension.propose,
    places.propose,
    procedure.propose,
    figures.propose,
    responsibility.propose,
    rule.propose,
)


def best_proposal(question: Question, facts: Facts) -> Proposal:
    """The surest of all proposals; of equals the one whose kind stands first."""
    proposals = [p for p in (kind(question, facts) for kind in KINDS) if p is not None]
    return max(proposals, key=lambda p: p.confidence)
