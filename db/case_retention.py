"""Deleting what of drafts and closed cases may not be kept any longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session, col

from db import audit, photos
from db.cases import CLOSED, known_id
from db.drafts import Status, close
from db.drafts import known_id as known_draft
from db.models_cases import Case, CaseEntry, CaseFile, Consent, Draft, Measure, Reminder, Report, SecureLink

BATCH = 200  # in one go: on SQLite everybody else waits meanwhile
LINK_DAYS = 2
REMINDER_DAYS = 500  # longer than the longest period that is reminded of


def forget_drafts(session: Session, *, now: dt.datetime, days: int) -> bool:
    """Give up drafts that nobody has touched for so many days. Returns whether there may be more."""
    old = select(Draft).where(
        col(Draft.status) == Status.OPEN, col(Draft.updated_at) < now - dt.timedelta(days=days)
    )
    # One that somebody is working on this moment is locked, and not given up.
    untouched = old.order_by(col(Draft.id)).limit(BATCH).with_for_update(skip_locked=True)
    drafts = list(session.execute(untouched).scalars())
    for draft in drafts:
        photos.forget(session, draft_id=known_draft(draft))
        close(session, draft, Status.CANCELLED, now=now)
    return len(drafts) == BATCH


def forget_links(session: Session, *, now: dt.datetime) -> None:
    """Links that are long expired, and reminders of periods long gone."""
    gone = now - dt.timedelta(days=LINK_DAYS)
    session.execute(delete(SecureLink).where(col(SecureLink.expires_at) < gone))
    sent = now - dt.timedelta(days=REMINDER_DAYS)
    session.execute(delete(Reminder).where(col(Reminder.sent_at) < sent))


def forget_people(session: Session, *, now: dt.datetime, days: int) -> bool:
    """Take out of closed cases who it was; what is counted stays, and the history says that it was done.

    Households that stay on the watch list after their exit are not closed. Returns whether there may be more.
    """
    watched = (col(Case.step) == "exited") & (col(Case.category) == "unstable")
    old = select(Case).where(
        col(Case.step).in_(CLOSED),
        ~watched,
        col(Case.step_since) < now - dt.timedelta(days=days),
        or_(col(Case.head_name) != "", col(Case.narrative) != ""),
    )
    cases = list(session.execute(old.order_by(col(Case.id)).limit(BATCH).with_for_update()).scalars())
    for case in cases:
        _blank(case)
        audit.record(
            session, known_id(case), "forgotten", person_id=None, now=now,
            from_step=case.step, to_step=case.step,
        )  # fmt: skip
    _delete_of(session, [known_id(case) for case in cases])
    return len(cases) == BATCH


def _blank(case: Case) -> None:
    case.head_name = case.id_number = case.phone = case.narrative = case.place_typed = case.point = ""
    case.name_hash = case.sound_hash = case.id_hash = case.phone_hash = ""


def _delete_of(session: Session, case_ids: Sequence[int]) -> None:
    for table in (CaseEntry, CaseFile, Consent):
        session.execute(delete(table).where(col(table.case_id).in_(case_ids)))
    session.execute(update(Report).where(col(Report.case_id).in_(case_ids)).values(answers=""))
    session.execute(update(Measure).where(col(Measure.case_id).in_(case_ids)).values(note=""))
