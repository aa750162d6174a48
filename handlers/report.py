"""Reporting a household: the form, the look for duplicates, the receipt, and who is told."""

from __future__ import annotations

import json
from typing import Any

from db import case_lists, cases, drafts, duplicates, photos, workflow
from db.access import AREA_LEVELS, Action, may, role_of
from db.crypto import seal
from db.drafts import Status
from db.duplicates import Candidate
from db.models_cases import Case, Draft, Report
from db.people import administrators, known_id
from handlers import case_view, notify, wording_forms
from handlers import wording_report as wording
from handlers.account import area_path
from handlers.case_access import count
from handlers.filling import PENDING, Ledger, begin
from handlers.form_report import REPORT, report_form
from handlers.form_view import data
from handlers.forms import next_question, relevant
from handlers.guards import private
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import rules

Replies = tuple[Reply, ...]
DEFAULT_SOURCE = "cadre"


@private
def start(turn: Turn, desk: Desk) -> Replies:
    """`/report`: a new report, or the one that was begun."""
    if refusal := _refusal(desk):
        return (Reply(refusal),)
    assert desk.person is not None  # else it was refused
    person_id = known_id(desk.person)
    unfinished = [draft for draft in drafts.waiting(desk.session, person_id) if draft.form == REPORT]
    new_one = [draft for draft in unfinished if draft.case_id is None]
    if new_one:
        return (_resume(new_one[0], desk),)
    draft = drafts.begin(desk.session, person_id, REPORT, now=desk.now)
    return begin(LEDGER, draft, desk, _known(desk), intro=wording.INTRO)


def _refusal(desk: Desk) -> str:
    if desk.person is None:
        return wording.REGISTER_FIRST
    if not may(desk.person, Action.REPORT):
        return wording.NOT_YOUR_TASK
    return "" if desk.person.area in desk.library.areas.by_code else wording.NO_AREA


def _known(desk: Desk) -> dict[str, Any]:
    """What need not be asked: where a village's own cadre reports from, and where most leads come from."""
    assert desk.person is not None
    known: dict[str, Any] = {"source": DEFAULT_SOURCE}
    if AREA_LEVELS.get(role_of(desk.person)) == "village":
        known["place"] = {"code": desk.person.area, "typed": ""}
    return known


def _resume(draft: Draft, desk: Desk) -> Reply:
    answers = drafts.answers(desk.session, draft)
    given = sum(1 for field in answers if not field.startswith(PENDING)) - len(_known(desk))
    text = wording_forms.resume(report_form(), draft.created_at.date(), max(0, given))
    go_on = Button(wording.CONTINUE, data("r", drafts.known_id(draft)))
    anew = Button(wording.ANEW, f"report-anew:{draft.id}")
    return Reply(text, ((go_on,), (anew,)))


def begin_anew(turn: Turn, desk: Desk) -> Replies:
    """`report-anew:DRAFT`: give up what was begun, and start again."""
    draft = _own_draft(turn, desk)
    if draft is not None:
        photos.forget(desk.session, draft_id=drafts.known_id(draft))
        drafts.close(desk.session, draft, Status.CANCELLED, now=desk.now)
    return start(turn, desk)


# --- submitting -----------------------------------------------------------------------------


def submit(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """Look for the same household first; without any likeness it is a new case at once."""
    new = new_case(answers, desk)
    if refusal := _out_of_reach(draft, new, desk):
        return (refusal,)
    found = duplicates.candidates(desk.session, new)
    if not found:
        return _create(draft, answers, desk)
    rows = [
        (
            Button(
                f"{wording.SAME}（{_where(candidate, desk)}）", f"report-same:{draft.id}:{candidate.case.id}"
            ),
        )
        for candidate in found
    ]
    other = (Button(wording.OTHER, f"report-other:{draft.id}"),)
    return (Reply(wording.candidates(_line(one, desk) for one in found), (*rows, other)),)


def submit_as_new(turn: Turn, desk: Desk) -> Replies:
    """`report-other:DRAFT`."""
    draft = _own_draft(turn, desk)
    if draft is None:
        return (Reply(wording.GONE),)
    answers = drafts.answers(desk.session, draft)
    return _unready(draft, answers, desk) or _create(draft, answers, desk)


def submit_as_known(turn: Turn, desk: Desk) -> Replies:
    """`report-same:DRAFT:CASE`. Only one of the cases that were offered counts.

    Nobody works on one that is over: the household gets a new case.
    """
    draft = _own_draft(turn, desk)
    if draft is None:
        return (Reply(wording.GONE),)
    answers = drafts.answers(desk.session, draft)
    if unready := _unready(draft, answers, desk):
        return unready
    chosen = (turn.button or "").split(":")[-1]
    offered = duplicates.candidates(desk.session, new_case(answers, desk))
    case = next((one.case for one in offered if str(one.case.id) == chosen), None)
    if case is None:  # merged meanwhile, say: what is like it now is offered
        return submit(draft, answers, desk)
    case = workflow.lock(desk.session, cases.known_id(case))  # the second of two at once sees the first
    goes_on = cases.is_open(case)
    return _add(draft, answers, case, desk) if goes_on else _create(draft, answers, desk)


def _own_draft(turn: Turn, desk: Desk) -> Draft | None:
    """The open report of the button, and the person's own."""
    number = count([*(turn.button or "").split(":"), ""][1])
    if desk.person is None or turn.group or number is None:
        return None
    draft = drafts.get(desk.session, number, known_id(desk.person))
    return draft if draft and draft.status == Status.OPEN and draft.form == REPORT else None


def _unready(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """What is said when the report cannot be filed as it stands now, whatever it was when it was offered."""
    if next_question(report_form(), answers):
        return (_resume(draft, desk),)
    refusal = _out_of_reach(draft, new_case(answers, desk), desk)
    return (refusal,) if refusal else ()


def _out_of_reach(draft: Draft, new: cases.NewCase, desk: Desk) -> Reply | None:
    """Role or area may have changed since the report was begun; it is kept, so that a place can be chosen."""
    if refusal := _refusal(desk):
        return Reply(refusal)
    assert desk.person is not None  # else it was refused
    if may(desk.person, Action.REPORT, new.area):
        return None
    areas = desk.library.areas
    text = wording_forms.place_outside(area_path(areas, new.area), area_path(areas, desk.person.area))
    return Reply(text, ((Button(wording_forms.edit("嘎查村"), data("e", drafts.known_id(draft), "place")),),))


def new_case(answers: dict[str, Any], desk: Desk) -> cases.NewCase:
    assert desk.person is not None
    given = relevant(report_form(), answers)
    place, risks = given["place"], tuple(given["risks"])
    urgent = given["urgent"] == "yes"
    return cases.NewCase(
        area=place["code"] or desk.person.area, place_typed=place["typed"], head_name=given.get("head", ""),
        size=int(given["size"]), risks=risks, capacity=given["capacity"], source=given["source"],
        department=given.get("department", ""), narrative=given.get("narrative", ""), urgent=urgent,
        help_first=rules().help_first(risks, urgent) is not None, point=answers.get("point", ""),
        id_number=given.get("id_number", ""), phone=given.get("phone", ""),
    )  # fmt: skip


def _create(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    assert desk.person is not None
    case = cases.create(desk.session, new_case(answers, desk), reporter=known_id(desk.person), now=desk.now)
    case.due_on = workflow.due_on(case, desk.local)
    number = str(case.number)
    _file(draft, answers, case, number, desk)
    told = _tell_reviewers(case, answers["risks"], desk, again=False)
    return (Reply(_receipt(case, told, desk), ((Button(wording.LOOK, f"case:{number}"),),)),)


def _add(draft: Draft, answers: dict[str, Any], case: Case, desk: Desk) -> Replies:
    """A second report about a known household: new information, never a second case and never dropped.

    The case must be locked.
    """
    assert desk.person is not None
    receipt = f"{case.number}-{case_lists.count_reports(desk.session, case) + 1}"
    _file(draft, answers, case, receipt, desk)
    case.urgent = case.urgent or answers.get("urgent") == "yes"
    workflow.change(
        desk.session, case, "further_report", actor=desk.person, now=desk.now, detail={"receipt": receipt}
    )
    told = _tell_reviewers(case, answers["risks"], desk, again=True)
    return (Reply(wording.added(str(case.number), receipt, told)),)


def _file(draft: Draft, answers: dict[str, Any], case: Case, receipt: str, desk: Desk) -> None:
    """Keep what was submitted, whole, and close the draft."""
    sealed = seal(desk.session, json.dumps(answers, ensure_ascii=False))
    desk.session.add(
        Report(
            draft_id=drafts.known_id(draft), case_id=cases.known_id(case), receipt=receipt,
            person_id=draft.person_id, answers=sealed, created_at=desk.now,
        )
    )  # fmt: skip
    photos.attach(desk.session, draft_id=drafts.known_id(draft), case_id=cases.known_id(case))
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)


# --- what is said ---------------------------------------------------------------------------


def _tell_reviewers(case: Case, risks: list[str], desk: Desk, *, again: bool) -> int:
    """How many people were told, and of which risks. Where nobody reviews, the administrators hear that."""
    own = known_id(desk.person) if desk.person else None
    found = [person for person in notify.reviewers(desk, case) if person.id != own]
    number = str(case.number)
    reason = f"report:{case.id}:{case.version}"
    if not found:
        administrator_ids = desk.session.execute(administrators()).scalars().all()
        text = wording.nobody_in_charge(number, area_path(desk.library.areas, case.area))
        notify.tell(desk, [n for n in administrator_ids if n is not None], Reply(text), reason=reason)
        return 0
    labels = [option.label for option in rules().risks if option.code in risks]
    head, village = case_view.head(case, desk), case_view.village(case, desk)
    text = wording.news(number, head, village, labels, urgent=case.urgent, again=again)
    notify.tell(desk, found, Reply(text, ((Button(wording.LOOK, f"case:{number}"),),)), reason=reason)
    return len(found)


def _receipt(case: Case, told: int, desk: Desk) -> str:
    step = rules().step(case.step)
    codes = cases.risks(desk.session, [cases.known_id(case)])[cases.known_id(case)]
    suggestion = rules().suggest(codes, case.capacity)
    first = rules().help_first(codes, case.urgent)
    parts = [
        wording.receipt(
            str(case.number), what_next=wording.next_step(step.number, step.label, step.who), told=told
        ),
        wording.LEAD_ONLY,
        wording.HELP_FIRST if first else "",
        wording.advice(suggestion) if suggestion.measures else "",
        wording.quoted_together([rule for rule in (first, *suggestion.rules) if rule]),
    ]
    return "\n".join(part for part in parts if part)


def _where(candidate: Candidate, desk: Desk) -> str:
    return str(candidate.case.number) if _may_see(candidate, desk) else "别的嘎查村"


def _line(candidate: Candidate, desk: Desk) -> str:
    if not _may_see(candidate, desk):
        return wording.hidden_candidate("嘎查村")
    case = candidate.case
    step = rules().step(case.step).label
    head, village = case_view.head(case, desk), case_view.village(case, desk)
    return wording.candidate(str(case.number), head, village, step, wording.WHY[candidate.why])


def _may_see(candidate: Candidate, desk: Desk) -> bool:
    return may(desk.person, Action.SEE_CASES, candidate.case.area)


LEDGER = Ledger(report_form, submit)
