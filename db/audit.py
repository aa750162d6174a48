"""Who did what to a case: a chain in which nothing can be changed or left out unseen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.crypto import UnsealError, keyed_hash, seal, unseal
from db.models_cases import AuditEntry, Case


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its detail open: what changed (`{"field": [old, new]}`), a reason, and the like."""

    seq: int
    at: dt.datetime
    person_id: int | None
    action: str
    from_step: str
    to_step: str
    detail: Mapping[str, Any]


def record(
    session: Session,
    case_id: int,
    action: str,
    *,
    person_id: int | None,
    now: dt.datetime,
    from_step: str = "",
    to_step: str = "",
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Add an entry and return its place in the chain. The case's row must be locked, or new."""
    last = session.execute(_newest(case_id)).first()
    seq, previous = (last[0] + 1, last[1]) if last else (1, "")
    opened = json.dumps(detail or {}, ensure_ascii=False, sort_keys=True)
    entry = AuditEntry(
        case_id=case_id, seq=seq, at=now, person_id=person_id, action=action, from_step=from_step,
        to_step=to_step, detail=seal(session, opened), previous_hash=previous, hash="",
    )  # fmt: skip
    entry.hash = _hash(session, entry, opened)
    session.add(entry)
    session.get_one(Case, case_id).history_end = _end(session, entry)
    session.flush()
    return seq


def of_case(session: Session, case_id: int) -> list[Entry]:
    """The entries of a case, oldest first."""
    return [
        Entry(
            row.seq, row.at, row.person_id, row.action, row.from_step, row.to_step,
            json.loads(unseal(session, row.detail)),
        )
        for row in _rows(session, case_id)
    ]  # fmt: skip


def first_fault(session: Session, case_id: int) -> int | None:
    """The place of the first entry that is missing or was changed; None when the chain holds."""
    previous = ""
    rows = _rows(session, case_id)
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected or row.previous_hash != previous or not _is_unchanged(session, row):
            return expected
        previous = row.hash
    case = session.get(Case, case_id)
    if case is None or not rows or case.history_end != _end(session, rows[-1]):
        return len(rows) + 1
    return None


def _is_unchanged(session: Session, row: AuditEntry) -> bool:
    try:
        return row.hash == _hash(session, row, unseal(session, row.detail))
    except UnsealError:
        return False


def _newest(case_id: int) -> Any:
    chain = select(col(AuditEntry.seq), col(AuditEntry.hash)).where(col(AuditEntry.case_id) == case_id)
    return chain.order_by(col(AuditEntry.seq).desc()).limit(1)


def _rows(session: Session, case_id: int) -> list[AuditEntry]:
    chain = select(AuditEntry).where(col(AuditEntry.case_id) == case_id).order_by(col(AuditEntry.seq))
    return list(session.execute(chain).scalars())


def _hash(session: Session, entry: AuditEntry, detail: str) -> str:
    """Over the open detail, so that sealing it anew with another key changes nothing."""
    covered = (
        entry.previous_hash, entry.case_id, entry.seq, entry.at.astimezone(dt.UTC).isoformat(),
        entry.person_id, entry.action, entry.from_step, entry.to_step, detail,
    )  # fmt: skip
    return keyed_hash(session, json.dumps(covered, ensure_ascii=False), "audit")


def _end(session: Session, newest: AuditEntry) -> str:
    return keyed_hash(session, f"{newest.case_id} {newest.seq} {newest.hash}", "audit end")
