"""The one way in which a case changes its step: by a transition of knowledge.rules, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db import audit, entries
from db.access import Action, may, role_of
from db.cases import known_id
from db.days import today_of
from db.models import Person
from db.models_cases import Case, Consent
from db.people import known_id as person_id
from knowledge.rules import ExitFacts, Obstacle, Transition, rules


class TransitionError(Exception):
    """The procedure has no such transition from here for this person."""

    def __init__(self, case: Case, action: str, actor: Person, target: str | None = None) -> None:
        allowed = ", ".join(f"{move.action} → {move.target}" for move in offered(case, actor)) or "nothing"
        wanted = f"{action} → {target}" if target else action
        super().__init__(f"case {case.number} at {case.step}: {wanted} by a {actor.role}; allowed: {allowed}")


class StaleCaseError(Exception):
    """Somebody has changed the case since it was shown."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.number} is at version {case.version}")
        self.case = case


class MissingError(Exception):
    """The transition needs something that is not there: "reason", "fields", "consent", "category"."""

    def __init__(self, case: Case, what: str) -> None:
        super().__init__(f"case {case.number} at {case.step}: {what} is missing")
        self.what = what


class ObstacleError(Exception):
    """The rules for an exit stand against it."""

    def __init__(self, case: Case, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(f"case {case.number}: {', '.join(obstacle.code for obstacle in obstacles)}")
        self.obstacles = obstacles


@dataclass(frozen=True, slots=True)
class LocalRules:
    """Time limits of this place, in days; the documents state none. Empty: there are none here either."""

    step_days: Mapping[str, int] = field(default_factory=dict)
    notice_days: int | None = None
    total_days: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody wants to do. `fields` are what a return asks to correct; `target` tells returns apart."""

    action: str
    reason: str = ""
    fields: tuple[str, ...] = ()
    target: str | None = None


def offered(case: Case, actor: Person | None) -> tuple[Transition, ...]:
    """The transitions that this person may make now, their needs aside."""
    if actor is None:
        return ()
    return tuple(move for move in rules().allowed(case.step, role_of(actor)) if _reaches(actor, move, case))


def lock(session: Session, case_id: int) -> Case:
    """The case as it is now, kept from others until the commit."""
    # The weaker lock: two who have each just added a row about the case don't wait for each other's row.
    wanted = select(Case).where(col(Case.id) == case_id).with_for_update(key_share=True)
    case: Case = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    return case


def locked(session: Session, case: Case, expected_version: int) -> Case:
    """`lock`, if the case is still what somebody has seen. Raises StaleCaseError."""
    current = lock(session, known_id(case))
    if current.version != expected_version:
        raise StaleCaseError(current)
    return current


def move_case(
    session: Session,
    case: Case,
    move: Move,
    *,
    actor: Person,
    expected_version: int,
    now: dt.datetime,
    local: LocalRules | None = None,
) -> Case:
    """Make a transition, and write down who made it.

    Raises:
        StaleCaseError: the case is not at the expected version.
        TransitionError: the procedure, the role or the area does not allow it.
        MissingError: something that it needs is not there.
        ObstacleError: an exit against the rules.
    """
    case = locked(session, case, expected_version)
    transition = _transition(case, move, actor)
    target = case.before if transition.target == "" else transition.target
    _require(session, case, transition, move)
    before, left = case.step, _Dates.of(case)
    _arrive(session, case, transition, target, now)
    case.step, case.step_since, case.version = target, now, case.version + 1
    case.before = before if target in ("refused", "merged") else ""
    case.due_on = due_on(case, local)
    audit.record(
        session, known_id(case), move.action, person_id=person_id(actor), now=now,
        from_step=before, to_step=target, detail=_detail(move, left, _Dates.of(case)),
    )  # fmt: skip
    return case


def change(
    session: Session, case: Case, action: str, *, actor: Person, now: dt.datetime, detail: Mapping[str, Any]
) -> None:
    """Write down a change that leaves the step; its fields are set already, and the case is locked now."""
    case = lock(session, known_id(case))
    case.version += 1
    audit.record(
        session, known_id(case), action, person_id=person_id(actor), now=now,
        from_step=case.step, to_step=case.step, detail=detail,
    )  # fmt: skip


def has_consent(session: Session, case: Case) -> bool:
    """Whether the household agreed to the comparison of its data, and has not taken it back."""
    given = select(col(Consent.id)).where(
        col(Consent.case_id) == case.id, col(Consent.withdrawn_at).is_(None)
    )
    return session.execute(given.limit(1)).first() is not None


def exit_obstacles(session: Session, case: Case, *, today: dt.date) -> tuple[Obstacle, ...]:
    """What stands against an exit today, by the check-list that was filled in last."""
    ticked = entries.newest(session, known_id(case), "exit")
    answers = ticked.answers if ticked else {}
    return rules().exit_obstacles(
        ExitFacts(
            identified_on=case.identified_on,
            asked_on=today,
            stable_since=case.stable_since,
            natural=answers.get("kind") == "natural",
            able_members=case.capacity != "none",
            ticked=frozenset(answers.get("criteria", ())),
        )
    )


def due_on(case: Case, local: LocalRules | None) -> dt.date | None:
    """The last day for the step at which the case stands, where this place has set a limit.

    Until registration the limit for the whole procedure counts, too, from the day of the report.
    """
    if local is None:
        return None
    limits = [(case.step_since, local.step_days.get(case.step))]
    if rules().step(case.step).number is not None:
        limits.append((case.created_at, local.total_days))
    days = [today_of(since) + dt.timedelta(days=days) for since, days in limits if days]
    return min(days, default=None)


# --- what a transition asks for and does ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Dates:
    identified_on: str
    exited_on: str

    @classmethod
    def of(cls, case: Case) -> _Dates:
        return cls(str(case.identified_on or ""), str(case.exited_on or ""))


def _reaches(actor: Person, move: Transition, case: Case) -> bool:
    action = Action.MERGE_CASES if move.action in ("merge", "unmerge") else Action.WORK_ON_CASES
    return may(actor, action, case.area)


def _transition(case: Case, move: Move, actor: Person) -> Transition:
    for transition in offered(case, actor):
        if transition.action == move.action and move.target in (None, transition.target):
            return transition
    raise TransitionError(case, move.action, actor, move.target)


def _require(session: Session, case: Case, transition: Transition, move: Move) -> None:
    given = {"reason": bool(move.reason.strip()), "fields": bool(move.fields)}
    for need in transition.needs:
        if not given.get(need, True):
            raise MissingError(case, need)
    passing = transition.action == "pass"
    compared = case.step in ("consent", "comparison") or transition.target == "comparison"
    if passing and compared and not has_consent(session, case):
        raise MissingError(case, "consent")
    if passing and case.step == "registration" and case.category == "undetermined":
        raise MissingError(case, "category")


def _arrive(session: Session, case: Case, transition: Transition, target: str, now: dt.datetime) -> None:
    today = today_of(now)
    if transition.source == "registration" and target == "helping":
        case.identified_on = today
    leaving = transition.target in ("exit_township", "exit_banner", "exited")
    if leaving and (obstacles := exit_obstacles(session, case, today=today)):
        raise ObstacleError(case, obstacles)
    if target == "exited":
        ticked = entries.newest(session, known_id(case), "exit")
        case.exited_on, case.exit_kind = today, str(ticked.answers.get("kind", "")) if ticked else ""


def _detail(move: Move, left: _Dates, now: _Dates) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if move.reason:
        detail["reason"] = move.reason
    if move.fields:
        detail["fields"] = list(move.fields)
    if left.identified_on != now.identified_on:
        detail["identified_on"] = [left.identified_on, now.identified_on]
    if left.exited_on != now.exited_on:
        detail["exited_on"] = [left.exited_on, now.exited_on]
    return detail
