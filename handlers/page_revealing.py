"""The one-time page that shows one value of a case, to whom may see it at that moment."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from db import cases, links, people, personal
from db.access import Action, may
from db.models import Person
from db.models_cases import Case, SecureLink
from db.personal import Field
from handlers import wording_pages as wording
from handlers.form_report import report_form
from handlers.page_shown import Refusal, Revealed, RevealPage


def offer(session: Session, link: SecureLink) -> RevealPage | Refusal:
    """What it would show; nothing of it yet."""
    found = _case(session, link)
    if isinstance(found, Refusal):
        return found
    case, _, field, _ = found
    return RevealPage(wording.reveal_what(str(case.number), _label(field)))


def show(session: Session, link: SecureLink, now: dt.datetime) -> Revealed | Refusal:
    """The value. That it was shown is written down in the same transaction."""
    found = _case(session, link)
    if isinstance(found, Refusal):
        return found
    if not links.use(session, link, now):
        return Refusal.USED
    case, person, field, reason = found
    value = personal.reveal(session, case, field, actor=person, reason=reason, now=now)
    return Revealed(_label(field), value or wording.NOT_RECORDED)


def _case(session: Session, link: SecureLink) -> tuple[Case, Person, Field, str] | Refusal:
    """With the field and the reason that the link was made for."""
    person = people.get(session, link.person_id)
    case = cases.get(session, person, link.case_id or 0)
    if person is None or case is None or not may(person, Action.REVEAL, case.area):
        return Refusal.NOT_ALLOWED
    field, _, reason = links.detail_of(session, link).partition(" ")
    return case, person, Field(field), reason


def _label(field: Field) -> str:
    question = report_form().question(field)
    assert question is not None  # the codes are the form's
    return question.label
