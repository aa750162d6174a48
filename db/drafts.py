"""Forms that are being filled in: every answer is a row before the next question is asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from db.crypto import seal, unseal
from db.models import Person
from db.models_cases import Draft, DraftAnswer


class Status(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"


def active(session: Session, person_id: int) -> Draft | None:
    """The draft that what the person types goes to. Locked, so that two devices take their turns."""
    wanted = select(Draft).where(col(Draft.person_id) == person_id, col(Draft.active))
    return session.execute(wanted.with_for_update()).scalar_one_or_none()


def waiting(session: Session, person_id: int) -> list[Draft]:
    """The open drafts of a person, the newest first."""
    wanted = select(Draft).where(col(Draft.person_id) == person_id, col(Draft.status) == Status.OPEN)
    return list(session.execute(wanted.order_by(col(Draft.updated_at).desc())).scalars())


def get(session: Session, draft_id: int, person_id: int) -> Draft | None:
    """A draft of that person; nobody else's."""
    wanted = select(Draft).where(col(Draft.id) == draft_id, col(Draft.person_id) == person_id)
    return session.execute(wanted.with_for_update()).scalar_one_or_none()


def begin(
    session: Session,
    person_id: int,
    form: str,
    *,
    now: dt.datetime,
    case_id: int | None = None,
    item: str = "",
    fields: Sequence[str] = (),
) -> Draft:
    """Take up the open draft of this form, or begin one; it is the active one from now on."""
    pause(session, person_id)
    wanted = select(Draft).where(
        col(Draft.person_id) == person_id,
        col(Draft.form) == form,
        col(Draft.case_id) == case_id if case_id is not None else col(Draft.case_id).is_(None),
        col(Draft.item) == item,
        col(Draft.status) == Status.OPEN,
    )
    draft = session.execute(wanted.limit(1)).scalar_one_or_none()
    if draft is None:
        draft = Draft(
            person_id=person_id, form=form, case_id=case_id, item=item, fields=list(fields),
            created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(draft)
    draft.active = True
    session.flush()
    return draft


def pause(session: Session, person_id: int) -> None:
    """Put the active draft aside; nothing of it is lost."""
    # Two devices of a person take their turns here: no row of a draft that both could lock is there yet.
    owner = select(col(Person.id)).where(col(Person.id) == person_id)
    session.execute(owner.with_for_update(key_share=True))
    mine = update(Draft).where(col(Draft.person_id) == person_id, col(Draft.active))
    session.execute(mine.values(active=False).execution_options(synchronize_session="fetch"))


def store(session: Session, draft: Draft, field: str, value: Any, *, now: dt.datetime) -> None:
    """Keep an answer (anything that JSON holds; None for a skipped field) in place of an earlier one."""
    key = (known_id(draft), field)
    row = session.get(DraftAnswer, key)
    if row is None:
        row = DraftAnswer(draft_id=key[0], field=field, value="", answered_at=now)
        session.add(row)
    row.value, row.answered_at = seal(session, json.dumps(value, ensure_ascii=False)), now
    draft.updated_at = now
    session.flush()


def answers(session: Session, draft: Draft) -> dict[str, Any]:
    """By field, in the order in which they were given."""
    wanted = select(DraftAnswer).where(col(DraftAnswer.draft_id) == draft.id)
    rows = session.execute(wanted.order_by(col(DraftAnswer.answered_at))).scalars()
    return {row.field: json.loads(unseal(session, row.value)) for row in rows}


def close(session: Session, draft: Draft, status: Status, *, now: dt.datetime) -> None:
    """The answers of a draft that was submitted stand elsewhere by now; a cancelled one is forgotten."""
    draft.status, draft.active, draft.updated_at = status, False, now
    session.execute(delete(DraftAnswer).where(col(DraftAnswer.draft_id) == draft.id))
    session.flush()


def known_id(draft: Draft) -> int:
    assert draft.id is not None  # only before it is stored
    return draft.id
