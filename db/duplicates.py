"""Whether a household that is reported is one that is known already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from sqlalchemy import and_, case, or_, select
from sqlmodel import Session, col

from db.access import within
from db.cases import NewCase, plain_name, sound
from db.crypto import keyed_hash, unseal
from db.models_cases import Case

SURE, LIKELY, POSSIBLE = 100.0, 80.0, 60.0
LOOKED_AT = 500  # cases, those of the same name or phone first
TOWNSHIP_DIGITS, BANNER_DIGITS = 9, 6
_SAME_PHONE = 90.0
_SAME_NAME, _SAME_SOUND, _SIMILAR_NAME = 60.0, 45.0, 40.0
_SAME_VILLAGE, _SAME_TOWNSHIP = 25.0, 10.0
_SAME_SIZE, _NEARLY_SAME_SIZE = 15.0, 8.0
_SIMILAR = 70.0


class Why(StrEnum):
    """What is the same."""

    ID = "id"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be the same household; `score` is at most 100, SURE for the same ID number."""

    case: Case
    score: float
    why: Why


def candidates(session: Session, new: NewCase, *, limit: int = 5) -> list[Candidate]:
    """Cases that may be this household, best first, wherever they lie in the banner.

    The same ID number counts in the whole store. Those that were withdrawn or refused count, too: a
    second report may be the one that was right.
    """
    found = {candidate.case.id: candidate for candidate in _by_likeness(session, new)}
    found |= {same.id: Candidate(same, SURE, Why.ID) for same in _by_id(session, new)}
    ranked = sorted(found.values(), key=lambda candidate: (-candidate.score, -(candidate.case.id or 0)))
    return [candidate for candidate in ranked if candidate.score >= POSSIBLE][:limit]


def same_id(session: Session, case: Case) -> list[Case]:
    """Other cases with the ID number of this one, wherever they lie."""
    if not case.id_hash:
        return []
    others = select(Case).where(
        col(Case.id_hash) == case.id_hash, col(Case.id) != case.id, col(Case.step) != "merged"
    )
    return list(session.execute(others.order_by(col(Case.id))).scalars())


def _by_id(session: Session, new: NewCase) -> Iterable[Case]:
    if not new.id_number:
        return ()
    same = col(Case.id_hash) == keyed_hash(session, new.id_number.upper(), "id")
    return session.execute(select(Case).where(same, col(Case.step) != "merged")).scalars()


def _by_likeness(session: Session, new: NewCase) -> Iterable[Candidate]:
    """Names are sealed, so the database finds the same name, the same sound, and all of the village."""
    near = within(new.area[:BANNER_DIGITS], col(Case.area))
    named = and_(col(Case.sound_hash) == _hash(session, sound(new.head_name), "sound"), near)
    same_phone = col(Case.phone_hash) == _hash(session, new.phone, "phone")
    here = col(Case.area) == new.area
    wanted = select(Case).where(or_(named, same_phone, here), col(Case.step) != "merged")
    first = case((or_(named, same_phone), 0), else_=1)
    for known in session.execute(wanted.order_by(first, col(Case.id).desc()).limit(LOOKED_AT)).scalars():
        yield _compared(session, known, new)


def _hash(session: Session, plain: str, kind: str) -> str:
    """What is missing is like nothing else that is missing."""
    return keyed_hash(session, plain, kind) or "-"


def _compared(session: Session, known: Case, new: NewCase) -> Candidate:
    if known.phone_hash == _hash(session, new.phone, "phone"):
        return Candidate(known, _SAME_PHONE, Why.PHONE)
    score = _name_score(unseal(session, known.head_name), new.head_name)
    if score:
        score += _place_score(known.area, new.area) + _size_score(known.size, new.size)
    return Candidate(known, score, Why.NAME)


def _name_score(known: str, given: str) -> float:
    known, given = plain_name(known), plain_name(given)
    if not known or not given:
        return 0.0
    if known == given:
        return _SAME_NAME
    if sound(known) == sound(given):
        return _SAME_SOUND
    likeness = max(fuzz.ratio(known, given), fuzz.ratio(sound(known), sound(given)))
    long_enough = min(len(known), len(given)) >= 3  # of two characters one alone says nothing
    return _SIMILAR_NAME if long_enough and likeness >= _SIMILAR else 0.0


def _place_score(known: str, given: str) -> float:
    if known == given:
        return _SAME_VILLAGE
    return _SAME_TOWNSHIP if known[:TOWNSHIP_DIGITS] == given[:TOWNSHIP_DIGITS] else 0.0


def _size_score(known: int, given: int) -> float:
    return {0: _SAME_SIZE, 1: _NEARLY_SAME_SIZE}.get(abs(known - given), 0.0)
