"""Cases in numbers and in rows, as far as the person may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from db.access import Action, reach, within
from db.cases import known_id, risks
from db.models import Person
from db.models_cases import Case, CaseRisk, Measure

BATCH = 500
_BANNER_DIGITS = 6
_banner = func.substr(col(Case.area), 1, _BANNER_DIGITS)


def count(session: Session, person: Person | None, area: str = "") -> int:
    counted = select(func.count()).select_from(Case).where(*_wanted(person, area))
    return int(session.execute(counted).scalar_one())


def by_area(session: Session, person: Person | None, area: str, digits: int) -> dict[str, int]:
    """How many there are in each area whose code has so many digits, in the order of the codes."""
    code = func.substr(col(Case.area), 1, digits)
    rows = select(code, func.count()).where(*_wanted(person, area)).group_by(code).order_by(code)
    return {str(found): int(number) for found, number in session.execute(rows)}


def rows(
    session: Session, person: Person | None, area: str = ""
) -> Iterator[tuple[Case, tuple[str, ...], tuple[str, ...]]]:
    """Cases by area and number, each with its risks and with the measures that run."""
    ids = select(col(Case.id)).where(*_wanted(person, area)).order_by(col(Case.area), col(Case.id))
    numbers = [number for number in session.execute(ids).scalars() if number is not None]
    for at in range(0, len(numbers), BATCH):
        known = numbers[at : at + BATCH]
        found = {known_id(case): case for case in _cases(session, known)}
        risks_of, measures_of = risks(session, known), _measures(session, known)
        for number in known:
            yield found[number], risks_of[number], measures_of[number]


def at_step(session: Session, person: Person | None, step: str, area: str) -> list[Case]:
    """The cases of an area that stand at a step, by area and number."""
    wanted = select(Case).where(*_wanted(person, area), col(Case.step) == step)
    return list(session.execute(wanted.order_by(col(Case.area), col(Case.id))).scalars())


def counts_by_step(session: Session, person: Person | None) -> dict[tuple[str, str], int]:
    """By banner and step."""
    counted = select(_banner, col(Case.step), func.count()).where(*_wanted(person, ""))
    rows = session.execute(counted.group_by(_banner, col(Case.step)))
    return {(str(banner), str(step)): int(number) for banner, step, number in rows}


def counts_by_risk(session: Session, person: Person | None) -> dict[tuple[str, str], int]:
    """By banner and risk; a case with two risks counts at both."""
    joined = select(_banner, col(CaseRisk.risk), func.count()).join(
        Case, col(Case.id) == col(CaseRisk.case_id)
    )
    rows = session.execute(joined.where(*_wanted(person, "")).group_by(_banner, col(CaseRisk.risk)))
    return {(str(banner), str(risk)): int(number) for banner, risk, number in rows}


def _wanted(person: Person | None, area: str) -> tuple[ColumnElement[bool], ...]:
    """Those that were merged into another one are counted there."""
    narrowed = (within(area, col(Case.area)),) if area else ()
    return reach(person, Action.EXPORT, col(Case.area)), col(Case.step) != "merged", *narrowed


def _cases(session: Session, numbers: Sequence[int]) -> Sequence[Case]:
    return session.execute(select(Case).where(col(Case.id).in_(numbers))).scalars().all()


def _measures(session: Session, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    running = select(Measure).where(col(Measure.case_id).in_(numbers), col(Measure.ended_on).is_(None))
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for row in session.execute(running.order_by(col(Measure.id))).scalars():
        found[row.case_id].append(row.measure)
    return {number: tuple(dict.fromkeys(codes)) for number, codes in found.items()}
