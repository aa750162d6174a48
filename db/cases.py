"""Cases: made, found, listed, and only for those whom role and area allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from db import audit
from db.access import Action, Role, reach, role_of, within
from db.crypto import keyed_hash, seal
from db.days import today_of
from db.models import Person
from db.models_cases import Case, CaseRisk
from knowledge.rules import rules
from knowledge.text import normalise, pinyin, squeeze

FIRST_STEP = "application"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a first report says. Codes are those of knowledge.rules; texts are open, "" when not known."""

    area: str
    head_name: str
    size: int
    risks: tuple[str, ...]
    capacity: str
    source: str
    narrative: str = ""
    place_typed: str = ""
    id_number: str = ""
    phone: str = ""
    department: str = ""
    urgent: bool = False
    help_first: bool = False
    point: str = ""


def create(session: Session, new: NewCase, *, reporter: int, now: dt.datetime) -> Case:
    """Store a case at its first step, with its number and the first entry of its history."""
    case = Case(
        step=FIRST_STEP, category="undetermined", source=new.source, department=new.department,
        area=new.area, place_typed=seal(session, new.place_typed), size=new.size, capacity=new.capacity,
        narrative=seal(session, new.narrative), point=seal(session, new.point),
        urgent=new.urgent, help_first=new.help_first, reported_by=reporter, created_at=now, step_since=now,
    )  # fmt: skip
    set_name(session, case, new.head_name)
    set_numbers(session, case, id_number=new.id_number, phone=new.phone)
    session.add(case)
    session.flush()
    case.number = case_number(known_id(case), now)
    session.add_all(CaseRisk(case_id=known_id(case), risk=risk) for risk in dict.fromkeys(new.risks))
    audit.record(session, known_id(case), "report", person_id=reporter, now=now, to_step=FIRST_STEP)
    return case


def set_name(session: Session, case: Case, name: str) -> None:
    """The name, and what it is found by again: itself, and its sound, each as a keyed hash."""
    case.head_name = seal(session, name)
    case.name_hash = keyed_hash(session, plain_name(name), "name") if name else ""
    case.sound_hash = keyed_hash(session, sound(name), "sound") if name else ""


def set_numbers(session: Session, case: Case, *, id_number: str = "", phone: str = "") -> None:
    """Whichever is given; the other stays."""
    if id_number:
        case.id_number, case.id_hash = seal(session, id_number), keyed_hash(session, id_number.upper(), "id")
    if phone:
        case.phone, case.phone_hash = seal(session, phone), keyed_hash(session, phone, "phone")


def plain_name(name: str) -> str:
    """Without spaces, middle dots and differences of width: `乌云·其其格` as `乌云其其格`."""
    return squeeze(normalise(name)).replace("·", "").replace("・", "").replace("•", "")


def sound(name: str) -> str:
    return " ".join(
        sound or sign for sound, sign in zip(pinyin(plain_name(name)), plain_name(name), strict=True)
    )


def case_number(case_id: int, now: dt.datetime) -> str:
    """`26` for the year, at least six digits, and a check digit (ISO 7064, MOD 11,10)."""
    digits = f"{today_of(now).year % 100:02}{case_id:06}"
    return digits + str(_check_digit(digits))


def is_case_number(text: str) -> bool:
    """Whether it can be one: a digit that was mistyped shows."""
    well_formed = len(text) >= 9 and text.isascii() and text.isdigit()
    return well_formed and _check_digit(text[:-1]) == int(text[-1])


def _check_digit(digits: str) -> int:
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10


# --- finding --------------------------------------------------------------------------------


def find(session: Session, person: Person | None, number: str) -> Case | None:
    """The case of that number, if the person may see it; nobody learns whether others exist."""
    return session.execute(_visible(person).where(col(Case.number) == number)).scalar_one_or_none()


def get(session: Session, person: Person | None, case_id: int) -> Case | None:
    return session.execute(_visible(person).where(col(Case.id) == case_id)).scalar_one_or_none()


class Listing(StrEnum):
    """Which cases a list shows."""

    TODO = "todo"  # steps at which the person acts
    MINE = "mine"  # reported by the person
    OVERDUE = "overdue"
    ALL = "all"


def listed(
    session: Session,
    person: Person,
    listing: Listing,
    *,
    today: dt.date,
    area: str = "",
    offset: int = 0,
    limit: int = 9,
) -> list[Case]:
    """Cases that the person may see: what is urgent, then what waits longest; of ALL the newest.

    `area` narrows further.
    """
    waiting = (col(Case.urgent).desc(), col(Case.step_since), col(Case.id))
    order = (col(Case.id).desc(),) if listing is Listing.ALL else waiting
    wanted = _visible(person).where(*_narrowed(person, listing, today, area)).order_by(*order)
    return list(session.execute(wanted.offset(offset).limit(limit)).scalars())


def count(session: Session, person: Person, listing: Listing, *, today: dt.date, area: str = "") -> int:
    wanted = select(func.count()).select_from(Case).where(reach(person, Action.SEE_CASES, col(Case.area)))
    return int(session.execute(wanted.where(*_narrowed(person, listing, today, area))).scalar_one())


def search(session: Session, person: Person, text: str, *, limit: int = 9) -> list[Case]:
    """By number, or by the head's name or its sound."""
    digits = normalise(text).strip().replace("-", "")
    if digits.isdigit():
        case = find(session, person, digits)
        return [case] if case else []
    name = plain_name(text)
    if not name:
        return []
    same = or_(
        col(Case.name_hash) == keyed_hash(session, name, "name"),
        col(Case.sound_hash) == keyed_hash(session, sound(name), "sound"),
    )
    ids = session.execute(select(col(Case.id)).where(same)).scalars().all()  # few; the index finds them
    wanted = _visible(person).where(col(Case.id).in_(ids)).order_by(col(Case.id)).limit(limit)
    return list(session.execute(wanted).scalars())


def risks(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The risks of each case, in the order of knowledge.rules."""
    order = {option.code: place for place, option in enumerate(rules().risks)}
    wanted = select(CaseRisk).where(col(CaseRisk.case_id).in_(case_ids))
    found: dict[int, list[str]] = {case_id: [] for case_id in case_ids}
    for row in session.execute(wanted).scalars():
        found[row.case_id].append(row.risk)
    return {
        case_id: tuple(sorted(codes, key=lambda code: order.get(code, 99)))
        for case_id, codes in found.items()
    }


def steps_of(role: Role) -> tuple[str, ...]:
    """The steps at which somebody in that role passes a case on."""
    passing = (transition for transition in rules().transitions if transition.action == "pass")
    return tuple(dict.fromkeys(move.source for move in passing if role in move.roles))


def is_open(case: Case) -> bool:
    return case.step not in CLOSED


CLOSED = ("exited", "refused", "withdrawn", "merged")


def known_id(case: Case) -> int:
    assert case.id is not None  # only before it is stored
    return case.id


def _visible(person: Person | None) -> Any:
    return select(Case).where(reach(person, Action.SEE_CASES, col(Case.area)))


def _narrowed(person: Person, listing: Listing, today: dt.date, area: str) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if area:
        narrowed.append(within(area, col(Case.area)))
    if listing is Listing.TODO:
        narrowed.append(col(Case.step).in_(steps_of(role_of(person))))
    elif listing is Listing.MINE:
        narrowed.append(col(Case.reported_by) == person.id)
    elif listing is Listing.OVERDUE:
        narrowed += [col(Case.due_on) < today, col(Case.step).not_in(CLOSED)]
    return narrowed
