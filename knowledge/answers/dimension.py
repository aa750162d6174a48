"""The dimensions of the assessment: weights, indicators, what they examine."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.answers.compose import (
    Proposal,
    Quotation,
    cite,
    cite_clause,
    cite_indicator,
    compose,
    points_text,
)
from knowledge.facts import Facts
from knowledge.model import Answer, Clause, Status
from knowledge.parsing.checks import number
from knowledge.question import Question
from knowledge.records import Dimension, points_sum
from knowledge.text import squeeze

_ALL = re.compile(
    "[几哪]个?(?:大)?(?:方面|块|类|部分|项目|维度)|哪些(?:方面|内容|项目)|考核内容|七个?(?:大)?(?:方面|项目|类)|七大|七块|几大|考(?:核)?[一]?[共总]?[都]?考?(?:什么|哪些)|总分|满分|权重.{0,6}(?:最|分别|各)|最(?:大|高|小|低)的?.{0,6}(?:权重|方面|项)|哪[块个方].{0,6}(?:分.?最|权重|占)|各占|加起来"
)
_PLAIN = re.compile("指标|几项|权重|考核什么|考什么|哪几项|多少项")
_LARGEST, _SMALLEST = re.compile("最[大高多重]"), re.compile("最[小低少轻]")
_ASKED = re.compile(
    "权重|分|占|指标|几项|几个|多少项|考核|考什么|内容|包括|哪些|下面|里头|方面|主要|列|几条|什么"
)
_TOTAL = re.compile("总分|满分|加起来|总共多少分|一共多少分|合计")


def propose(question: Question, facts: Facts) -> Proposal | None:
    """One dimension, or all of them side by side."""
    if not facts.dimensions:
        return None
    named = [d for d in facts.dimensions if _is_named(d, question.text)]
    own = question.text[: question.carried_from]
    named = [d for d in named if _is_named(d, own)] or named
    if named and question.has(_ASKED):
        answer = one(facts, named[0]) if len(named) == 1 else _several(facts, question, tuple(named))
        plain = question.asks_points or question.carried_from is not None or question.has(_PLAIN)
        sure = 0.95 if plain else 0.82
        return Proposal(sure, answer, "dimension", named[0].name)
    if question.has(_ALL) and _about_dimensions(question) and not facts.departments.find(question.text):
        return Proposal(0.88, _several(facts, question, facts.dimensions), "dimension", "考核内容")
    return None


def _is_named(dimension: Dimension, question: str) -> bool:
    text = squeeze(question)
    name = squeeze(dimension.name)
    if name in text:
        return True
    short = name[-4:] if len(name) > 8 else ""
    return (
        bool(short)
        and short in text
        and bool(re.search("权重|占.{0,4}分|多少分|这块|这一块|方面|几项|指标|栏", text))
    )


def _about_dimensions(question: Question) -> bool:
    return (
        bool(re.search("考核|考评|权重|总分|满分|七个方面|七大|七块", question.text)) and not question.items
    )


def _clause_of(dimension: Dimension) -> Clause | None:
    return next((c for c in dimension.document.clauses if c.title == dimension.name), None)


def one(facts: Facts, dimension: Dimension) -> Answer:
    """The weight and all indicators of a dimension."""
    rows = dimension.indicators
    inferred = [
        r
        for r in rows
        if "dimension" in r.inferred and r.dimension != r.printed_dimension and r.printed_dimension
    ]
    weight = f"权重{dimension.weight}分，" if dimension.weight else ""
    first, last = rows[0].number, rows[-1].number
    numbers = f"（第{first}—{last}项）" if first and last else ""
    lead = f"“{dimension.name}”{weight}共{len(rows)}项指标{numbers}。"
    if len(rows) == 1:
        lead = f"“{dimension.name}”只有{rows[0].mention}，{points_text(rows[0])}。"
    body = [
        f"{r.line}（{points_text(r)}，{'、'.join(r.departments)}"
        + ("，推断）" if "departments" in r.inferred else "）")
        for r in rows
    ]
    quotations: list[Quotation] = []
    if clause := _clause_of(dimension):
        quotations.append(cite_clause(dimension.document, clause))
    quotations.append(
        cite_indicator(
            next((r for r in rows if r.printed_dimension and r.quote.startswith(dimension.name)), rows[0])
        )
    )
    notices = list(dict.fromkeys(n for r in inferred for n in r.notices if "栏内" in n))
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations, notices=notices)


def _several(facts: Facts, question: Question, dimensions: tuple[Dimension, ...]) -> Answer:
    weighted = [d for d in dimensions if d.weight]
    total = sum((number(d.weight) or Decimal(0) for d in weighted), Decimal(0))
    if not weighted:
        return _unweighted(facts, dimensions)
    listed = "、".join(f"{_short(d.name)}{d.weight}" for d in weighted)
    lead = f"考核共{len(weighted)}个方面：{listed}。"
    extreme = max if question.has(_LARGEST) else min if question.has(_SMALLEST) else None
    if extreme and weighted:
        best = extreme(weighted, key=lambda d: number(d.weight) or Decimal(0))
        lead = f"权重最{'大' if extreme is max else '小'}的是“{best.name}”，{best.weight}分。"
    elif question.has(_TOTAL):
        bonus = [d for d in facts.dimensions if not d.weight]
        extra = f"，另有加分项{points_sum(bonus[0].indicators)}分" if bonus else ""
        lead = f"{len(weighted)}个方面权重合计{total.normalize():f}分{extra}（合计为计算所得）。"
    body = [f"{d.name}：权重{d.weight or '—'}分，{len(d.indicators)}项指标" for d in dimensions]
    quotations = _quotations(dimensions[0])
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=quotations)


def _unweighted(facts: Facts, dimensions: tuple[Dimension, ...]) -> Answer:
    """A table without weights: the points of its rows are added up, and said to be."""
    rows = [row for d in dimensions for row in d.indicators]
    lead = f"《{dimensions[0].table.title}》{len(rows)}项，分值合计{points_sum(rows)}分（合计为计算所得）。"
    body = [f"{d.name}：{len(d.indicators)}项，{points_sum(d.indicators)}分" for d in dimensions]
    return compose(facts, Status.ANSWERED, lead, body=body, quotations=_quotations(dimensions[0]))


def _short(name: str) -> str:
    return name if len(name) <= 8 else name[-4:]


def _quotations(dimension: Dimension) -> list[Quotation]:
    """The clause that lists the dimensions, else the table."""
    clause = _clause_of(dimension)
    if clause and clause.path:
        parent = next((c for c in dimension.document.clauses if c.heading == clause.path[-1]), None)
        if parent:
            return [cite_clause(dimension.document, parent, parent.full_text)]
    row = dimension.indicators[0]
    return [cite(row.document, row.locator, row.quote)]
