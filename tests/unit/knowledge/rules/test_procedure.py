"""The table of transitions: what it lets whom do, and what it does not."""

from __future__ import annotations

import pytest

from db.access import Role
from knowledge.rules import RulesError, Transition, rules

VILLAGE, TOWNSHIP, BANNER, ADMINISTRATOR = (
    "village_cadre", "township_reviewer", "banner_reviewer", "administrator",
)  # fmt: skip
LEVELS = (VILLAGE, TOWNSHIP, BANNER)
STEPS = (
    "application", "visit", "consent", "hearing", "township_review", "comparison", "banner_review",
    "registration", "helping", "exit_township", "exit_banner", "exited", "refused", "withdrawn", "merged",
)  # fmt: skip
CLOSED = ("exited", "refused", "withdrawn", "merged")
EARLY = STEPS[:4]
# The whole table once more, in another form: source, action, target → who.
EXPECTED = {
    **{(step, "pass", after): {VILLAGE} for step, after in zip(EARLY, STEPS[1:5], strict=True)},
    ("township_review", "pass", "comparison"): {TOWNSHIP},
    ("comparison", "pass", "banner_review"): {BANNER},
    ("banner_review", "pass", "registration"): {BANNER},
    ("registration", "pass", "helping"): {BANNER},
    **{(step, "return", step): {TOWNSHIP} for step in EARLY},
    **{("township_review", "return", target): {TOWNSHIP} for target in ("application", "visit")},
    **{
        (step, "return", target): {BANNER}
        for step in ("comparison", "banner_review", "registration")
        for target in ("township_review", "visit")
    },
    ("hearing", "refuse", "refused"): {VILLAGE},
    ("township_review", "refuse", "refused"): {TOWNSHIP},
    ("banner_review", "refuse", "refused"): {BANNER},
    ("refused", "appeal", "township_review"): {VILLAGE},
    **{(step, "withdraw", "withdrawn"): {VILLAGE} for step in EARLY},
    ("township_review", "withdraw", "withdrawn"): {TOWNSHIP},
    ("helping", "propose_exit", "exit_township"): {VILLAGE, TOWNSHIP},
    ("exit_township", "pass", "exit_banner"): {TOWNSHIP},
    ("exit_banner", "pass", "exited"): {BANNER},
    ("exit_township", "return", "helping"): {TOWNSHIP},
    ("exit_banner", "return", "helping"): {BANNER},
    **{(step, "merge", "merged"): {ADMINISTRATOR} for step in STEPS if step not in CLOSED},
    ("merged", "unmerge", ""): {ADMINISTRATOR},
}


def _key(move: Transition) -> tuple[str, str, str]:
    return move.source, move.action, move.target


def test_the_steps_have_the_codes_that_are_stored() -> None:
    assert tuple(step.code for step in rules().steps) == STEPS


def test_the_table_has_these_transitions_and_no_other() -> None:
    assert {_key(move): set(move.roles) for move in rules().transitions} == EXPECTED


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_a_role_is_offered_what_the_table_gives_it(step: str, role: str) -> None:
    expected = {key for key, roles in EXPECTED.items() if key[0] == step and role in roles}
    assert {_key(move) for move in rules().allowed(step, role)} == expected


@pytest.mark.parametrize("role", [Role.VISITOR, Role.CITY_READER])
def test_who_only_reads_moves_nothing(role: Role) -> None:
    assert not any(rules().allowed(step, role) for step in STEPS)


def test_every_role_of_the_table_is_a_role_of_the_store() -> None:
    assert {role for move in rules().transitions for role in move.roles} <= set(Role)


def test_the_eight_steps_can_only_be_passed_one_by_one() -> None:
    """Whatever the order of passes: nobody comes from the first to the last but through all of them."""
    after = {move.source: move.target for move in rules().transitions if move.action == "pass"}
    way = ["application"]
    while way[-1] in after and way[-1] != "helping":
        way.append(after[way[-1]])
    assert tuple(way) == STEPS[:9]


def test_no_transition_but_a_pass_leads_further_on_in_the_eight_steps() -> None:
    place = {code: number for number, code in enumerate(STEPS[:8])}
    forward = [
        move
        for move in rules().transitions
        if move.action != "pass" and {move.source, move.target} <= place.keys()
        if place[move.target] > place[move.source]
    ]
    assert forward == []


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_reached_from_an_application(step: str) -> None:
    reached, seen = {"application"}, set[str]()
    while reached != seen:
        seen = set(reached)
        reached |= {move.target for move in rules().transitions if move.source in seen and move.target}
    assert step in reached


@pytest.mark.parametrize("step", ["exited", "withdrawn"])
def test_what_is_over_stays_over(step: str) -> None:
    assert not any(rules().allowed(step, role) for role in Role)


@pytest.mark.parametrize("action", ["return", "refuse", "withdraw", "appeal"])
def test_a_step_back_or_aside_needs_a_reason(action: str) -> None:
    moves = [move for move in rules().transitions if move.action == action]
    assert moves and all("reason" in move.needs for move in moves)


def test_a_return_to_the_village_names_what_to_correct() -> None:
    returns = [move for move in rules().transitions if move.action == "return" and move.target in EARLY]
    assert returns and all("fields" in move.needs for move in returns)


def test_a_return_to_a_reviewer_names_no_fields() -> None:
    moves = [move for move in rules().transitions if move.action == "return" and move.target not in EARLY]
    assert moves and all(move.needs == ("reason",) for move in moves)


def test_a_transition_is_found_by_its_target() -> None:
    found = rules().transition("banner_review", "return", BANNER, "visit")
    assert found and found.target == "visit"


def test_without_a_target_the_first_of_an_action_is_meant() -> None:
    found = rules().transition("banner_review", "return", BANNER)
    assert found and found.target == "township_review"


@pytest.mark.parametrize(
    ("step", "action", "role", "target"),
    [
        pytest.param("banner_review", "return", BANNER, "hearing", id="other-target"),
        pytest.param("banner_review", "pass", TOWNSHIP, None, id="other-role"),
        pytest.param("application", "refuse", VILLAGE, None, id="other-action"),
        pytest.param("nowhere", "pass", VILLAGE, None, id="no-step"),
    ],
)
def test_what_the_table_does_not_allow_is_none(step: str, action: str, role: str, target: str | None) -> None:
    assert rules().transition(step, action, role, target) is None


def test_the_way_back_from_a_merger_leads_to_the_step_before() -> None:
    found = rules().transition("merged", "unmerge", ADMINISTRATOR)
    assert found and found.target == ""


@pytest.mark.parametrize("step", [step for step in rules().steps if step.number], ids=lambda step: step.code)
def test_only_a_step_that_names_its_level_goes_without_a_note(step: object) -> None:
    """The document names a level for the fifth and the seventh step alone."""
    code = getattr(step, "code", "")
    assert bool(rules().step(code).note) is (code not in ("township_review", "banner_review"))


def test_whatever_no_clause_says_is_marked_as_ours() -> None:
    unmarked = [_key(move) for move in rules().transitions if move.rule is None and not move.note]
    assert unmarked == []


def test_every_pass_shows_its_clause() -> None:
    assert all(move.rule for move in rules().transitions if move.action in ("pass", "propose_exit"))


def test_every_step_says_who_acts() -> None:
    assert all(step.who and step.label for step in rules().steps)


def test_a_step_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(RulesError, match=r"nowhere.*application, visit"):
        rules().step("nowhere")
