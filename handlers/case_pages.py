"""What lies behind the card: the time line, the clause, the account of what happened, photos."""

from __future__ import annotations

import json
from collections.abc import Sequence

from db import audit, case_lists, cases, people, personal
from db.access import Action, may, role_of
from db.audit import Entry
from db.crypto import unseal
from db.days import CHINA, today_of
from db.models_cases import Case
from handlers import case_photos, case_view, paging, wording_decisions, wording_people
from handlers import wording_cases as wording
from handlers.case_access import Replies, count, of_case
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import rules


def _open(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`case:NUMBER[:PART[:PAGE]]`."""
    part, page = rest[0], count(rest[1]) or 0
    if part == "log":
        return (_timeline(case, page, desk),)
    if part == "rule":
        return (_clause(case),)
    if part in ("photos", "story") and not may(desk.person, Action.REVEAL, case.area):
        return (Reply(wording.MAY_NOT_REVEAL),)
    if part in ("photos", "story") and desk.person:
        personal.looked(desk.session, case, part, actor=desk.person, now=desk.now)
    if part == "photos":
        return case_photos.show(case, desk, turn)
    if part == "story":
        return (_story(case, desk),)
    return (case_view.show(case, desk, edit=part == "back"),)


open_part = of_case(_open)


def back_to(case: Case) -> tuple[Button, ...]:
    return (Button(wording.TO_CARD, f"case:{case.number}:back"),)


# --- the time line --------------------------------------------------------------------------


def _timeline(case: Case, page: int, desk: Desk) -> Reply:
    """The newest first."""
    entries = audit.of_case(desk.session, cases.known_id(case))[::-1]
    pages = paging.pages_of(entries)
    page = min(page, len(pages) - 1)
    lines = history(pages[page], desk)
    text = wording.history(str(case.number), lines, paging.note(page, len(pages)))
    turning = paging.turning(page, len(pages), lambda to: f"case:{case.number}:log:{to}")
    return Reply(text, tuple(filter(None, (turning, back_to(case)))), edit=True)


def history(entries: Sequence[Entry], desk: Desk) -> list[str]:
    """A line for each."""
    return [
        wording.history_line(
            entry.at.astimezone(CHINA),
            who(entry.person_id, desk),
            wording_decisions.happened(entry.action, entry.from_step, entry.to_step, entry.detail),
            wording_decisions.reason_in(entry.action, entry.detail),
        )
        for entry in entries
    ]


def who(person_id: int | None, desk: Desk) -> str:
    """With the role that the person has now."""
    person = people.get(desk.session, person_id) if person_id else None
    if person is None:
        return wording.NOBODY
    return wording.actor(person.name or wording_people.NO_NAME, wording_people.ROLE_NAMES[role_of(person)])


# --- the others -----------------------------------------------------------------------------


def _clause(case: Case) -> Reply:
    step = case_view.step_of(case)
    lines = [wording.step_name(step), wording_decisions.quoted(step.rule) if step.rule else wording.NO_CLAUSE]
    return Reply("\n".join(filter(None, (*lines, step.note))), (back_to(case),), edit=True)


def _story(case: Case, desk: Desk) -> Reply:
    """What the report says, and what later ones added: their risks with it, the card shows the first ones."""
    told = [unseal(desk.session, case.narrative)]
    for report in case_lists.reports_of(desk.session, case)[1:]:
        if not report.answers:  # it was closed long ago, and what identified somebody was deleted
            continue
        later = json.loads(unseal(desk.session, report.answers))
        risks = [option.label for option in rules().risks if option.code in later["risks"]]
        on = today_of(report.created_at)
        told.append(wording.later_story(on, risks, later.get("narrative") or ""))
    text = "\n".join(dict.fromkeys(filter(None, told)))
    shown = wording.story(str(case.number), text) if text else wording.NO_STORY
    return Reply(shown, (back_to(case),), edit=True)
