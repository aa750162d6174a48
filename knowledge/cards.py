"""Ready texts for a few words: what answers them, and the clauses in which they stand.

They are for somebody who wants to pass a rule on, so each says where it stands and asks nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.answers.clause_number import LONGEST_QUOTE, whole_text
from knowledge.answers.compose import cite_clause, compose, cut_at_sentence, numbered, shorten
from knowledge.errors import ReadingError
from knowledge.library import KnowledgeBase
from knowledge.model import Answer, Clause, Document, Hit, Status

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 100
_CLAUSE_ID = re.compile(r"#(\d+)\.(\d+)$")  # rows of tables have other ones (knowledge.search.units)


@dataclass(frozen=True, slots=True)
class Card:
    """A text with its place cited; `title` and `description` are for choosing among several."""

    title: str
    description: str
    text: str


def cards(library: KnowledgeBase, words: str, limit: int) -> list[Card]:
    """At most `limit` different cards, the surest first."""
    found: dict[str, Card] = {}
    for card in _cards(library, words, limit):
        if len(found) == limit:
            break
        found.setdefault(card.text, card)
    return list(found.values())


def _cards(library: KnowledgeBase, words: str, limit: int) -> Iterator[Card]:
    for answer in _answers(library, words):
        place = "；".join(f"《{c.document}》 {c.locator}" for c in answer.citations)
        text = answer.text.removesuffix("\n\n" + numbered(answer.options))
        yield Card(shorten(answer.lead, TITLE_LENGTH), shorten(place, DESCRIPTION_LENGTH), text)
    for hit in library.search(words, limit):
        clause = _clause(library, hit)
        if clause and _shares(words, whole_text(*clause)):
            yield _clause_card(library, *clause)


def _shares(words: str, text: str) -> bool:
    """Whether two neighbouring characters of the words stand in the text: search also finds by sound."""
    pairs = {words[k : k + 2] for k in range(len(words) - 1)} or {words}
    return any(pair in text for pair in pairs)


def _answers(library: KnowledgeBase, words: str) -> Iterator[Answer]:
    """The answer; where it is a question back, what each choice would give."""
    answer, context = library.ask(words)
    if answer.status is Status.CLARIFY:
        chosen = [library.ask(option, context)[0] for option in answer.options]
    else:
        chosen = [answer]
    yield from (answer for answer in chosen if answer.status is Status.ANSWERED and answer.citations)


def _clause(library: KnowledgeBase, hit: Hit) -> tuple[Document, Clause] | None:
    position = _CLAUSE_ID.search(hit.clause_id)
    if position is None:
        return None
    try:
        document = library.documents_in(hit.source)[int(position[1])]
        return document, document.clauses[int(position[2])]
    except (ReadingError, IndexError):  # the file has changed since it was indexed
        return None


def _clause_card(library: KnowledgeBase, document: Document, clause: Clause) -> Card:
    text = whole_text(document, clause)
    quotation = cite_clause(document, clause, cut_at_sentence(text, LONGEST_QUOTE))
    title = clause.heading or text.split("\n")[0]
    answer = compose(library.citing_facts, Status.ANSWERED, title, quotations=[quotation])
    name = document.short_names[0] if document.short_names else document.title
    description = f"《{name}》 {' '.join(text.split())}"
    return Card(shorten(title, TITLE_LENGTH), shorten(description, DESCRIPTION_LENGTH), answer.text)
