"""The steps of a documented procedure: all of them, the first, the last, the next, the one named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.answers.compose import Proposal, cite_clause, compose
from knowledge.facts import Facts
from knowledge.model import Answer, Document, Procedure, Status
from knowledge.question import Question
from knowledge.text import normalise, squeeze
from knowledge.wants import Wants

_WHOLE = re.compile(
    "程序|步骤|流程|几步|哪几步|哪些步|怎么(?:识别|纳入|认定|申请|进|报|走|评|定)|从头到尾|先后|一步一步|要走|怎么个?走|手续"
)
_SUBJECT = re.compile("监测|识别|纳入|防返贫|返贫|认定|三类|边缘|程序|步")
_EXIT = re.compile("消除|退出|销号|解除|出列")


def propose(question: Question, facts: Facts) -> Proposal | None:
    """Place in the chain of steps; the chain is shown whole every time."""
    if not facts.procedures or question.wants in (Wants.MONEY, Wants.CONTACT, Wants.AGE):
        return None
    document, procedure = facts.procedures[0]
    named = _named_steps(question, facts, procedure.steps)
    about = question.has(_SUBJECT) and not question.has(_EXIT)
    if question.has(_DEADLINE):
        return None
    position = _position(question, procedure.steps, named)
    if position is not None and (named or about):
        step = procedure.steps[position]
        return Proposal(0.88, _answer(facts, document, procedure, position), "procedure", f"识别程序{step}")
    if question.has(_WHOLE) and about and (not named or question.has(_HOW_MANY)):
        return Proposal(0.9, _answer(facts, document, procedure, None), "procedure", "监测对象识别程序")
    if len(named) >= 2 or (named and question.has(_ORDERED)):
        return Proposal(0.8, _answer(facts, document, procedure, named[0]), "procedure", "监测对象识别程序")
    return None


_WHICH = re.compile("第几[步个道]|排第几|哪一步")
_HOW_MANY = re.compile("几步|多少步|几个(?:步骤|环节|程序)|几道")
_DEADLINE = re.compile("几天|多少天|多久|多长时间|时限|期限|工作日|几个月|什么时候")
_ORDERED = re.compile("哪一级|谁来?(?:审|定|批|做|评)|第几步|哪一步|由哪|归谁|谁(?:审|批)")


def _named_steps(question: Question, facts: Facts, steps: Sequence[str]) -> list[int]:
    """Steps that the question names in full, in a word of the lexicon, or by most of their characters."""
    text = squeeze(question.text)
    terms = {t for c in question.concepts for t, _ in c.alternatives}
    found = []
    for number, step in enumerate(steps):
        name = squeeze(normalise(step))
        parts = {name[k : k + 4] for k in range(0, max(1, len(name) - 3))}
        if name in text or name in terms or any(part in text for part in parts):
            found.append((text.find(name[:2]), number))
    return [number for _, number in sorted(found)]


def _position(question: Question, steps: Sequence[str], named: Sequence[int]) -> int | None:
    """The step asked for, relative to one that is named or absolute."""
    if question.asked_step and question.asked_step <= len(steps):
        return question.asked_step - 1
    if named and question.asks_next and named[-1] + 1 < len(steps) and len(named) == 1:
        return named[-1] + 1
    if named and question.asks_previous and named[0] > 0 and len(named) == 1:
        return named[0] - 1
    if len(named) == 1 and question.has(_WHICH):
        return named[0]
    if not named and question.asks_last:
        return len(steps) - 1
    if not named and question.asks_first and question.has(_WHOLE):
        return 0
    return None


def _answer(facts: Facts, document: Document, procedure: Procedure, position: int | None) -> Answer:
    steps = procedure.steps
    chain = "→".join(steps)
    lead = f"共{len(steps)}步：{chain}。"
    if position is not None:
        which = "最后一步" if position + 1 == len(steps) else f"第{position + 1}步"
        lead = f"{which}是“{steps[position]}”（共{len(steps)}步）。"
    body = [f"{k}. {step}" for k, step in enumerate(steps, 1)]
    clause = document.clauses[procedure.clause_index]
    return compose(
        facts,
        Status.ANSWERED,
        lead,
        body=body,
        quotations=[cite_clause(document, clause, clause.text)],
        notices=["文件没有规定每一步的办理时限。"],
    )
