"""What can be chosen while browsing: an entry with what lies below it and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.answers import next_context
from knowledge.answers.compose import Proposal
from knowledge.context import Context
from knowledge.model import Answer


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and the question that gets it when it is typed ("" when no question means just this)."""

    question: str
    proposal: Proposal

    @property
    def answer(self) -> Answer:
        return self.proposal.answer

    @property
    def context(self) -> Context:
        return next_context(self.question, self.proposal)


def said(question: str, answer: Answer, kind: str, subject: str) -> Said:
    return Said(question, Proposal(1.0, answer, kind, subject))


def _nothing() -> tuple[Entry, ...]:
    return ()


def _no_text() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. What is behind it is worked out when it is opened.

    `label` is for a button, as long as it is; `counted` its measure word (下一条, 下一项). An entry has
    entries `below`, or an answer, or both; `intro` stands above the entries when there is no answer.
    `whole` is the text that the answer or the intro had to cut, "" when nothing was cut.
    """

    label: str
    title: str = ""
    counted: str = "个"
    intro: str = ""
    below: Callable[[], Sequence[Entry]] = _nothing
    answer: Callable[[], Said] | None = None
    whole: Callable[[], str] = _no_text
