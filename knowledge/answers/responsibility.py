"""Who is responsible for a measure: the departments printed at the end of its clause."""

from __future__ import annotations

import re

from knowledge.answers.clause_labels import clauses_named
from knowledge.answers.compose import Proposal, cite_clause, compose, quote_around
from knowledge.facts import Facts
from knowledge.model import Answer, Status
from knowledge.parsing.lists import departments_quote
from knowledge.passages import Ranked
from knowledge.question import Question
from knowledge.records import Measure

_BODIES = re.compile(
    "负责|责任(?!人)|牵头|主管|谁管|谁抓|归谁管|牵扯|分管|哪[个些几家两三].{0,2}(?:部门|单位|厅|局|家)|什么(?:部门|单位)|哪家|哪几家|谁来?落实|谁来?干|单位|交给谁|[归由]谁|谁家管"
)
_PLAINLY = re.compile("负责|责任(?:单位|部门)|牵头|哪[个些几两]?.{0,2}(?:部门|单位|厅|局)|哪几家|交给谁|谁管")
# `科技厅负责哪些措施` asks for measures, not for who is responsible.
_OF_A_BODY = re.compile(
    "(?:负责|管|牵头|承担)(?:了|着|些)?(?:什么|哪|多少|几)|哪[些几一]?[条项]|哪些(?:政策|措施|事|任务|工作|方面)|有没有责任|有没有份|参与"
)
CLEAR_SCORE, SURE = 0.42, 0.89
MIN_SCORE = 0.34
CLEAR_TITLE = 0.5
THIN = 0.25  # coverage below which a sentence shares hardly a word with the question
NEAR_BEST = 0.7  # part of the best passage's score from which a clause with departments is meant


def propose(question: Question, facts: Facts) -> Proposal | None:
    """Departments of the measure whose title or text the question speaks of."""
    if not facts.measures or not question.has(_BODIES) or not _asks(question):
        return None
    if question.has(_OF_A_BODY) and facts.departments.find(question.text):
        return None
    measure, score = _by_label(question, facts) or _find(question, facts)
    if measure is None or score < MIN_SCORE:
        return None
    if question.documents and not any(facts.documents[k] is measure.document for k in question.documents):
        score *= 0.6
    confidence = 0.5 + 0.5 * min(score, 1.0)
    if question.has(_PLAINLY):
        confidence = max(confidence, SURE if score >= CLEAR_SCORE else confidence)
    return Proposal(confidence, answer(facts, measure), "responsibility", measure.clause.title)


def _asks(question: Question) -> bool:
    return not question.asks_scorer or bool(re.search("负责|责任", question.text))


def _find(question: Question, facts: Facts) -> tuple[Measure | None, float]:
    """By title when it is spelled out, else by the best sentence among clauses with departments."""
    words = [word for _, word in facts.departments.find(question.text)]
    subject = [c for c in question.concepts if not any(c.surface in w or w in c.surface for w in words)]
    links = facts.measure_links.link(question, subject or None)
    by_title = (facts.measures[links[0].number], links[0].score) if links else (None, 0.0)
    ranked, _ = facts.ranker.rank(question)
    found = next((hit for hit in ranked if facts.ranker.clause(hit.passage).departments), None)
    if found and (found.score < NEAR_BEST * ranked[0].score or found.coverage < THIN):
        found = None
    weight = 0.7 if question.carried_from is not None else 1.0
    by_text = (_measure_of(facts, found), weight * min(found.score, 1.0)) if found else (None, 0.0)
    if links and links[0].recall >= CLEAR_TITLE:
        return by_title
    return max(by_title, by_text, key=lambda item: item[1])


def _by_label(question: Question, facts: Facts) -> tuple[Measure, float] | None:
    """The measure that the question names by number (`政策措施三（五）谁负责`)."""
    named = [clause for _, clause in clauses_named(question, facts)]
    found = [m for m in facts.measures if any(m.clause is clause for clause in named)]
    return (found[0], 1.0) if len(found) == 1 else None


def _measure_of(facts: Facts, hit: Ranked) -> Measure | None:
    clause = facts.ranker.clause(hit.passage)
    return next((m for m in facts.measures if m.clause is clause), None)


def answer(facts: Facts, measure: Measure) -> Answer:
    """The departments of one measure, all of them, with the note that names them."""
    clause = measure.clause
    names = clause.departments
    place = f"{measure.document.label} " if measure.document.label else ""
    joint = "单独负责" if len(names) == 1 else "负责"
    lead = f"“{clause.title or clause.label}”由{'、'.join(names)}{joint}。"
    if len(lead) > 110:
        lead = f"“{clause.title or clause.label}”由{'、'.join(names[:8])}等{len(names)}家单位负责。"
    quote = departments_quote(clause.text)
    listed = "、".join(names)
    body = [
        f"责任单位（共{len(names)}家，按原文顺序）：{listed}",
        f"位置：{place}{' › '.join((*clause.path, clause.heading))}",
    ]
    quotations = [cite_clause(measure.document, clause, quote_around(clause.text, quote))]
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations)
