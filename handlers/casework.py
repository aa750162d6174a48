"""What is done about a case between report and exit: who may do it when, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db import cases, drafts, entries, people, workflow
from db.access import Action, may, role_of
from db.drafts import Status
from db.masking import masked_name
from db.measures import HELPED
from db.models import Person
from db.models_cases import Case, Draft
from handlers import wording_cases
from handlers import wording_casework as wording
from handlers.filling import Ledger, begin
from handlers.form_view import data
from handlers.forms import Form, relevant
from handlers.turn import Button, Desk, Reply
from knowledge.rules import rules

Replies = tuple[Reply, ...]
BASE = "base"  # beside the answers of a draft: when what it changes was recorded


@dataclass(frozen=True, slots=True)
class Work:
    """Done at these steps, by the roles that make this transition (step and action); None: any officer."""

    steps: tuple[str, ...]
    transition: tuple[str, str] | None = None

    def refusal(self, case: Case, person: Person | None) -> str:
        """Why this person cannot do it now; "" when it can be done."""
        if not may(person, Action.WORK_ON_CASES, case.area):
            return wording.ONLY_READING
        if self.transition and role_of(person) not in self._roles():
            return wording.not_your_task(rules().step(self.transition[0]))
        return "" if case.step in self.steps else wording.not_now(rules().step(case.step))

    def _roles(self) -> set[str]:
        moves = (move for move in rules().transitions if (move.source, move.action) == self.transition)
        return {role for move in moves for role in move.roles}


_PROCEDURE = (
    "consent", "hearing", "township_review", "comparison", "banner_review", "registration", "helping",
)  # fmt: skip
# While others review, the record stays as they have it before them.
VISIT = Work(("visit", "consent", "hearing", "helping"), ("visit", "pass"))
CONSENT = Work((*_PROCEDURE, "exit_township", "exit_banner"), ("consent", "pass"))
WITHDRAWAL = Work((*CONSENT.steps, "exited", "refused"))
MEASURES = Work(("application", "visit", *CONSENT.steps, "exited"))
EXIT = Work(("helping",), ("helping", "propose_exit"))


def buttons(case: Case, person: Person | None) -> list[Button]:
    """What this person may work on now, for the card of the case."""
    if not may(person, Action.WORK_ON_CASES, case.area):
        return []
    offered = [Button(wording.TO_VISIT, f"visit:{case.number}")] if case.step != "application" else []
    if not CONSENT.refusal(case, person):
        offered.append(Button(wording.TO_CONSENT, f"consent:{case.number}"))
    if not MEASURES.refusal(case, person) and (case.step in HELPED or case.help_first):
        offered.append(Button(wording.TO_MEASURES, f"measure:{case.number}"))
    return offered


def begin_form(
    ledger: Ledger,
    case: Case,
    desk: Desk,
    *,
    item: str = "",
    known: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    intro: str = "",
) -> tuple[Draft, Replies]:
    """Ask for what is not known yet, or go on where it was left.

    `known` are answers to begin with; `context` is not asked but looked at, and is made new each time.
    """
    assert desk.person is not None  # else it was refused
    draft = drafts.begin(
        desk.session, people.known_id(desk.person), ledger.form().code, case_id=cases.known_id(case),
        item=item, now=desk.now,
    )  # fmt: skip
    fresh = not drafts.answers(desk.session, draft)
    given = {**(context or {}), **(known or {} if fresh else {})}
    return draft, begin(ledger, draft, desk, given, intro=intro)


def submitted(draft: Draft, work: Work, desk: Desk) -> Case | Reply:
    """The case of a filled form, locked; or why the form cannot be taken now. It stays where it is then."""
    case = cases.get(desk.session, desk.person, draft.case_id or 0)
    if case is None:
        return Reply(wording_cases.NO_SUCH_CASE)
    case = workflow.lock(desk.session, cases.known_id(case))
    refusal = work.refusal(case, desk.person)
    if not refusal:
        return case
    drafts.pause(desk.session, draft.person_id)
    return Reply(f"{refusal}{wording.STILL_KEPT}", (to_case(case),))


def known_since(case: Case, form: str, item: str, desk: Desk) -> str:
    """When the newest entry of the form was recorded: what a draft is a change of."""
    found = entries.newest(desk.session, cases.known_id(case), form, item)
    return found.recorded_at.isoformat() if found else ""


def overtaken(draft: Draft, answers: Mapping[str, Any], case: Case, desk: Desk) -> Reply | None:
    """Whether somebody recorded the same meanwhile: it is shown, and submitting again replaces it."""
    newest = known_since(case, draft.form, draft.item, desk)
    if newest == answers.get(BASE, ""):
        return None
    drafts.store(desk.session, draft, BASE, newest, now=desk.now)
    found = entries.newest(desk.session, cases.known_id(case), draft.form, draft.item)
    assert found is not None  # it has a date
    other = people.get(desk.session, found.recorded_by)
    number = drafts.known_id(draft)
    rows = (
        (Button(wording.KEEP_MINE, data("o", number)),),
        (Button(wording.KEEP_THEIRS, data("X", number)),),
    )
    return Reply(wording.overtaken(other.name if other else ""), rows)


def record(
    draft: Draft, form: Form, answers: Mapping[str, Any], case: Case, desk: Desk, *, item: str = "",
    of_case: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep a filled form, write down what it changed, and close the draft. The case must be locked.

    `of_case` are fields of the case that were set with it, each with old and new.
    """
    assert desk.person is not None
    before = entries.newest(desk.session, cases.known_id(case), form.code, item)
    old, new = dict(before.answers) if before else {}, relevant(form, answers)
    entries.record(
        desk.session, cases.known_id(case), form.code, new, item=item, person_id=draft.person_id,
        now=desk.now,
    )  # fmt: skip
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    detail = {"form": form.code, "item": item, "changed": _changes(old, new), **(of_case or {})}
    workflow.change(desk.session, case, "recorded", actor=desk.person, now=desk.now, detail=detail)


def to_case(case: Case) -> tuple[Button, ...]:
    return (Button(wording_cases.TO_CARD, f"case:{case.number}"),)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new by field; names masked."""
    fields = [field for field in {**old, **new} if old.get(field) != new.get(field)]
    return {field: [_shown(field, old.get(field)), _shown(field, new.get(field))] for field in fields}


def _shown(field: str, value: Any) -> Any:
    return masked_name(value) if field == "name" and value else value
