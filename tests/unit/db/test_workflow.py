"""Each transition with everything that it needs, and without each of these things (procedure_table.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import audit, consents, entries, workflow
from db.access import Role
from db.cases import known_id
from db.consents import Given
from db.models import Person
from db.models_cases import Case
from db.people import known_id as person_id
from db.workflow import LocalRules, MissingError, Move, ObstacleError, TransitionError, move_case
from tests.unit.db import procedure_table as table
from tests.unit.db.households import BANNER, TOWNSHIP, VILLAGE, member, reported

Sessions = sessionmaker[Session]
NOW = dt.datetime(2026, 8, 31, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 8, 31)
EXIT_STEPS = ("exit_township", "exit_banner", "exited")
AREAS = {Role.VILLAGE_CADRE: VILLAGE, Role.TOWNSHIP_REVIEWER: TOWNSHIP, Role.BANNER_REVIEWER: BANNER}
ROWS = [
    pytest.param(row, role, id=f"{row.source}-{row.action}-{row.target}-{role}")
    for row in table.TABLE
    for role in row.roles
]


@dataclass(frozen=True)
class Household:
    """One against which nothing stands."""

    consent: bool = True
    category: str = "marginal"
    capacity: str = "able"
    identified_on: dt.date | None = dt.date(2026, 7, 31)
    stable_since: dt.date | None = dt.date(2026, 2, 28)
    kind: str = "stable"
    ticked: tuple[str, ...] = table.CRITERIA
    checked: bool = True


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions.begin() as session:
        yield session


def _case(session: Session, step: str, given: Household, actor: Person) -> Case:
    case = reported(session, actor)
    if given.consent:
        agreed = Given("户主", "signed", "比对", TODAY)
        consents.record(session, case, agreed, actor=actor, now=NOW)
    if given.checked:
        answers = {"kind": given.kind, "criteria": list(given.ticked)}
        entries.record(session, known_id(case), "exit", answers, person_id=person_id(actor), now=NOW)
    case.step, case.before, case.category, case.capacity = step, "visit", given.category, given.capacity
    case.stable_since = given.stable_since
    case.identified_on = given.identified_on if step in ("helping", *EXIT_STEPS) else None
    session.flush()
    return case


def _move(row: table.Row, **given: Any) -> Move:
    needed = {"reason": "原因" if "reason" in row.needs else ""}
    needed |= {"fields": ("size",)} if "fields" in row.needs else {}
    return Move(row.action, target="" if row.target == table.FORMER else row.target, **{**needed, **given})


def _make(session: Session, row: table.Row, role: Role, household: Household, **given: Any) -> Case:
    actor = member(session, role, AREAS.get(role, ""))
    case = _case(session, row.source, household, actor)
    return move_case(
        session, case, _move(row, **given), actor=actor, expected_version=case.version, now=NOW
    )  # fmt: skip


@pytest.mark.parametrize(("row", "role"), ROWS)
def test_with_what_it_needs_a_transition_is_made_and_written_down(
    session: Session, row: table.Row, role: Role
) -> None:
    case = _make(session, row, role, Household())
    last = audit.of_case(session, known_id(case))[-1]
    target = "visit" if row.target == table.FORMER else row.target
    assert (case.step, case.step_since) == (target, NOW)
    assert (last.action, last.from_step, last.to_step, last.at) == (row.action, row.source, target, NOW)
    assert last.detail.get("reason", "") == ("原因" if "reason" in row.needs else "")
    assert last.detail.get("fields", []) == (["size"] if "fields" in row.needs else [])
    assert case.before == (row.source if target in ("refused", "merged") else "")


@pytest.mark.parametrize(("row", "role"), [row for row in ROWS if row.values[0].needs])  # type: ignore[attr-defined]
@pytest.mark.parametrize("blank", ["", " ", "\n\u3000"])
def test_a_transition_back_or_aside_needs_a_reason(
    session: Session, row: table.Row, role: Role, blank: str
) -> None:
    with pytest.raises(MissingError) as refused:
        _make(session, row, role, Household(), reason=blank)
    assert refused.value.what == "reason"


@pytest.mark.parametrize(("row", "role"), [row for row in ROWS if "fields" in row.values[0].needs])  # type: ignore[attr-defined]
def test_a_return_to_the_village_says_what_to_correct(session: Session, row: table.Row, role: Role) -> None:
    with pytest.raises(MissingError) as refused:
        _make(session, row, role, Household(), fields=())
    assert refused.value.what == "fields"


@pytest.mark.parametrize(
    ("step", "role", "lacking", "what"),
    [
        ("consent", Role.VILLAGE_CADRE, {"consent": False}, "consent"),
        ("township_review", Role.TOWNSHIP_REVIEWER, {"consent": False}, "consent"),
        ("comparison", Role.BANNER_REVIEWER, {"consent": False}, "consent"),
        ("registration", Role.BANNER_REVIEWER, {"category": "undetermined"}, "category"),
    ],
)
def test_a_step_is_not_passed_without_what_it_is_for(
    session: Session, step: str, role: Role, lacking: dict[str, Any], what: str
) -> None:
    with pytest.raises(MissingError) as refused:
        _make(session, table.in_charge(step), role, replace(Household(), **lacking))
    assert refused.value.what == what


@pytest.mark.parametrize("step", ["consent", "township_review", "comparison"])
def test_a_consent_that_was_taken_back_is_none(session: Session, step: str) -> None:
    row = table.in_charge(step)
    actor = member(session, row.roles[0], AREAS[row.roles[0]])
    case = _case(session, step, Household(), actor)
    consents.withdraw(session, case, actor=actor, now=NOW)
    with pytest.raises(MissingError, match="consent"):
        move_case(session, case, _move(row), actor=actor, expected_version=case.version, now=NOW)
    consents.record(session, case, Given("户主", "spoken", "比对", TODAY), actor=actor, now=NOW)
    move_case(session, case, _move(row), actor=actor, expected_version=case.version, now=NOW)


@pytest.mark.parametrize(
    "row", [row for row in table.TABLE if row.target in EXIT_STEPS], ids=lambda r: r.source
)
@pytest.mark.parametrize(
    ("lacking", "codes"),
    [
        *(pytest.param({"ticked": tuple(c for c in table.CRITERIA if c != code)}, {"criteria"}, id=code)
          for code in table.CRITERIA),
        pytest.param({"checked": False}, {"criteria"}, id="no-check-list"),
        pytest.param({"identified_on": dt.date(2026, 8, 1)}, {"same_month"}, id="same-month"),
        pytest.param(
            {"identified_on": dt.date(2026, 8, 1), "kind": "natural", "stable_since": None},
            {"same_month"}, id="same-month-natural",
        ),
        pytest.param({"identified_on": None}, {"not_identified"}, id="not-identified"),
        pytest.param({"stable_since": dt.date(2026, 3, 1)}, {"stable_income"}, id="six-months-less-a-day"),
        pytest.param({"stable_since": None}, {"stable_income"}, id="no-day"),
        pytest.param({"stable_since": None, "kind": "natural"}, set(), id="natural"),
        pytest.param({"capacity": "none"}, {"no_labour"}, id="labour"),
        pytest.param({"capacity": "none", "kind": "natural"}, {"no_labour"}, id="labour-natural"),
        pytest.param({"capacity": "partial"}, set(), id="partial-labour"),
    ],
)  # fmt: skip
def test_the_rules_for_an_exit_stand_before_each_of_its_steps(
    session: Session, row: table.Row, lacking: dict[str, Any], codes: set[str]
) -> None:
    household = replace(Household(), **lacking)
    if not codes:
        assert _make(session, row, row.roles[0], household).step == row.target
        return
    with pytest.raises(ObstacleError) as refused:
        _make(session, row, row.roles[0], household)
    assert {obstacle.code for obstacle in refused.value.obstacles} == codes
    assert all(obstacle.rule.quote and obstacle.note for obstacle in refused.value.obstacles)


def test_the_newest_check_list_counts(session: Session) -> None:
    actor = member(session, Role.BANNER_REVIEWER, BANNER)
    case = _case(session, "exit_banner", Household(), actor)
    answers = {"kind": "stable", "criteria": list(table.CRITERIA[1:])}
    entries.record(session, known_id(case), "exit", answers, person_id=person_id(actor), now=NOW)
    assert [o.code for o in workflow.exit_obstacles(session, case, today=TODAY)] == ["criteria"]


@pytest.mark.parametrize("kind", ["stable", "natural"])
def test_an_exit_keeps_its_day_and_how_it_came(session: Session, kind: str) -> None:
    case = _make(session, table.in_charge("exit_banner"), Role.BANNER_REVIEWER, Household(kind=kind))
    assert (case.exited_on, case.exit_kind) == (TODAY, kind)
    assert audit.of_case(session, known_id(case))[-1].detail["exited_on"] == ["", "2026-08-31"]


def test_registration_identifies_the_household_on_the_day_in_china(session: Session) -> None:
    actor = member(session, Role.BANNER_REVIEWER, BANNER)
    for moment, day in (
        (dt.datetime(2026, 8, 31, 15, 59, tzinfo=dt.UTC), dt.date(2026, 8, 31)),
        (dt.datetime(2026, 8, 31, 16, 0, tzinfo=dt.UTC), dt.date(2026, 9, 1)),
    ):
        case = _case(session, "registration", Household(), actor)
        move_case(session, case, Move("pass"), actor=actor, expected_version=case.version, now=moment)
        assert case.identified_on == day


@pytest.mark.parametrize("source", ["exit_township", "exit_banner"])
def test_a_return_from_an_exit_identifies_nobody_anew(session: Session, source: str) -> None:
    row = table.row(source, "return", "helping")
    assert row is not None
    assert _make(session, row, row.roles[0], Household()).identified_on == dt.date(2026, 7, 31)


def test_a_merged_case_comes_back_whatever_stands_against_its_exit(session: Session) -> None:
    """It goes back to where it was; that is no step towards an exit."""
    actor = member(session, Role.ADMINISTRATOR)
    case = _case(session, "exit_banner", Household(ticked=()), actor)
    for move in (Move("merge"), Move("unmerge")):
        case = move_case(session, case, move, actor=actor, expected_version=case.version, now=NOW)
    assert case.step == "exit_banner"


def test_what_is_not_allowed_is_told_with_what_is(session: Session) -> None:
    actor = member(session, Role.VILLAGE_CADRE, VILLAGE)
    case = _case(session, "visit", Household(), actor)
    with pytest.raises(
        TransitionError, match=r"at visit: refuse by a village_cadre; allowed: pass → consent"
    ):
        move_case(session, case, Move("refuse", "原因"), actor=actor, expected_version=case.version, now=NOW)


@pytest.mark.parametrize(("days", "due"), [(15, dt.date(2026, 9, 15)), (0, None), (None, None)])
def test_a_local_time_limit_counts_from_the_day_in_china(
    session: Session, days: int | None, due: dt.date | None
) -> None:
    actor = member(session, Role.VILLAGE_CADRE, VILLAGE)
    case = _case(session, "application", Household(), actor)
    local = None if days is None else LocalRules({"visit": days})
    moved = move_case(
        session, case, Move("pass"), actor=actor, expected_version=case.version, now=NOW, local=local
    )
    assert moved.due_on == due
