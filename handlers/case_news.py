"""Who is told of a decision, and what: in the transaction that made it."""

from __future__ import annotations

from collections.abc import Mapping

from db import people
from db.access import Action, may
from db.models import Person
from db.models_cases import Case
from db.people import known_id
from db.workflow import Move
from handlers import case_view, notify
from handlers import wording_decisions as wording
from handlers.case_pages import who
from handlers.turn import Button, Desk, Reply
from handlers.wording_cases import last_reason


def tell(case: Case, move: Move, source: str, desk: Desk) -> None:
    """Those who act next, and the reporter of what concerns the household; not whoever has decided."""
    assert desk.person is not None  # somebody decided
    next_ones = notify.in_charge(desk, case)
    news = {known_id(person): _to_do(case, move, source, person, desk) for person in next_ones}
    reporter = people.get(desk.session, case.reported_by)
    if reporter and reporter.id != desk.person.id and _may_know(reporter, case):
        reply = _for_reporter(case, move, reporter, desk)
        news |= {known_id(reporter): reply} if reply else {}
    send(news, case, desk)


def send(news: Mapping[int, Reply], case: Case, desk: Desk) -> None:
    for person_id in sorted(news):  # one order for all writers: each chat is locked
        notify.tell(desk, [person_id], news[person_id], reason=f"case:{case.id}:{case.version}")


def _may_know(person: Person, case: Case) -> bool:
    return may(person, Action.SEE_CASES, case.area)


def _to_do(case: Case, move: Move, source: str, reader: Person, desk: Desk) -> Reply:
    if move.fields and may(reader, Action.REPORT, case.area):
        return _returned(case, move, desk)
    actor = who(desk.person.id if desk.person else None, desk)
    note = "\n".join(filter(None, (wording.to_do(move.action, source, actor), _reason(move))))
    return case_view.show_short(case, desk, reader, note=note)


def _for_reporter(case: Case, move: Move, reporter: Person, desk: Desk) -> Reply | None:
    if move.fields:
        return _returned(case, move, desk)
    number = str(case.number)
    said = {
        "return": "" if case.step == "township_review" else wording.given_back(number),
        "refuse": wording.refused(number),
        "withdraw": wording.withdrawn(number),
        "pass": {"helping": wording.registered(number), "exited": wording.exited(number)}.get(case.step, ""),
    }.get(move.action, "")
    note = "\n".join(filter(None, (said, _reason(move))))
    return case_view.show_short(case, desk, reporter, note=note) if said else None


def _returned(case: Case, move: Move, desk: Desk) -> Reply:
    """The buttons lead to what was returned, and to no more."""
    lines = (wording.returned(str(case.number), move.fields), _reason(move), case_view.summary(case, desk))
    look = (Button(wording.LOOK, f"case:{case.number}"),)
    return Reply("\n".join(lines), (*case_view.corrections(case, move.fields), look))


def _reason(move: Move) -> str:
    return last_reason(move.reason) if move.reason else ""
