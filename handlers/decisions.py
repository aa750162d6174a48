"""Deciding on a case: from its card, from the message that told of it, from the reason that was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from db import case_history, cases, drafts, merging, workflow
from db.drafts import Status
from db.models_cases import Case, Draft
from db.people import known_id
from db.roster import MEMBER
from db.workflow import MissingError, Move, ObstacleError, StaleCaseError, TransitionError
from handlers import case_news, case_pages, case_view, wording_cases
from handlers import wording_decisions as wording
from handlers.case_access import Replies, count, of_case
from handlers.case_view import CATEGORY_STEPS, VISIT_FIELD
from handlers.filling import Ledger, begin
from handlers.form_report import report_form
from handlers.form_visit import EXPENSES, GUARANTEES, INCOME
from handlers.forms import Choice, Form, Kind, Question
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.rules import Transition, rules

DECISION, RETURN, RETURN_VISIT = "decision", "return", "return_visit"
_VISIT_PIECES = tuple(f"{VISIT_FIELD}{form}" for form in (MEMBER, INCOME, EXPENSES, GUARANTEES))
UNDETERMINED = "undetermined"


# --- buttons --------------------------------------------------------------------------------


def _decide(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`do:ACTION:NUMBER:VERSION[:TARGET]`."""
    action, version, target = rest[0], count(rest[1]), rest[2] or None
    if version is None or version > case.version:
        return (case_view.show(case, desk, note=wording.UNUSABLE),)
    if version < case.version:
        return _stale(case, version, "", desk)
    transition = _offered(case, action, target, desk)
    if transition is None or action == "merge":
        return (case_view.show(case, desk, note=wording.NOT_ALLOWED),)
    if transition.needs:
        return _ask(case, transition, desk)
    return move(case, Move(action, target=target), version, desk)


decide = of_case(_decide, place=2)


def _offered(case: Case, action: str, target: str | None, desk: Desk) -> Transition | None:
    moves = (move for move in workflow.offered(case, desk.person) if move.action == action)
    return next((move for move in moves if target in (None, move.target)), None)


def _categorise(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`category:NUMBER:VERSION[:CODE]`."""
    version, code = count(rest[0]), rest[1]
    if case.step not in CATEGORY_STEPS or _offered(case, "pass", None, desk) is None:
        return (case_view.show(case, desk, note=wording.NOT_ALLOWED),)
    if not code:
        return (_ask_category(case),)
    known = [option.code for option in rules().categories if option.code != UNDETERMINED]
    if version is None or code not in known:
        return (case_view.show(case, desk, note=wording.NO_CATEGORY),)
    assert desk.person is not None  # something was offered
    try:
        case = workflow.locked(desk.session, case, version)
    except StaleCaseError as stale:
        return _stale(stale.case, version, "", desk)
    detail = {"category": [case.category, code]}
    case.category = code
    workflow.change(desk.session, case, "category", actor=desk.person, now=desk.now, detail=detail)
    return (case_view.show(case, desk, note=wording.CATEGORY_DONE, edit=True),)


categorise = of_case(_categorise)


def _ask_category(case: Case) -> Reply:
    rows = tuple(
        (Button(option.label, f"category:{case.number}:{case.version}:{option.code}"),)
        for option in rules().categories
        if option.code != UNDETERMINED
    )
    return Reply(wording.CHOOSE_CATEGORY, (*rows, case_pages.back_to(case)))


# --- the reason -----------------------------------------------------------------------------


def _ask(case: Case, transition: Transition, desk: Desk) -> Replies:
    """Begin a form of one or two questions; what is typed next goes there, also after a restart."""
    assert desk.person is not None  # something was offered
    form = _form_for(transition)
    draft = drafts.begin(
        desk.session, known_id(desk.person), form, now=desk.now, case_id=cases.known_id(case),
        item=f"{transition.action}:{transition.target}:{case.version}",
    )  # fmt: skip
    intro = wording.intro(transition.action, str(case.number), rules().step(transition.target))
    return begin(LEDGERS[form], draft, desk, {}, intro=intro)


def _form_for(transition: Transition) -> str:
    if "fields" not in transition.needs:
        return DECISION
    return RETURN if transition.target == cases.FIRST_STEP else RETURN_VISIT


def _decision_form() -> Form:
    return Form(DECISION, wording.DECISION, (_reason_question(),), summary=False)


def _return_form() -> Form:
    return _returning(RETURN, ())


def _return_visit_form() -> Form:
    """Where the visit has been made, or is being made, its pieces can be returned, too."""
    return _returning(RETURN_VISIT, _VISIT_PIECES)


def _returning(code: str, pieces: Sequence[str]) -> Form:
    choices = [Choice(question.code, question.label) for question in report_form().questions]
    choices += [Choice(piece, wording_cases.field(piece)) for piece in pieces]
    fields = Question("fields", wording.FIELDS, wording.ASK_FIELDS, Kind.CHOICES, tuple(choices))
    return Form(code, wording.RETURN, (fields, _reason_question()), summary=False)


def _reason_question() -> Question:
    return Question(
        "reason", wording.REASON, wording.ASK_REASON, Kind.TEXT, help=wording.HELP_REASON,
        most=wording.MOST_REASON,
    )  # fmt: skip


def _decided(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """The reason is there: decide, on the version that was on the card."""
    action, target, version = draft.item.split(":")
    case = cases.get(desk.session, desk.person, draft.case_id or 0)
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    if case is None:
        return (Reply(wording_cases.NO_SUCH_CASE),)
    wanted = Move(action, str(answers["reason"]), tuple(answers.get("fields") or ()), target)
    return move(case, wanted, int(version), desk)


LEDGERS = {
    DECISION: Ledger(_decision_form, _decided),
    RETURN: Ledger(_return_form, _decided),
    RETURN_VISIT: Ledger(_return_visit_form, _decided),
}


# --- deciding -------------------------------------------------------------------------------


def move(case: Case, wanted: Move, version: int, desk: Desk) -> Replies:
    """Make the transition and tell everybody concerned; or say in plain words why not."""
    assert desk.person is not None  # visitors see no case
    source = case.step
    try:
        case = _moved(case, wanted, version, desk)
    except StaleCaseError as stale:
        return _stale(stale.case, version, wanted.reason, desk)
    except TransitionError:
        return (case_view.show(case, desk, note=wording.NOT_ALLOWED),)
    except ObstacleError as error:
        return (case_view.show(case, desk, note=wording.obstacles(error.obstacles)),)
    except MissingError as missing:
        return _missing(case, missing.what, desk)
    case_news.tell(case, wanted, source, desk)
    done = wording.done(wanted.action, source, rules().step(case.step))
    return (case_view.show(case, desk, note=done, edit=not wanted.reason),)


def _moved(case: Case, wanted: Move, version: int, desk: Desk) -> Case:
    assert desk.person is not None
    if wanted.action == "unmerge":
        return merging.undo(desk.session, case, actor=desk.person, expected_version=version, now=desk.now)
    return workflow.move_case(
        desk.session, case, wanted, actor=desk.person, expected_version=version, now=desk.now,
        local=desk.local,
    )  # fmt: skip


def _missing(case: Case, what: str, desk: Desk) -> Replies:
    explain: dict[str, Callable[[], Reply]] = {
        "consent": lambda: _explain_consent(case),
        "category": lambda: _ask_category(case),
    }
    if what not in explain:
        return (case_view.show(case, desk, note=wording.UNUSABLE),)
    return (explain[what](),)


def _explain_consent(case: Case) -> Reply:
    rule = rules().step("consent").rule
    text = "\n".join(filter(None, (wording.NO_CONSENT, wording.quoted(rule) if rule else "")))
    fill = Button(wording_cases.FILL_CONSENT, f"consent:{case.number}")
    return Reply(text, ((fill,), case_pages.back_to(case)))


def _stale(case: Case, version: int, reason: str, desk: Desk) -> Replies:
    """What others did meanwhile, and the card as it is now; nothing of theirs is overwritten."""
    done_since = case_history.since(desk.session, case, version)
    note = wording.stale(case_pages.history(done_since, desk))
    kept = (Reply(wording.reason_kept(reason)),) if reason else ()
    return (*kept, case_view.show(case, desk, note=note))
