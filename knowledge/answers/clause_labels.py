"""Clauses named by their labels: `第七条`, `三（五）`, `第四条第六项`, `专栏10`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.facts import Facts
from knowledge.model import Clause, Document
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
_LAST_LIST = re.compile(rf"(?<![{NUMERAL}、])(?P<list>[{NUMERAL}]{{1,3}})、$")  # as answers offer it
_LONE_LIST = re.compile(rf"第(?P<list>[{NUMERAL}\d]{{1,3}})(?:部分|大条)")
_BRACKETED = re.compile(rf"第[{NUMERAL}\d]+条\s*[(（](?P<item>[{NUMERAL}\d]+)[)）]")
ITEM_OF_ARTICLE = re.compile(rf"第[{NUMERAL}\d]+条\s*第\s*(?P<item>[{NUMERAL}\d]+)\s*项")


def clauses_named(question: Question, facts: Facts) -> list[tuple[Document, Clause]]:
    """The clauses that the labels in a question may mean, in the documents named."""
    paths = paths_in(question.text)
    return [
        (d, d.clauses[k]) for d in documents_meant(question, facts) for p in paths for k in _clauses(d, p)
    ]


def paths_in(text: str) -> list[list[str]]:
    """The labels of each clause named: one path, or several labels of one rank (`第七条和第八条`)."""
    labels = labels_in(text)
    if len({form_of(label) for label in labels}) == 1:
        return [[label] for label in dict.fromkeys(labels)]
    return [labels] if labels else []


def form_of(label: str) -> str:
    """A label without its number: `第七条` → `第#条`."""
    return re.sub(rf"[{NUMERAL}\d]+", "#", label)


def labels_in(text: str) -> list[str]:
    """Labels as the outline writes them, outermost first."""
    labels: list[str] = []
    for found in _REFERENCE.finditer(text):
        labels += list(_label_parts(found))
    if inside := _BRACKETED.search(text):
        labels.append(f"（{_chinese(inside['item'])}）")
    elif item := ITEM_OF_ARTICLE.search(text):
        labels.append(f"（{_chinese(item['item'])}）")
    elif listed := _LISTED.search(text):
        labels += [f"{listed['list']}、", listed["item"].replace("(", "（").replace(")", "）")]
    elif last := _LAST_LIST.search(text):
        labels.append(f"{last['list']}、")
    elif lone := _LONE_LIST.search(text):
        labels.append(f"{_chinese(lone['list'])}、")
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
    """`5` → `五`; what no label is numbered with (0, 12345) stays as it was typed."""
    small = value.isdecimal() and 0 < int(value) < 10_000
    return chinese_numeral(int(value)) if small else value


def documents_meant(question: Question, facts: Facts) -> list[Document]:
    if question.documents:
        return [facts.documents[k] for k in sorted(question.documents)]
    return list(facts.documents)


def _same(label: str, wanted: str) -> bool:
    if label == wanted:
        return True
    form = form_of(label)
    return form == form_of(wanted) and "#" in form and _value(label) == _value(wanted)


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
