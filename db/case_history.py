"""Questions to the history of a case."""

from __future__ import annotations

from sqlmodel import Session

from db import audit
from db.audit import Entry
from db.cases import known_id
from db.models_cases import Case
from knowledge.rules import rules

_LEAVES_THE_VERSION = ("reveal", "looked", "notice_made", "forgotten")


def since(session: Session, case: Case, version: int) -> list[Entry]:
    """What was done to the case after it was at that version. Each entry but those named made a version."""
    entries = [e for e in audit.of_case(session, known_id(case)) if e.action not in _LEAVES_THE_VERSION]
    return entries[-(case.version - version) :] if case.version > version else []


def last_move(session: Session, case: Case) -> Entry | None:
    """The transition that led the case to where it stands; None while it stands where it began."""
    actions = {move.action for move in rules().transitions}
    moves = [entry for entry in audit.of_case(session, known_id(case)) if entry.action in actions]
    return moves[-1] if moves else None


def to_correct(session: Session, case: Case) -> Entry | None:
    """The return that asks for corrections, as long as the case has not moved on."""
    last = last_move(session, case)
    return last if last and last.action == "return" and last.detail.get("fields") else None
