"""The visit to a household: its record is completed a piece at a time, on whatever day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from db import cases, drafts, entries, workflow
from db.access import Action, may
from db.crypto import unseal
from db.entries import Entry
from db.masking import masked_name
from db.models_cases import Case, Draft
from db.people import known_id
from db.roster import MEMBER
from db.workflow import Move, StaleCaseError
from handlers import case_roster, casework, decisions, visit_check, wording_casework
from handlers import wording_visit as wording
from handlers.case_access import count, of_case
from handlers.casework import BASE, VISIT, Replies
from handlers.filling import Ledger
from handlers.form_view import in_rows, shown
from handlers.form_visit import (
    DROPPED,
    EXPENSES,
    GUARANTEES,
    INCOME,
    RISKS,
    expenses_form,
    guarantees_form,
    income_form,
    net_income,
)
from handlers.turn import Button, Desk, Reply, Turn

_PIECES = {INCOME: income_form, EXPENSES: expenses_form, GUARANTEES: guarantees_form}


def _open(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`visit:NUMBER[:PART[:ITEM[:VERSION]]]`."""
    part, item, version = rest[0], rest[1], count(rest[2])
    if not may(desk.person, Action.WORK_ON_CASES, case.area):
        return (Reply(wording_casework.ONLY_READING, (casework.to_case(case),)),)
    if part == "roster":
        return (case_roster.show(case, desk, edit=True),)
    if part in ("", "back"):
        return (menu(case, desk, edit=part == "back"),)
    if refusal := VISIT.refusal(case, desk.person):
        return (Reply(refusal, (casework.to_case(case),)),)
    if part in _PIECES:
        return _begin_piece(part, case, desk)
    known: Mapping[str, Callable[[], Replies]] = {
        "add": lambda: case_roster.add(case, turn, desk),
        MEMBER: lambda: case_roster.edit(case, item, turn, desk),
        "drop": lambda: (case_roster.ask_to_drop(case, item, desk),),
        "dropped": lambda: case_roster.drop(case, item, version, desk),
        "size": lambda: _take_over_size(case, count(item), desk),
        "done": lambda: _finish(case, count(item), desk),
    }
    return known[part]() if part in known else (menu(case, desk, note=wording.NO_SUCH_PIECE),)


open_part = of_case(_open)


# --- the menu -------------------------------------------------------------------------------


def menu(case: Case, desk: Desk, *, note: str = "", edit: bool = False) -> Reply:
    """What is done and what is open; for those who don't visit, only to read."""
    found = _entries(case, desk)
    head = masked_name(unseal(desk.session, case.head_name))
    text = wording.menu(str(case.number), head, (_line(piece, case, found, desk) for piece in _LABELS))
    works = not VISIT.refusal(case, desk.person)
    ways = [
        Button(label, f"visit:{case.number}:{_PARTS.get(piece, piece)}") for piece, label in _LABELS.items()
    ]
    rows = in_rows(ways) if works else ((ways[0],),)
    on = (
        ((Button(wording.FINISH, f"visit:{case.number}:done:{case.version}"),),)
        if case.step == "visit"
        else ()
    )
    said = f"{note}\n\n{text}" if note else text
    return Reply(said, (*rows, *(on if works else ()), casework.to_case(case)), edit=edit)


_LABELS = {
    MEMBER: wording.MEMBER,
    INCOME: wording.INCOME,
    EXPENSES: wording.EXPENSES,
    GUARANTEES: wording.GUARANTEES,
}
_PARTS = {MEMBER: "roster"}


def _entries(case: Case, desk: Desk) -> dict[str, Entry]:
    return {e.form: e for e in entries.current(desk.session, cases.known_id(case)) if not e.item}


def _line(piece: str, case: Case, found: Mapping[str, Entry], desk: Desk) -> str:
    if piece == MEMBER:
        known = len(case_roster.members_of(case, desk))
        mark = wording.DONE if known == case.size else wording.OPEN
        return wording.piece(mark, _LABELS[piece], wording.roster_count(known, case.size))
    if piece not in found:
        mark = wording.BEGUN if piece in _begun(case, desk) else wording.OPEN
        return wording.piece(mark, _LABELS[piece], "")
    return wording.piece(wording.DONE, _LABELS[piece], _in_short(piece, found[piece].answers, case, desk))


def _begun(case: Case, desk: Desk) -> set[str]:
    assert desk.person is not None
    waiting = drafts.waiting(desk.session, known_id(desk.person))
    return {draft.form for draft in waiting if draft.case_id == case.id}


def _in_short(piece: str, answers: Mapping[str, Any], case: Case, desk: Desk) -> str:
    if piece == INCOME:
        net = net_income(answers)
        return f"{wording.net(net)}，{wording.per_head(net / case.size, case.size)}"
    if piece == EXPENSES:
        return wording.paid(answers.get("out_of_pocket", 0), answers.get("compensation", 0))
    given = [(q.label, shown(q, answers.get(q.code), desk)) for q in guarantees_form().questions]
    return "，".join(f"{label}{value}" for label, value in given)


# --- pieces ---------------------------------------------------------------------------------


def _begin_piece(piece: str, case: Case, desk: Desk) -> Replies:
    found = entries.newest(desk.session, cases.known_id(case), piece)
    number = cases.known_id(case)
    context = {
        RISKS: list(cases.risks(desk.session, [number])[number]),
        DROPPED: any(m.answers.get("at_school") == "dropped" for m in case_roster.members_of(case, desk)),
    }
    known = {BASE: casework.known_since(case, piece, "", desk), **(found.answers if found else {})}
    return casework.begin_form(LEDGERS[piece], case, desk, known=known, context=context)[1]


def _piece_done(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    case = casework.submitted(draft, VISIT, desk)
    if isinstance(case, Reply):
        return (case,)
    if overtaken := casework.overtaken(draft, answers, case, desk):
        return (overtaken,)
    casework.record(draft, _PIECES[draft.form](), answers, case, desk)
    return (menu(case, desk, note=wording.recorded(_LABELS[draft.form])),)


# --- at the end -----------------------------------------------------------------------------


def _finish(case: Case, version: int | None, desk: Desk) -> Replies:
    """What is missing or does not fit is asked about; it keeps nobody from going on."""
    if case.step != "visit" or version is None:
        return (menu(case, desk),)
    points = visit_check.points(case, desk)
    if not points:
        return decisions.move(case, Move("pass"), version, desk)
    known = len(case_roster.members_of(case, desk))
    rows = [
        (Button(wording.GO_BACK, f"visit:{case.number}"),),
        (Button(wording.FINISH_ANYWAY, f"do:pass:{case.number}:{case.version}"),),
    ]
    if known not in (0, case.size):
        rows.insert(1, (Button(wording.take_over_size(known), f"visit:{case.number}:size:{case.version}"),))
    return (Reply(wording.finish_question(points), tuple(rows)),)


def _take_over_size(case: Case, version: int | None, desk: Desk) -> Replies:
    """The number of people in the roster becomes that of the household."""
    assert desk.person is not None
    known = len(case_roster.members_of(case, desk))
    try:
        case = workflow.locked(desk.session, case, version or 0)
    except StaleCaseError as stale:
        return (menu(stale.case, desk, note=wording_casework.CHANGED_MEANWHILE),)
    if known in (0, case.size):
        return (menu(case, desk),)
    detail = {"size": [case.size, known]}
    case.size = known
    workflow.change(desk.session, case, "recorded", actor=desk.person, now=desk.now, detail=detail)
    return (menu(case, desk, note=wording.SIZE_TAKEN_OVER),)


LEDGERS = {
    MEMBER: case_roster.LEDGER,
    INCOME: Ledger(income_form, _piece_done),
    EXPENSES: Ledger(expenses_form, _piece_done),
    GUARANTEES: Ledger(guarantees_form, _piece_done),
}
