"""What is known to be unsaid: the documents mention it and leave it open."""

from __future__ import annotations

from knowledge.answers.compose import Proposal, cite_clause, compose
from knowledge.facts import Facts
from knowledge.gaps import Gap
from knowledge.model import Clause, Document, Status
from knowledge.question import Question


def propose(question: Question, facts: Facts) -> Proposal | None:
    """The first gap that is asked for, with the place where the documents mention it."""
    gap = next((gap for gap in facts.gaps if gap.is_asked(question)), None)
    if gap is None or question.asks_scorer or question.asks_responsible:
        return None
    document, clause = _place(gap, facts)
    quotations = [cite_clause(document, clause, gap.quote)] if document and clause else []
    return Proposal(
        0.94, compose(facts, Status.NOT_FOUND, gap.lead, quotations=quotations), "silence", gap.about[0][0]
    )


def _place(gap: Gap, facts: Facts) -> tuple[Document, Clause] | tuple[None, None]:
    for document in facts.documents:
        for clause in document.clauses:
            if document.file == gap.file and gap.quote in clause.text:
                return document, clause
    return None, None
