"""Forms are data: what is asked, in which order, what counts as an answer. A conversation walks them.

Codes of questions and choices are stored and never change; wording may. Values are what JSON holds:
a text, a number, a code or a list of codes, a day as `2026-03-01`, a place as `{"code", "typed"}`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Answers = Mapping[str, Any]


class Kind(StrEnum):
    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    MONEY = "money"  # yuan a year
    DAY = "day"
    YEAR = "year"
    CHOICE = "choice"
    CHOICES = "choices"
    PLACE = "place"
    SECRET = "secret"  # only on a page of our own: an ID number, a telephone number


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask.

    `least` and `most` bound a number (or the characters of a text); beyond `usual` it is asked back whether
    that is right. `when` says, by another question's code, for which of its answers this one is asked at
    all (that one comes before); or it is a test of the answers so far. `offers` names a known answer that
    holds choices to put before those of the form, as pairs of code and label. `personal` tells who somebody
    is. `doubt` may find a contradiction with other answers and puts it as a question.
    """

    code: str
    label: str
    ask: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    quiet: bool = False
    personal: bool = False
    help: str = ""
    least: float = 0
    most: float = 0
    usual: float = 0
    when: tuple[str, tuple[Any, ...]] | Callable[[Answers], bool] | None = None
    offers: str = ""
    doubt: Callable[[Any, Answers], str] | None = None

    def label_of(self, code: Any) -> str:
        return next((choice.label for choice in self.choices if choice.code == code), str(code))

    def offers_choice(self, code: str) -> bool:
        return any(choice.code == code for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Form:
    """`summary` is shown before submitting; without it the form ends with its last answer.

    With `photos`, photos and a place may be sent at any time before.
    """

    code: str
    title: str
    questions: tuple[Question, ...]
    summary: bool = True
    photos: bool = False
    intro: str = ""

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)


def applies(question: Question, answers: Answers) -> bool:
    """Whether the question is asked at all, by the answers so far."""
    if question.when is None:
        return True
    if callable(question.when):
        return question.when(answers)
    given = answers.get(question.when[0])
    values = given if isinstance(given, list) else [given]
    return any(value in question.when[1] for value in values)


def applying(form: Form, answers: Answers) -> list[Question]:
    """The questions that are asked at all. An answer to one that no longer is decides nothing either."""
    own = {question.code for question in form.questions}
    counted = {code: value for code, value in answers.items() if code not in own}
    found = []
    for question in form.questions:
        if applies(question, counted):
            found.append(question)
            counted[question.code] = answers.get(question.code)
    return found


def asked(form: Form, answers: Answers, only: Sequence[str] = ()) -> list[Question]:
    """The questions of the form as things stand, in their order. Secrets are offered, not asked for."""
    asked_for = (q for q in applying(form, answers) if q.kind is not Kind.SECRET or q.code in only)
    return [q for q in asked_for if not only or q.code in only]


def next_question(form: Form, answers: Answers, only: Sequence[str] = ()) -> Question | None:
    """The first that has no answer yet; None when all have one."""
    return next((q for q in asked(form, answers, only) if q.code not in answers), None)


def question_before(form: Form, answers: Answers, code: str, only: Sequence[str] = ()) -> Question | None:
    """The one that was asked before that one ("" for the summary)."""
    questions = asked(form, answers, only)
    before = questions[: _place(questions, code)]
    return before[-1] if before else None


def relevant(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that count: those of questions that are (still) asked, and that were not skipped."""
    wanted = {question.code for question in applying(form, answers)}
    return {code: value for code, value in answers.items() if code in wanted and value is not None}


def with_offers(form: Form, answers: Answers) -> Form:
    """The form with the choices that this household's answers add to it."""
    return replace(form, questions=tuple(_with_offers(question, answers) for question in form.questions))


def _with_offers(question: Question, answers: Answers) -> Question:
    offered = tuple(Choice(code, label) for code, label in answers.get(question.offers) or ())
    return replace(question, choices=(*offered, *question.choices)) if offered else question


def day(value: str) -> dt.date:
    return dt.date.fromisoformat(value)


def _place(questions: Sequence[Question], code: str) -> int:
    return next((place for place, question in enumerate(questions) if question.code == code), len(questions))
