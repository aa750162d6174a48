"""A question, and the summary of a form, as replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from db.masking import masked_name
from handlers import wording_forms as wording
from handlers.account import area_path
from handlers.forms import Answers, Form, Kind, Question, asked
from handlers.turn import Button, Desk, Reply

Rows = tuple[tuple[Button, ...], ...]
_PER_ROW = 2
_SHORT = 6  # characters of labels that fit beside each other


def data(action: str, draft_id: int, *more: object) -> str:
    return ":".join(("form", action, str(draft_id), *map(str, more)))


def show_question(
    form: Form, question: Question, draft_id: int, answers: Answers, desk: Desk, *, only: Sequence[str] = (),
    edit: bool = False,
) -> Reply:  # fmt: skip
    """The question with its buttons, and where it stands among the others."""
    steps = [q for q in asked(form, answers, only) if q is question or not (q.quiet and q.code in answers)]
    number = next((place for place, step in enumerate(steps, 1) if step.code == question.code), 0)
    given = answers.get(question.code)
    known = "" if given is None or question.kind is Kind.CHOICES else shown(question, given, desk)
    text = wording.question(form, question, number, len(steps) if number else 0, known)
    rows = (*_choice_buttons(question, draft_id, given), *_ways_on(question, draft_id, first=number <= 1))
    return Reply(text, rows, edit=edit)


def show_summary(
    form: Form, draft_id: int, answers: Answers, desk: Desk, *, photos: int = 0, only: Sequence[str] = (),
    edit: bool = False,
) -> Reply:  # fmt: skip
    """Every answer in a line, every line with a button that changes it; for secrets the page's."""
    steps = [q for q in asked(form, answers, only) if q.kind is not Kind.SECRET]
    secrets = [q for q in form.questions if q.kind is Kind.SECRET and (not only or q.code in only)]
    lines = [wording.answered(q.label, shown(q, answers.get(q.code), desk)) for q in (*steps, *secrets)]
    edits = [Button(wording.edit(q.label), data("e", draft_id, q.code)) for q in steps]
    rows = (
        (Button(wording.SUBMIT, data("o", draft_id)),),
        *in_rows(edits),
        *(((Button(wording.FILL_ON_PAGE, data("u", draft_id)),),) if secrets and desk.web_url else ()),
        (_aside(wording.LATER, data("p", draft_id)), _aside(wording.CANCEL, data("x", draft_id))),
    )
    return Reply(wording.summary(form, lines, photos, place=bool(answers.get("point"))), rows, edit=edit)


def shown(question: Question, value: Any, desk: Desk) -> str:
    """A value as the reader knows it."""
    if value is None or value == "" or value == []:
        return wording.NOT_GIVEN
    if question.kind is Kind.SECRET:
        return wording.GIVEN
    if question.personal and not desk.hears_names:
        return masked_name(str(value))  # what was typed on the page or in another chat
    if question.kind is Kind.CHOICES:
        return "、".join(question.label_of(code) for code in value)
    if question.kind is Kind.CHOICE:
        return question.label_of(value)
    if question.kind is Kind.PLACE:
        return str(value["typed"]) if not value["code"] else area_path(desk.library.areas, value["code"])
    if question.kind is Kind.DAY:
        return wording.chinese_day(dt.date.fromisoformat(value))
    if question.kind is Kind.YEAR:
        return f"{value}年"
    if question.kind in (Kind.NUMBER, Kind.MONEY):
        return f"{value:g}" + ("元" if question.kind is Kind.MONEY else "")
    return str(value)


def in_rows(buttons: Sequence[Button], per_row: int = _PER_ROW) -> Rows:
    return tuple(tuple(buttons[at : at + per_row]) for at in range(0, len(buttons), per_row))


def _choice_buttons(question: Question, draft_id: int, given: Any) -> Rows:
    if question.kind is Kind.CHOICES:
        marked = set(given or ())
        buttons = [
            Button(
                f"{wording.CHOSEN if choice.code in marked else wording.OPEN} {choice.label}",
                data("t", draft_id, question.code, choice.code),
            )
            for choice in question.choices
        ]
        return (*in_rows(buttons), (Button(wording.NEXT, data("d", draft_id, question.code)),))
    buttons = [Button(c.label, data("a", draft_id, question.code, c.code)) for c in question.choices]
    short = all(len(choice.label) <= _SHORT for choice in question.choices)
    return in_rows(buttons, _PER_ROW if short else 1)


def _ways_on(question: Question, draft_id: int, *, first: bool) -> Rows:
    on = [_aside(wording.SKIP, data("s", draft_id, question.code))] if question.optional else []
    back = [] if first else [_aside(wording.BACK, data("b", draft_id, question.code))]
    help_ = _aside(wording.HELP, data("h", draft_id, question.code))
    leave = (_aside(wording.LATER, data("p", draft_id)), _aside(wording.CANCEL, data("x", draft_id)))
    return (*on, *back, help_), leave


def _aside(label: str, data: str) -> Button:
    return Button(label, data, aside=True)
