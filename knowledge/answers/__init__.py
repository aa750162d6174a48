"""One file per kind of answer; each proposes, the surest proposal is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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
from knowledge.answers.several import both, separate_questions
from knowledge.context import LONGEST_WITH_CONTEXT, Completed, Context, completed
from knowledge.facts import Facts
from knowledge.model import Answer, Status
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


def answered(whole: Completed, facts: Facts) -> tuple[Answer, Context]:
    """The answer, and the context for the next turn; a message with two questions gets both answers."""
    proposal = best_proposal(facts.understand(whole.own, whole.carried), facts)
    alone = not whole.follows and proposal.answer.status is not Status.CLARIFY
    if alone and (parts := separate_questions(whole.own)):
        proposal = both(proposal, list(_in_turn(parts, facts)))
    return proposal.answer, next_context(whole.full, proposal)


def _in_turn(parts: Sequence[str], facts: Facts) -> Iterator[Proposal]:
    """Each part answered as a turn of its own, so that the second may leave out what the first said."""
    context = Context()
    for part in parts:
        turn = completed(part, context)
        proposal = best_proposal(facts.understand(turn.own, turn.carried), facts)
        context = next_context(turn.full, proposal)
        yield proposal


def next_context(question: str, proposal: Proposal) -> Context:
    """What a follow-up may refer to after this proposal was given for the question."""
    keeps = proposal.answer.status is Status.CLARIFY or proposal.kind == "clause"  # 下一条 means its option
    options = proposal.answer.options if keeps else ()
    return Context(question[:LONGEST_WITH_CONTEXT], proposal.subject[:120], proposal.kind, tuple(options))
