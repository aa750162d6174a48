"""The one-time page: what it asks for, what it stores, and what it shows. It never shows what it stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from db import cases, drafts, duplicates, links, outbox, people, personal
from db.access import Action, may
from db.days import today_of
from db.links import LinkState, Purpose
from db.masking import masked_name
from db.models import Person
from db.models_cases import Case, Draft, SecureLink
from db.personal import Field
from handlers import page_revealing
from handlers import wording_pages as wording
from handlers.form_answers import MAX_TEXT, Fault
from handlers.form_report import report_form
from handlers.form_view import data
from handlers.forms import Form, Kind, Question, applying, next_question
from handlers.page_shown import FillPage, Line, Refusal, Revealed, RevealPage, Saved
from handlers.pages import IN_CHAT
from handlers.personal_answers import is_phone, read
from handlers.router import FILLING
from handlers.turn import Button, Reply

_TYPED = (Kind.NAME, Kind.TEXT)  # kinds of personal answers that a line of text holds


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the link is about: a draft with its form, or without one a case. `known` are its answers.

    `head` is the household's, "" when nobody has named it yet.
    """

    link: SecureLink
    person: Person
    form: Form
    known: Mapping[str, Any]
    head: str
    draft: Draft | None = None
    case: Case | None = None
    names_in_chat: bool = False

    @property
    def questions(self) -> list[Question]:
        """What is asked here: secrets always, other personal things where the chat does not ask them."""
        only = self.draft.fields if self.draft else ()
        chosen = (q for q in applying(self.form, self.known) if not only or q.code in only)
        return [question for question in chosen if self._asks(question)]

    def _asks(self, question: Question) -> bool:
        if question.kind is Kind.SECRET:
            return True
        in_chat = self.names_in_chat and self.known.get(question.code) is not None
        return question.personal and question.kind in _TYPED and not in_chat


def open_page(
    session: Session, secret: str, visitor: str | None, now: dt.datetime
) -> FillPage | RevealPage | Refusal:
    """What a link shows before anything is pressed. `visitor` is the chat of a browser's session."""
    link = _usable(session, secret, visitor, now)
    if isinstance(link, Refusal):
        return link
    if link.purpose == Purpose.REVEAL:
        return page_revealing.offer(session, link)
    subject = _subject(session, link)
    return subject if isinstance(subject, Refusal) else _page(subject)


def press(
    session: Session, secret: str, visitor: str | None, given: Mapping[str, str], now: dt.datetime
) -> FillPage | Saved | Revealed | Refusal:
    """Store what was typed, or show the value, and use the link up; with a fault it stays open."""
    link = _usable(session, secret, visitor, now)
    if isinstance(link, Refusal):
        return link
    if link.purpose == Purpose.REVEAL:
        return page_revealing.show(session, link, now)
    subject = _subject(session, link)
    return subject if isinstance(subject, Refusal) else _fill(session, subject, given, now)


def _usable(session: Session, secret: str, visitor: str | None, now: dt.datetime) -> SecureLink | Refusal:
    link = links.find(session, secret)
    state = links.state_of(link, now)
    if link is None or state is not LinkState.OPEN:
        return Refusal(state.value)
    signed_in = people.find(session, visitor) if visitor else None
    if signed_in and people.known_id(signed_in) != link.person_id:
        return Refusal.SOMEBODY_ELSE
    return link


# --- filling --------------------------------------------------------------------------------


def _subject(session: Session, link: SecureLink) -> _Subject | Refusal:
    person = people.get(session, link.person_id)
    if person is None or not person.active:
        return Refusal.NOT_ALLOWED
    if link.draft_id is not None:
        return _of_draft(session, link, person)
    case = cases.get(session, person, link.case_id or 0)
    if case is None or not may(person, Action.REPORT, case.area):
        return Refusal.NOT_ALLOWED
    known = {field.value: personal.value(session, case, field) or None for field in Field}
    return _Subject(link, person, report_form(), known, known[Field.HEAD] or "", case=case)


def _of_draft(session: Session, link: SecureLink, person: Person) -> _Subject | Refusal:
    draft = drafts.get(session, link.draft_id or 0, link.person_id)
    form = FILLING.form_of(draft.form) if draft else None
    if draft is None or form is None or draft.status != drafts.Status.OPEN:
        return Refusal.OVER
    known = drafts.answers(session, draft)
    case = cases.get(session, person, draft.case_id) if draft.case_id is not None else None
    if draft.case_id is not None and case is None:
        return Refusal.NOT_ALLOWED
    head = personal.value(session, case, Field.HEAD) if case else known.get(Field.HEAD) or ""
    in_chat = links.detail_of(session, link) == IN_CHAT
    return _Subject(link, person, form, known, head, draft, case, in_chat)


def _page(subject: _Subject) -> FillPage:
    about = (
        wording.about_case(str(subject.case.number)) if subject.case else "",
        wording.about_household(masked_name(subject.head)) if subject.head else "",
    )
    return FillPage("　".join(filter(None, about)), tuple(_line(subject, q) for q in subject.questions))


def _line(subject: _Subject, question: Question) -> Line:
    known = subject.known.get(question.code) is not None
    hint = ""
    if question.kind is Kind.SECRET:
        hint = wording.PHONE_HINT if is_phone(question) else wording.ID_HINT
    return Line(
        question.code, question.label, wording.KNOWN if known else hint,
        required=not (question.optional or known), digits=is_phone(question),
    )  # fmt: skip


def _fill(
    session: Session, subject: _Subject, given: Mapping[str, str], now: dt.datetime
) -> FillPage | Saved | Refusal:
    values, faults = _read(subject, given, today_of(now))
    if faults or not values:
        return _again(_page(subject), given, faults)
    if not links.use(session, subject.link, now):
        return Refusal.USED
    _store(session, subject, values, now)
    labels = tuple(question.label for question in subject.questions if question.code in values)
    button = _way_on(subject)
    reply = Reply("\n".join(filter(None, (wording.received(labels), _twins(session, subject)))), ((button,),))
    reason = f"page:{subject.link.hash}"
    outbox.tell(session, subject.link.chat, [reply.to_json()], reason=reason, now=now)
    return Saved(labels)


def _read(
    subject: _Subject, given: Mapping[str, str], today: dt.date
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by field, and what is wrong by field. An empty field that may be empty is neither."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for question in subject.questions:
        typed = given.get(question.code, "").strip()[: MAX_TEXT + 1]
        if typed:
            value = read(question, typed, today=today)
            if isinstance(value, Fault):
                faults[question.code] = value.text
            else:
                values[question.code] = value
        elif _line(subject, question).required:
            faults[question.code] = wording.MISSING
    return values, faults


def _again(page: FillPage, given: Mapping[str, str], faults: Mapping[str, str]) -> FillPage:
    lines = tuple(
        replace(line, typed=given.get(line.code, ""), fault=faults.get(line.code, "")) for line in page.lines
    )
    return replace(page, lines=lines, fault=wording.SEE_BELOW if faults else wording.NOTHING)


def _store(session: Session, subject: _Subject, values: Mapping[str, Any], now: dt.datetime) -> None:
    if subject.draft is None:
        assert subject.case is not None
        given = {Field(code): str(value) for code, value in values.items()}
        personal.change(session, subject.case, given, actor=subject.person, now=now)
        return
    for code, value in values.items():
        drafts.store(session, subject.draft, code, value, now=now)
    if subject.draft.asked in values:  # what the chat would ask next
        answers = drafts.answers(session, subject.draft)
        question = next_question(subject.form, answers, subject.draft.fields)
        subject.draft.asked = question.code if question else ""


def _twins(session: Session, subject: _Subject) -> str:
    """That another case has the same ID number; its own number only for those who may see it."""
    if subject.draft is not None or subject.case is None:
        return ""  # a report looks for likenesses when it is submitted
    found = duplicates.same_id(session, subject.case)
    seen = [str(one.number) for one in found if may(subject.person, Action.SEE_CASES, one.area)]
    return wording.same_id(seen) if found else ""


def _way_on(subject: _Subject) -> Button:
    if subject.draft:
        return Button(wording.GO_ON, data("r", drafts.known_id(subject.draft)))
    assert subject.case is not None
    return Button(wording.LOOK, f"case:{subject.case.number}")
