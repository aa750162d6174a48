"""A clause asked for by its number: `考核办法第七条`, `政策措施三（五）`, `专栏10`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.answers.compose import Proposal, cite_clause, compose, shorten
from knowledge.facts import Facts
from knowledge.model import Answer, Clause, Document, Status
from knowledge.parsing.numbering import NUMERAL, chinese_numeral, numeral_value
from knowledge.question import Question

_REFERENCE = re.compile(
    rf"第\s*(?P<chapter>[{NUMERAL}\d]+)\s*章(?:\s*第\s*(?P<section>[{NUMERAL}\d]+)\s*节)?"
    rf"|第\s*(?P<article>[{NUMERAL}\d]+)\s*条"
    rf"|专栏\s*(?P<box>[{NUMERAL}\d]+)"
)
_LISTED = re.compile(
    rf"(?P<list>[{NUMERAL}]{{1,3}})、?\s*(?:部分|大条|大项)?(?:的|里)?\s*第?\(?(?P<item>\([{NUMERAL}]{{1,3}}\))"
)
_LONE_LIST = re.compile(rf"第(?P<list>[{NUMERAL}\d]{{1,3}})(?:部分|大条)")
_ITEM_OF_ARTICLE = re.compile(rf"第[{NUMERAL}\d]+条\s*第\s*(?P<item>[{NUMERAL}\d]+)\s*项")
_OTHER_TOPIC = 8  # characters of concepts beside the reference: then it is not asked for as such


def propose(question: Question, facts: Facts) -> Proposal | None:
    """The clause with the previous and the next one at hand."""
    labels = _labels(question.text)
    if not labels:
        return None
    topic = sum(
        len(c.surface) for c in question.concepts if not re.search(r"第|专栏|条|章|节|附件", c.surface)
    )
    found = [(d, k) for d in _documents(question, facts) for k in _clauses(d, labels)]
    if not found:
        if question.documents and labels[0].startswith("第"):
            return _absent(question, facts, labels)
        return None
    if topic > _OTHER_TOPIC + 6 * bool(question.documents) and not _ITEM_OF_ARTICLE.search(question.text):
        return None
    documents = {d.title for d, _ in found}
    if len(documents) > 1:
        return _ask_back(facts, found, labels)
    return Proposal(0.93, _answer(facts, *found[0]), "clause", "".join(labels))


def _labels(text: str) -> list[str]:
    """Labels as the outline writes them, outermost first."""
    labels: list[str] = []
    for found in _REFERENCE.finditer(text):
        labels += list(_label_parts(found))
    if item := _ITEM_OF_ARTICLE.search(text):
        labels.append(f"（{_chinese(item['item'])}）")
    elif listed := _LISTED.search(text):
        labels += [f"{listed['list']}、", listed["item"].replace("(", "（").replace(")", "）")]
    elif lone := _LONE_LIST.search(text):
        labels.append(f"{_numeral(lone['list'])}、")
    return labels


def _label_parts(found: re.Match[str]) -> Iterator[str]:
    for group, form in (
        ("chapter", "第{}章"),
        ("section", "第{}节"),
        ("article", "第{}条"),
        ("box", "专栏{}"),
    ):
        if value := found[group]:
            yield form.format(value if group != "box" else numeral_value(value))


def _chinese(value: str) -> str:
    return chinese_numeral(int(value)) if value.isdecimal() else value


def _numeral(value: str) -> str:
    return (
        value
        if not value.isdecimal()
        else "一二三四五六七八九十"[int(value) - 1]
        if 0 < int(value) <= 10
        else value
    )


def _documents(question: Question, facts: Facts) -> list[Document]:
    if question.documents:
        return [facts.documents[k] for k in sorted(question.documents)]
    return list(facts.documents)


def _same(label: str, wanted: str) -> bool:
    if label == wanted:
        return True
    kind, wanted_kind = re.sub(rf"[{NUMERAL}\d]+", "#", label), re.sub(rf"[{NUMERAL}\d]+", "#", wanted)
    if kind != wanted_kind or "#" not in kind:
        return False
    return _value(label) == _value(wanted)


def _value(label: str) -> int:
    found = re.search(rf"[{NUMERAL}\d]+", label)
    return numeral_value(found[0]) if found else -1


def _clauses(document: Document, labels: Sequence[str]) -> list[int]:
    """Numbers of clauses with the last label whose path holds the others in order."""
    result = []
    for number, clause in enumerate(document.clauses):
        if not _same(clause.label, labels[-1]):
            continue
        path = [re.split(r"[\s：]|(?<=[、）])", part)[0] for part in clause.path]
        rest = iter(path)
        if all(any(_same(part, label) for part in rest) for label in labels[:-1]):
            result.append(number)
    return result[:1]


def _answer(facts: Facts, document: Document, number: int) -> Answer:
    clause = document.clauses[number]
    text = clause.full_text or _rows_of(document, clause) or clause.title or clause.label
    first = clause.text.split("\n")[0] or clause.heading
    lead = shorten(first, 110)
    siblings = [c for c in document.clauses if c.path == clause.path and c.label]
    at = next(k for k, c in enumerate(siblings) if c is clause)
    options = [f"上一条：{_name(siblings[at - 1])}"] if at else []
    options += [f"下一条：{_name(siblings[at + 1])}"] if at + 1 < len(siblings) else []
    quotations = [cite_clause(document, clause, shorten(text, 3200))]
    return compose(facts, Status.ANSWERED, lead, body=[], quotations=quotations, options=options)


def _rows_of(document: Document, clause: Clause) -> str:
    """The rows of the tables that stand in a clause without text, as printed."""
    tables = [
        t for t in document.tables if t.path[: len(clause.path)] == clause.path and clause.label in t.path[-1]
    ]
    rows = (" ".join(row.raw.split()) for table in tables for row in table.rows)
    return "\n".join(rows)


def _name(clause: Clause) -> str:
    return shorten(clause.heading, 24)


def _ask_back(facts: Facts, found: Sequence[tuple[Document, int]], labels: Sequence[str]) -> Proposal:
    options = [f"{d.short_names[0] if d.short_names else d.title}{''.join(labels)}" for d, _ in found]
    lead = f"{len(found)}个文件里都有“{''.join(labels)}”，您要看哪一个？"
    return Proposal(0.9, compose(facts, Status.CLARIFY, lead, options=options), "clause")


def _absent(question: Question, facts: Facts, labels: Sequence[str]) -> Proposal:
    document = _documents(question, facts)[0]
    present = [
        c.label
        for c in document.clauses
        if re.sub(rf"[{NUMERAL}\d]+", "#", c.label) == re.sub(rf"[{NUMERAL}\d]+", "#", labels[-1])
    ]
    known = f"，只有{present[0]}到{present[-1]}" if present else ""
    lead = f"《{document.title}》没有{''.join(labels)}{known}。"
    return Proposal(0.9, compose(facts, Status.NOT_FOUND, lead), "clause")
