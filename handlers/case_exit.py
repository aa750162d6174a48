"""Proposing that the risk of a household is gone: a check-list, and the rules that stand against it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from db import drafts, measures, workflow
from db.days import today_of
from db.models_cases import Case, Draft
from db.workflow import Move, ObstacleError
from handlers import case_news, case_view, casework, wording_decisions
from handlers import wording_exit as wording
from handlers.case_access import of_case
from handlers.casework import EXIT, Replies
from handlers.filling import Ledger
from handlers.form_exit import MEASURES, exit_form
from handlers.form_view import data
from handlers.forms import relevant
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import rules

_WHATEVER_IS_FILLED_IN = ("not_identified", "same_month")


def _open(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`exit:NUMBER`."""
    if refusal := EXIT.refusal(case, desk.person):
        return (Reply(refusal, (casework.to_case(case),)),)
    known: dict[str, Any] = {"capacity": case.capacity}
    if case.stable_since:
        known["stable_since"] = case.stable_since.isoformat()
    context = {MEASURES: len(measures.of_case(desk.session, case))}
    return casework.begin_form(LEDGER, case, desk, known=known, context=context, intro=_intro(case, desk))[1]


open_part = of_case(_open)


def _intro(case: Case, desk: Desk) -> str:
    obstacles = workflow.exit_obstacles(desk.session, case, today=today_of(desk.now))
    already = [one for one in obstacles if one.code in _WHATEVER_IS_FILLED_IN]
    return wording.intro(rules().clauses["exit_standard"], already)


def _done(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """Both the check-list and the step, or neither."""
    case = casework.submitted(draft, EXIT, desk)
    if isinstance(case, Reply):
        return (case,)
    source = case.step
    try:
        with desk.session.begin_nested():
            case = _proposed(draft, answers, case, desk)
    except ObstacleError as error:
        return (_refused(draft, error, case),)
    case_news.tell(case, Move("propose_exit"), source, desk)
    done = wording_decisions.done("propose_exit", source, rules().step(case.step))
    return (case_view.show(case, desk, note=done),)


def _proposed(draft: Draft, answers: dict[str, Any], case: Case, desk: Desk) -> Case:
    """Raises ObstacleError."""
    assert desk.person is not None
    given = relevant(exit_form(), answers)
    since = dt.date.fromisoformat(given["stable_since"]) if "stable_since" in given else case.stable_since
    changed = {
        "stable_since": [str(case.stable_since or ""), str(since or "")],
        "capacity": [case.capacity, given["capacity"]],
    }
    case.stable_since, case.capacity = since, given["capacity"]
    of_case = {field: both for field, both in changed.items() if both[0] != both[1]}
    casework.record(draft, exit_form(), answers, case, desk, of_case=of_case)
    return workflow.move_case(
        desk.session, case, Move("propose_exit"), actor=desk.person, expected_version=case.version,
        now=desk.now, local=desk.local,
    )  # fmt: skip


def _refused(draft: Draft, error: ObstacleError, case: Case) -> Reply:
    text = f"{wording_decisions.obstacles(error.obstacles)}\n{wording.NOTHING_CHANGED}"
    change = Button(wording.CHANGE, data("r", drafts.known_id(draft)))
    to_measures = Button(wording.TO_MEASURES, f"measure:{case.number}")
    return Reply(text, ((change, to_measures), casework.to_case(case)))


LEDGER = Ledger(exit_form, _done)
