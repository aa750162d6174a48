"""Looking at a watched household again: the list of those that are due, and the short check-list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from db import case_lists, cases, drafts, entries, screening, workflow
from db.access import Action, may
from db.days import today_of
from db.drafts import Status
from db.models_cases import Case, Draft
from db.people import known_id
from db.screening import ANNUAL, QUARTERLY, Period
from handlers import notify
from handlers import wording_screening as wording
from handlers.case_access import count, find
from handlers.case_view import head, village
from handlers.filling import Ledger, begin
from handlers.form_screening import CHANGED, UNCHANGED, annual_form, quarterly_form
from handlers.form_view import shown
from handlers.forms import Form, relevant
from handlers.guards import private
from handlers.paging import PER_PAGE, note, turning
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import rules

Replies = tuple[Reply, ...]
_FORMS = {QUARTERLY: quarterly_form, ANNUAL: annual_form}
_RULES = {QUARTERLY: "screening", ANNUAL: "cycle"}


@private
def quarter(turn: Turn, desk: Desk) -> Replies:
    """`/quarter`: what is due this quarter."""
    return (_due_list(QUARTERLY, 0, desk),)


@private
def year(turn: Turn, desk: Desk) -> Replies:
    """`/year`: what is due this year."""
    return (_due_list(ANNUAL, 0, desk),)


@private
def turn_page(turn: Turn, desk: Desk) -> Replies:
    """`due:FORM:PAGE`."""
    _, form, page = [*(turn.button or "").split(":"), "", ""][:3]
    if form not in _FORMS:
        return (Reply(wording.NOT_YOURS),)
    return (_due_list(form, count(page) or 0, desk, edit=True),)


@private
def start(turn: Turn, desk: Desk) -> Replies:
    """`screen:FORM:NUMBER`."""
    _, form, number = [*(turn.button or "").split(":"), "", ""][:3]
    case = find(desk, number) if form in _FORMS else None
    if case is None or desk.person is None or not may(desk.person, Action.WORK_ON_CASES, case.area):
        return (Reply(wording.NOT_YOURS),)
    period = screening.period(form, today_of(desk.now))
    if not screening.is_due(desk.session, case, period):
        return (Reply(wording.NOT_NOW),)
    draft = drafts.begin(
        desk.session,
        known_id(desk.person),
        form,
        case_id=cases.known_id(case),
        item=period.name,
        now=desk.now,
    )
    last = entries.last(desk.session, cases.known_id(case), form)
    known = (
        {}
        if last
        else {CHANGED: [c.code for c in _FORMS[form]().questions[0].choices if c.code != UNCHANGED]}
    )
    return begin(LEDGERS[form], draft, desk, known, intro=_intro(case, last, _FORMS[form](), desk))


def finish(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """Record the check-list: what did not change is taken over from last time."""
    assert desk.person is not None and draft.case_id is not None
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    case = cases.get(desk.session, desk.person, draft.case_id)
    if case is None or not may(desk.person, Action.WORK_ON_CASES, case.area):
        return (Reply(wording.NOT_YOURS),)
    case = workflow.lock(desk.session, draft.case_id)
    period = screening.period(draft.form, _first_day(draft.form, draft.item))
    last = entries.last(desk.session, draft.case_id, draft.form)
    given = relevant(_FORMS[draft.form](), answers)
    merged = {**(dict(last.answers) if last else {}), **given}
    entries.record(
        desk.session,
        draft.case_id,
        draft.form,
        merged,
        item=draft.item,
        person_id=draft.person_id,
        now=desk.now,
    )
    _take_over(case, given, period, desk)
    _tell_if_worse(case, given, period, desk)
    left = screening.count_due(desk.session, desk.person, period)
    on = ((Button(wording.NEXT_ONE, f"due:{draft.form}:0"),),) if left else ()
    return (Reply(wording.recorded(period, str(case.number), left), on),)


def _take_over(case: Case, given: dict[str, Any], period: Period, desk: Desk) -> None:
    """What the case itself holds changes with it, and its history says so."""
    assert desk.person is not None
    detail: dict[str, Any] = {"period": period.name, "worse": given.get("worse", "")}
    if "size" in given and given["size"] != case.size:
        detail["size"] = [case.size, given["size"]]
        case.size = int(given["size"])
    workflow.change(desk.session, case, "screened", actor=desk.person, now=desk.now, detail=detail)


def _tell_if_worse(case: Case, given: dict[str, Any], period: Period, desk: Desk) -> None:
    if given.get("worse") != "worse":
        return
    text = wording.worse_news(period, str(case.number), head(case, desk), village(case, desk))
    look = Button(wording.LOOK, f"case:{case.number}")
    told = [person for person in notify.reviewers(desk, case) if person is not desk.person]
    notify.tell(desk, told, Reply(text, ((look,),)), reason=f"worse:{case.id}:{case.version}")


def _due_list(form: str, page: int, desk: Desk, *, edit: bool = False) -> Reply:
    if desk.person is None or not may(desk.person, Action.WORK_ON_CASES):
        return Reply(wording.NOT_YOUR_TASK)
    period = screening.period(form, today_of(desk.now))
    due = screening.count_due(desk.session, desk.person, period)
    if not due:
        return Reply(wording.NOTHING_DUE, edit=edit)
    pages = -(-due // PER_PAGE)
    page = min(page, pages - 1)
    found = screening.due(desk.session, desk.person, period, offset=page * PER_PAGE, limit=PER_PAGE)
    rows = [
        (
            Button(
                wording.due_line(
                    case_lists.short_number(str(case.number)), head(case, desk), village(case, desk)
                ),
                f"screen:{form}:{case.number}",
            ),
        )
        for case in found
    ]
    ways = turning(page, pages, lambda number: f"due:{form}:{number}")
    text = wording.due_list(period, due, note(page, pages), rules().clauses[_RULES[form]])
    return Reply(text, (*rows, *((ways,) if ways else ())), edit=edit)


def _intro(case: Case, last: entries.Entry | None, form: Form, desk: Desk) -> str:
    lines = []
    for question in form.questions:
        if last and question.code in last.answers and question.code not in (CHANGED, "worse", "note"):
            lines.append(f"{question.label}：{shown(question, last.answers[question.code], desk)}")
    when = today_of(last.recorded_at) if last else None
    return f"{case.number} {head(case, desk)}\n{wording.last_time(when, lines)}"


def _first_day(form: str, name: str) -> dt.date:
    year, _, quarter = name.partition("Q")
    return dt.date(int(year), (int(quarter) - 1) * 3 + 1 if quarter else 1, 1)


LEDGERS = {
    QUARTERLY: Ledger(quarterly_form, finish),
    ANNUAL: Ledger(annual_form, finish),
}
