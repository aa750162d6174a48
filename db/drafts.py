"""Forms that are being filled in: every answer is a row before the next question is asked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
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
    sealed = seal(session, json.dumps(value, ensure_ascii=False))
    row = {"draft_id": known_id(draft), "field": field, "value": sealed, "answered_at": now}
    connection = session.connection()
    connection.execute(_keep_answer(connection.dialect.name), row)
    draft.updated_at = now


def answers(session: Session, draft: Draft) -> dict[str, Any]:
    """By field, in the order in which they were given."""
    rows: Any = session.connection().execute(_ANSWERS, {"of_draft": known_id(draft)})
    return {field: json.loads(unseal(session, value)) for field, value in rows}


# Rows as they are, and statements made once: every turn that fills in a form reads all of its answers.
_ANSWERS = (
    select(col(DraftAnswer.field), col(DraftAnswer.value))
    .where(col(DraftAnswer.draft_id) == bindparam("of_draft"))
    .order_by(col(DraftAnswer.answered_at))
)


@cache
def _keep_answer(dialect: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    adding = insert(DraftAnswer)
    anew = {"value": adding.excluded.value, "answered_at": adding.excluded.answered_at}
    return adding.on_conflict_do_update(index_elements=["draft_id", "field"], set_=anew)


def close(session: Session, draft: Draft, status: Status, *, now: dt.datetime) -> None:
    """The answers of a draft that was submitted stand elsewhere by now; a cancelled one is forgotten."""
    draft.status, draft.active, draft.updated_at = status, False, now
    session.execute(delete(DraftAnswer).where(col(DraftAnswer.draft_id) == draft.id))
    session.flush()


def known_id(draft: Draft) -> int:
    assert draft.id is not None  # only before it is stored
    return draft.id
