"""Help for a household: what runs, what begins, what ends, what is adjusted after an exit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from db import cases, drafts, measures
from db.crypto import unseal
from db.days import today_of
from db.drafts import Status
from db.masking import masked_name
from db.measures import HELPED, TooEarlyError
from db.models_cases import Case, Draft, Measure
from handlers import casework, wording_report
from handlers import wording_measures as wording
from handlers.case_access import count, of_case
from handlers.case_consent import recent_days
from handlers.casework import MEASURES, Replies
from handlers.filling import Ledger
from handlers.form_measure import CAPACITY, DAYS, KINDS, RUNNING, measure_end_form, measure_form
from handlers.form_view import data, in_rows
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import Suggestion, rules


def _open(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`measure:NUMBER[:PART[:ITEM]]`."""
    part, item = rest[0], count(rest[1])
    if refusal := MEASURES.refusal(case, desk.person):
        return (Reply(refusal, (casework.to_case(case),)),)
    if part == "new":
        return _begin(case, desk)
    if part == "end":
        return _begin_end(case, item, desk)
    return (show(case, desk),)


open_part = of_case(_open)


def show(case: Case, desk: Desk, *, note: str = "") -> Reply:
    rows = measures.of_case(desk.session, case)
    head = wording.head(str(case.number), masked_name(unseal(desk.session, case.head_name)))
    lines = [_line(row, desk) for row in rows] or [wording.NONE_YET]
    text = wording.lines((note, head, *_about_exit(case), *lines))
    ends = [
        Button(wording.end(_label(row.measure)), f"measure:{case.number}:end:{row.id}")
        for row in rows
        if row.ended_on is None
    ]
    add = (Button(wording.ADD, f"measure:{case.number}:new"),)
    return Reply(text, (*in_rows(ends), *((add,) if _may_begin(case) else ()), casework.to_case(case)))


def _about_exit(case: Case) -> tuple[str, ...]:
    if case.step != "exited":
        return ()
    watched = rules().watched_after_exit(case.category)
    return (wording.after_exit(rules().clauses["after_exit"]), wording.watched(watched) if watched else "")


def _may_begin(case: Case) -> bool:
    """After an exit only households that stay on the watch list are helped further."""
    return case.step != "exited" or rules().watched_after_exit(case.category) is not None


def _line(row: Measure, desk: Desk) -> str:
    note = unseal(desk.session, row.note) if row.note else ""
    return wording.line(_label(row.measure), row.started_on, row.ended_on, note, early=row.before_procedure)


def _label(code: str) -> str:
    return next((option.label for option in rules().measures if option.code == code), code)


# --- beginning ------------------------------------------------------------------------------


def _begin(case: Case, desk: Desk) -> Replies:
    if not _may_begin(case):
        return (show(case, desk),)
    if case.step not in HELPED and not case.help_first:
        return (_too_early(case),)
    number = cases.known_id(case)
    suggestion = rules().suggest(cases.risks(desk.session, [number])[number], case.capacity)
    context = {
        KINDS: _kinds(suggestion),
        DAYS: recent_days(today_of(desk.now)),
        RUNNING: [row.measure for row in measures.running(desk.session, case)],
        CAPACITY: case.capacity,
    }
    return casework.begin_form(LEDGER, case, desk, context=context, intro=_advice(case, suggestion))[1]


def _kinds(suggestion: Suggestion) -> list[list[str]]:
    """All eleven, those that were suggested first."""
    first = {option.code for option in suggestion.measures}
    marked = [[option.code, f"{wording.SUGGESTED}{option.label}"] for option in suggestion.measures]
    return marked + [[option.code, option.label] for option in rules().measures if option.code not in first]


def _advice(case: Case, suggestion: Suggestion) -> str:
    early = case.step not in HELPED
    return wording.lines(
        (
            wording.help_first(rules().clauses["help_first"]) if early else "",
            wording_report.advice(suggestion) if suggestion.measures else "",
            wording_report.quoted_together(suggestion.rules),
        )
    )


def _too_early(case: Case) -> Reply:
    clauses = rules().clauses
    return Reply(wording.too_early(clauses["procedure"], clauses["help_first"]), (casework.to_case(case),))


def _begun(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    assert desk.person is not None
    case = casework.submitted(draft, MEASURES, desk)
    if isinstance(case, Reply):
        return (case,)
    day = dt.date.fromisoformat(answers["started_on"])
    try:
        measures.start(
            desk.session, case, answers["measure"], actor=desk.person, started_on=day, now=desk.now,
            note=answers.get("note") or "",
        )  # fmt: skip
    except TooEarlyError:  # it stood elsewhere when the form was begun
        drafts.pause(desk.session, draft.person_id)
        return (_too_early(case),)
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    return (show(case, desk, note=wording.started(_label(answers["measure"]), day)),)


# --- ending ---------------------------------------------------------------------------------


def _running(case: Case, item: int | None, desk: Desk) -> Measure | None:
    return next((row for row in measures.running(desk.session, case) if row.id == item), None)


def _begin_end(case: Case, item: int | None, desk: Desk) -> Replies:
    row = _running(case, item, desk)
    if row is None:
        return (show(case, desk, note=wording.NO_SUCH_MEASURE),)
    context = {DAYS: recent_days(today_of(desk.now))}
    intro = _line(row, desk)
    return casework.begin_form(END_LEDGER, case, desk, item=str(row.id), context=context, intro=intro)[1]


def _ended(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    assert desk.person is not None
    case = casework.submitted(draft, MEASURES, desk)
    if isinstance(case, Reply):
        return (case,)
    row, day = _running(case, count(draft.item), desk), dt.date.fromisoformat(answers["ended_on"])
    if row is not None and day < row.started_on:
        draft.asked = "ended_on"
        again = Button(wording.END_TITLE, data("r", drafts.known_id(draft)))
        return (Reply(wording.ended_before_start(row.started_on), ((again,),)),)
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    if row is None:
        return (show(case, desk, note=wording.NO_SUCH_MEASURE),)
    measures.end(desk.session, case, row, actor=desk.person, on=day, now=desk.now)
    return (show(case, desk, note=wording.ended(_label(row.measure), day)),)


LEDGER = Ledger(measure_form, _begun)
END_LEDGER = Ledger(measure_end_form, _ended)
