"""Help by risk and by labour capacity: what the clauses name, and nothing that they give to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rules import RulesError, rules

RISKS = [option.code for option in rules().risks]
CAPACITIES = [option.code for option in rules().capacities]
FOR_THE_ABLE = {"industry_help", "public_post", "work_help", "finance_help"}


def helps(risks: list[str], capacity: str = "able") -> set[str]:
    return {option.code for option in rules().suggest(risks, capacity).measures}


@pytest.mark.parametrize(
    ("risk", "measures"),
    [
        pytest.param("illness", {"health_help"}, id="illness"),
        pytest.param("schooling", {"education_help"}, id="schooling"),
        pytest.param("housing", {"housing_safety"}, id="housing"),
        pytest.param("water", {"water_safety"}, id="water"),
        pytest.param("business", {"industry_help"}, id="business"),
        pytest.param("work", {"work_help", "public_post"}, id="work"),
        pytest.param("labour", {"safety_net"}, id="labour"),
        pytest.param("disaster", {"safety_net"}, id="disaster"),
    ],
)
def test_a_single_risk_gets_the_help_of_its_name(risk: str, measures: set[str]) -> None:
    assert helps([risk]) == measures


def test_a_single_risk_is_helped_singly_with_the_clause() -> None:
    suggestion = rules().suggest(["illness"], "able")
    assert not suggestion.combined
    assert suggestion.rules == (rules().clauses["single"], rules().clauses["able"])


def test_several_risks_are_helped_together_with_the_clause() -> None:
    suggestion = rules().suggest(["illness", "schooling"], "able")
    assert suggestion.combined
    assert suggestion.rules == (rules().clauses["combined"], rules().clauses["able"])
    assert {option.code for option in suggestion.measures} == {"health_help", "education_help", *FOR_THE_ABLE}


def test_one_risk_said_twice_is_one() -> None:
    assert not rules().suggest(["illness", "illness"], "able").combined


@pytest.mark.parametrize("risk", ["epidemic", "other"])
def test_a_risk_that_calls_for_nothing_by_name_is_helped_by_capacity(risk: str) -> None:
    assert helps([risk]) == FOR_THE_ABLE


@pytest.mark.parametrize("capacity", ["none", "partial"])
def test_who_cannot_work_is_always_offered_the_safety_net(capacity: str) -> None:
    assert helps(["illness"], capacity) == {"health_help", "safety_net"}
    assert rules().clauses["not_able"] in rules().suggest(["illness"], capacity).rules


@pytest.mark.parametrize("capacity", ["none", "partial"])
def test_who_cannot_work_is_offered_no_work(capacity: str) -> None:
    assert helps(["work", "business"], capacity) == {"safety_net"}


def test_who_lacks_drive_is_encouraged() -> None:
    assert helps(["illness"], "unmotivated") == {"health_help", "motivation"}
    assert rules().clauses["unmotivated"] in rules().suggest(["illness"], "unmotivated").rules


def test_without_a_risk_neither_clause_of_the_risks_is_quoted() -> None:
    assert rules().suggest([], "none").rules == (rules().clauses["not_able"],)


def test_the_matching_is_told_to_be_literal_and_advice() -> None:
    note = rules().suggest(["illness"], "able").note
    assert "按字面对应" in note and "只是建议" in note


def test_of_several_kinds_for_a_single_risk_one_is_to_be_chosen() -> None:
    assert "从中选一项" in rules().suggest(["work"], "able").note
    assert "从中选一项" not in rules().suggest(["illness"], "able").note
    assert "从中选一项" not in rules().suggest(["work", "illness"], "able").note


def test_codes_that_are_none_are_told_with_those_there_are() -> None:
    with pytest.raises(RulesError, match=r"hunger.*illness"):
        rules().suggest(["hunger"], "able")
    with pytest.raises(RulesError, match=r"strong.*able"):
        rules().suggest(["illness"], "strong")
    with pytest.raises(RulesError, match=r"hunger.*illness"):
        rules().help_first(["hunger"], urgent=True)


@given(st.lists(st.sampled_from(RISKS), min_size=1, unique=True), st.sampled_from(CAPACITIES))
def test_something_is_suggested_whatever_is_reported(risks: list[str], capacity: str) -> None:
    suggestion = rules().suggest(risks, capacity)
    assert suggestion.measures
    assert suggestion.combined is (len(risks) > 1)


@given(
    st.lists(st.sampled_from(RISKS), min_size=1), st.lists(st.sampled_from(RISKS)),
    st.sampled_from(CAPACITIES),
)  # fmt: skip
def test_a_further_risk_takes_no_help_away(risks: list[str], more: list[str], capacity: str) -> None:
    named = [risk for risk in risks if risk not in ("epidemic", "other")]
    assert helps(named or risks, capacity) <= helps([*risks, *more], capacity)


@given(st.lists(st.sampled_from(RISKS), min_size=1), st.sampled_from(CAPACITIES))
def test_the_order_of_the_risks_does_not_matter(risks: list[str], capacity: str) -> None:
    assert rules().suggest(risks, capacity) == rules().suggest(risks[::-1], capacity)


# --- help first -----------------------------------------------------------------------------


@pytest.mark.parametrize("risk", RISKS)
def test_help_comes_first_only_after_disasters_and_accidents(risk: str) -> None:
    expected = rules().clauses["help_first"] if risk in ("disaster", "accident") else None
    assert rules().help_first([risk], urgent=True) == expected


def test_help_comes_first_only_when_it_is_urgent() -> None:
    assert rules().help_first(["disaster"], urgent=False) is None


def test_help_comes_first_when_one_of_several_risks_allows_it() -> None:
    assert rules().help_first(["illness", "accident"], urgent=True)


# --- the codes that are stored --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("sources", "self_report cadre department public"),
        (
            "departments",
            "civil_affairs health medical_insurance housing education disabled_federation emergency",
        ),
        ("categories", "unstable marginal sudden undetermined"),
        (
            "risks",
            "illness schooling disability disaster epidemic accident housing water business work"
            " income_drop expense_rise labour other",
        ),
        ("capacities", "able partial none unmotivated"),
        (
            "measures",
            "industry_help work_help public_post finance_help education_help health_help housing_safety"
            " water_safety safety_net social_help motivation",
        ),
        ("exit_criteria", "measures guarantees income expenses living risk_gone"),
        (
            "annual_headings",
            "members social_security education labour housing_water achievements policies",
        ),
        ("quarterly_headings", "members income expenses"),
    ],
    ids=lambda value: value.split()[0],
)
def test_the_codes_of_options_never_change(name: str, codes: str) -> None:
    """They are stored: a new one may be added here, none may change or go."""
    assert [option.code for option in getattr(rules(), name)] == codes.split()
