"""A report that was returned: only what was asked for is asked again, and the one who asked is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from db import case_history, case_lists, cases, corrections, drafts, entries, people, workflow
from db.access import Action, may
from db.crypto import unseal
from db.drafts import Status
from db.models_cases import Case, Draft
from db.people import known_id
from handlers import case_news, case_view, wording_cases
from handlers import wording_decisions as wording
from handlers.case_access import Replies, of_case
from handlers.filling import Ledger, begin
from handlers.form_report import REPORT, report_form
from handlers.forms import Kind, Question
from handlers.pages import link_for_draft
from handlers.report import new_case
from handlers.turn import Desk, Reply, Turn
from handlers.wording_pages import fill_on_page

CORRECTION = "correction"  # the form of the report, of which only some fields are asked


def _start(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`correct:NUMBER:VERSION`: take up the correction that is asked for now, whatever it was then."""
    asked = case_history.to_correct(desk.session, case)
    if asked is None:
        return (case_view.show(case, desk, note=wording.NOTHING_TO_CORRECT),)
    if desk.person is None or not may(desk.person, Action.REPORT, case.area):
        return (case_view.show(case, desk, note=wording.NOT_ALLOWED),)
    fields = _with_what_depends_on(asked.detail["fields"])
    if not fields:
        return (case_view.show(case, desk, note=wording.NOTHING_TO_CORRECT),)
    draft = drafts.begin(
        desk.session, known_id(desk.person), CORRECTION, now=desk.now, case_id=cases.known_id(case),
        item=str(asked.seq), fields=fields,
    )  # fmt: skip
    known = {field: value for field, value in _told(case, desk).items() if field not in fields}
    intro = wording.correction_intro(fields, asked.detail.get("reason", ""))
    if desk.web_url and any(_is_secret(field) for field in fields):
        intro = f"{intro}\n{fill_on_page(link_for_draft(draft, desk))}"
    return begin(LEDGERS[CORRECTION], draft, desk, known, intro=intro)


start = of_case(_start)


def _with_what_depends_on(fields: Sequence[str]) -> list[str]:
    """Whoever corrects the source is asked for the department, too, where that source has one."""
    return [q.code for q in report_form().questions if q.code in fields or _hangs_on(q, fields)]


def _is_secret(field: str) -> bool:
    question = report_form().question(field)
    return question is not None and question.kind is Kind.SECRET


def _hangs_on(question: Question, fields: Sequence[str]) -> bool:
    return isinstance(question.when, tuple) and question.when[0] in fields


def _told(case: Case, desk: Desk) -> dict[str, Any]:
    """The answers as they stand: those of the last correction, else of the first report."""
    corrected = entries.newest(desk.session, cases.known_id(case), REPORT)
    if corrected:
        return dict(corrected.answers)
    reports = case_lists.reports_of(desk.session, case)
    told: dict[str, Any] = json.loads(unseal(desk.session, reports[0].answers)) if reports else {}
    return told


def _finish(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """Change these fields of the case and no others, unless it has moved on meanwhile."""
    assert desk.person is not None  # it is somebody's draft
    case = cases.get(desk.session, desk.person, draft.case_id or 0)
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    if case is None:
        return (Reply(wording_cases.NO_SUCH_CASE),)
    case = workflow.lock(desk.session, cases.known_id(case))
    asked = case_history.to_correct(desk.session, case)
    if asked is None or str(asked.seq) != draft.item or not may(desk.person, Action.REPORT, case.area):
        return (case_view.show(case, desk, note=wording.NOTHING_TO_CORRECT),)
    changed = corrections.correct(
        desk.session, case, new_case(answers, desk), draft.fields, actor=desk.person, now=desk.now
    )
    entries.record(
        desk.session, cases.known_id(case), REPORT, answers, person_id=draft.person_id, now=desk.now
    )
    _tell_who_asked(case, asked.person_id, changed, desk)
    return (case_view.show(case, desk, note=wording.correction_taken(changed)),)


def _tell_who_asked(case: Case, person_id: int | None, changed: Sequence[str], desk: Desk) -> None:
    person = people.get(desk.session, person_id) if person_id else None
    if person is None or person is desk.person or not may(person, Action.SEE_CASES, case.area):
        return
    note = wording.corrected(str(case.number), changed)
    case_news.send({known_id(person): case_view.show_short(case, desk, person, note=note)}, case, desk)


LEDGERS = {CORRECTION: Ledger(report_form, _finish)}
