"""What is missing in the record of a visit, and what in it does not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from db import cases, entries, roster
from db.models_cases import Case
from db.roster import Member
from handlers import wording_visit as wording
from handlers.form_visit import EXPENSES, GUARANTEES, INCOME, net_income
from handlers.turn import Desk

_LABELS = {INCOME: wording.INCOME, EXPENSES: wording.EXPENSES, GUARANTEES: wording.GUARANTEES}


def points(case: Case, desk: Desk) -> list[str]:
    """In words, for a question whether the visit is finished; empty when nothing is open."""
    number = cases.known_id(case)
    people = roster.members(desk.session, number)
    pieces = {e.form: e.answers for e in entries.current(desk.session, number) if not e.item}
    risks = cases.risks(desk.session, [number])[number]
    return [
        *_missing(case, people, pieces),
        *_about_people(case, people, risks),
        *_about_money(people, pieces, risks),
    ]


def _missing(case: Case, people: Sequence[Member], pieces: Mapping[str, Any]) -> Iterator[str]:
    if not people:
        yield wording.not_filled(wording.MEMBER)
    elif len(people) != case.size:
        yield wording.size_differs(case.size, len(people))
    heads = sum(1 for member in people if member.relation == "head")
    if people and not heads:
        yield wording.HEAD_MISSING
    if heads > 1:
        yield wording.TWO_HEADS
    if any(not member.name for member in people):
        yield wording.NO_NAME_YET
    for form, label in _LABELS.items():
        if form not in pieces:
            yield wording.not_filled(label)


def _about_people(case: Case, people: Sequence[Member], risks: Sequence[str]) -> Iterator[str]:
    """Only of a roster that is complete can be said that nobody in it works."""
    able = any(member.answers.get("labour") in ("able", "weak") for member in people)
    complete = len(people) >= case.size
    if complete and not able and "work" in risks:
        yield wording.NOBODY_ABLE
    if complete and not able and case.capacity == "able":
        yield wording.CAPACITY_DIFFERS_ABLE
    if case.capacity == "none" and any(member.answers.get("labour") == "able" for member in people):
        yield wording.CAPACITY_DIFFERS_NONE
    healthy = all(member.answers.get("health") == [wording.HEALTHY] for member in people)
    if complete and healthy and "illness" in risks:
        yield wording.ILL_NOBODY


def _about_money(people: Sequence[Member], pieces: Mapping[str, Any], risks: Sequence[str]) -> Iterator[str]:
    if EXPENSES in pieces and not pieces[EXPENSES].get("out_of_pocket") and "illness" in risks:
        yield wording.ILL_NO_COST
    if INCOME in pieces and not net_income(pieces[INCOME]) and not pieces[INCOME].get("costs"):
        yield wording.NO_INCOME
    uninsured = any("medical_insurance" not in (m.answers.get("covered") or ()) for m in people)
    if uninsured and pieces.get(GUARANTEES, {}).get("medical") == "all":
        yield wording.UNINSURED
