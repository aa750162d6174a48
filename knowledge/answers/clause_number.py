"""A clause asked for by its number: `考核办法第七条`, `政策措施三（五）`, `专栏10`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from knowledge.answers.clause_labels import (
    ITEM_OF_ARTICLE,
    clauses_named,
    documents_meant,
    form_of,
    labels_in,
    paths_in,
)
from knowledge.answers.compose import MAX_LEAD, Proposal, cite_clause, compose, cut_at_sentence, shorten
from knowledge.facts import Facts
from knowledge.model import Answer, Clause, Document, Status, Table
from knowledge.parsing.numbering import NUMERAL
from knowledge.question import Question

_LABEL = re.compile(rf"第[{NUMERAL}\d]+[章节条编]|[{NUMERAL}]+、|（[{NUMERAL}\d]+）|专栏\d+")
CUT = "\n……\n"
LONGEST_QUOTE = 3200  # characters
_OTHER_TOPIC = 8  # characters of concepts beside the reference: then it is not asked for as such


def propose(question: Question, facts: Facts) -> Proposal | None:
    """The clause with the previous and the next one at hand."""
    labels = labels_in(question.text)
    if not labels:
        return None
    topic = sum(
        len(c.surface) for c in question.concepts if not re.search(r"第|专栏|条|章|节|附件", c.surface)
    )
    found = clauses_named(question, facts)
    if not found:
        if question.documents:
            return _absent(question, facts, labels)
        return None
    if topic > _OTHER_TOPIC + 6 * bool(question.documents) and not ITEM_OF_ARTICLE.search(question.text):
        return None
    if len({d.title for d, _ in found}) > 1:
        return _ask_back(facts, found, labels)
    paths = paths_in(question.text)
    shown = answer(facts, *found[0]) if len(paths) == 1 else _each(facts, found, paths)
    return Proposal(0.93, shown, "clause", "".join(labels))


def _each(facts: Facts, found: Sequence[tuple[Document, Clause]], paths: Sequence[Sequence[str]]) -> Answer:
    """Several clauses of one document, one after the other, and which of those named it does not have."""
    share = MAX_LEAD // len(found) - 1
    leads = [shorten(clause.text.split("\n")[0] or clause.heading, share) for _, clause in found]
    quotations = [cite_clause(d, c, shorten(whole_text(d, c), LONGEST_QUOTE // len(found))) for d, c in found]
    present = {clause.label for _, clause in found}
    missing = [path[-1] for path in paths if path[-1] not in present]
    notices = [f"《{found[0][0].title}》没有{'、'.join(missing)}。"] if missing else []
    return compose(facts, Status.ANSWERED, "".join(leads), quotations=quotations, notices=notices)


def answer(facts: Facts, document: Document, clause: Clause) -> Answer:
    """The clause with all under it; where it is too long it is cut after a sentence."""
    lead = shorten(clause.text.split("\n")[0] or clause.heading, 110)
    near = zip(("上一条", "下一条"), _neighbours(document, clause), strict=True)
    options = [f"{way}：{name}" for way, other in near if other and (name := spoken_name(document, other))]
    quotations = [cite_clause(document, clause, cut_at_sentence(whole_text(document, clause), LONGEST_QUOTE))]
    return compose(facts, Status.ANSWERED, lead, body=[], quotations=quotations, options=options)


def _neighbours(document: Document, clause: Clause) -> tuple[Clause | None, Clause | None]:
    """The labelled clauses before and after it under the same heading."""
    siblings = [c for c in document.clauses if c.path == clause.path and c.label]
    at = next((k for k, c in enumerate(siblings) if c is clause), None)
    if at is None:
        return None, None
    around = [None, *siblings, None]
    return around[at], around[at + 2]


def whole_text(document: Document, clause: Clause) -> str:
    """A clause with all under it; what lies between its parts in the source is marked as cut."""
    if is_article(clause):
        return clause.full_text
    parts = [c.text for c in (clause, *below(document, clause)) if c.text]
    return CUT.join(parts) or _rows_of(document, clause) or clause.title or clause.label


def is_article(clause: Clause) -> bool:
    return clause.label.startswith("第") and clause.label.endswith("条")


def below(document: Document, clause: Clause) -> list[Clause]:
    """All clauses under one; nothing hangs under the text that stands before the first heading."""
    at = next((k for k, c in enumerate(document.clauses) if c is clause), None)
    if at is None or clause.depth == 0:
        return []
    return list(takewhile(partial(_is_below, clause), document.clauses[at + 1 :]))


def _is_below(above: Clause, clause: Clause) -> bool:
    """By its path too: a document may have been narrowed to some of its clauses."""
    if clause.depth <= above.depth or len(clause.path) <= len(above.path):
        return False
    return clause.path[len(above.path)].startswith(above.label)  # a box is `专栏9：…` in a path


def _rows_of(document: Document, clause: Clause) -> str:
    """The tables that stand in a clause without text."""
    inside = [t for t in document.tables if t.path and t.path[:-1] == clause.path]
    return CUT.join(rows_of(t) for t in inside if clause.label in t.path[-1])


def rows_of(table: Table) -> str:
    """The rows as printed."""
    return CUT.join(" ".join(row.raw.split()) for row in table.rows)


def spoken_name(document: Document, clause: Clause) -> str:
    """What means this clause when it comes back as a question: document and labels; "" if nothing does."""
    short = document.short_names[0] if document.short_names else document.title
    labels = [_LABEL.match(part) for part in (*clause.path, clause.label)]
    return short + "".join(found[0] for found in labels if found) if labels[-1] else ""


def _ask_back(facts: Facts, found: Sequence[tuple[Document, Clause]], labels: Sequence[str]) -> Proposal:
    options = [f"{d.short_names[0] if d.short_names else d.title}{''.join(labels)}" for d, _ in found]
    lead = f"{len(found)}个文件里都有“{''.join(labels)}”，您要看哪一个？"
    return Proposal(0.9, compose(facts, Status.CLARIFY, lead, options=options), "clause")


def _absent(question: Question, facts: Facts, labels: Sequence[str]) -> Proposal:
    document = documents_meant(question, facts)[0]
    present = [c.label for c in document.clauses if form_of(c.label) == form_of(labels[-1])]
    known = f"，只有{present[0]}到{present[-1]}" if present else ""
    lead = f"《{document.title}》没有{''.join(labels)}{known}。"
    return Proposal(0.9, compose(facts, Status.NOT_FOUND, lead), "clause")
