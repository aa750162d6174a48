"""Exits: what stands against them, with the clause and a note in plain words."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rules import ExitFacts, Obstacle, rules
from knowledge.rules.exits import months_later

ALL = frozenset(option.code for option in rules().exit_criteria)
READY = ExitFacts(
    identified_on=dt.date(2025, 1, 10),
    asked_on=dt.date(2025, 9, 1),
    stable_since=dt.date(2025, 2, 1),
    natural=False,
    able_members=True,
    ticked=ALL,
)
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2035, 12, 31))


def against(facts: ExitFacts) -> list[str]:
    return [obstacle.code for obstacle in rules().exit_obstacles(facts)]


def only(facts: ExitFacts) -> Obstacle:
    (obstacle,) = rules().exit_obstacles(facts)
    return obstacle


def test_nothing_stands_against_an_exit_that_meets_all_rules() -> None:
    assert against(READY) == []


# --- the month of identification ------------------------------------------------------------


def test_exit_is_refused_in_the_month_of_identification() -> None:
    obstacle = only(replace(READY, identified_on=dt.date(2025, 9, 1), asked_on=dt.date(2025, 9, 30)))
    assert (obstacle.code, obstacle.rule) == ("same_month", rules().clauses["exit_time"])


def test_exit_is_allowed_on_the_first_of_the_next_month() -> None:
    assert against(replace(READY, identified_on=dt.date(2025, 8, 31), asked_on=dt.date(2025, 9, 1))) == []


def test_the_same_month_of_another_year_is_another_month() -> None:
    assert against(replace(READY, identified_on=dt.date(2024, 9, 1))) == []


def test_a_natural_end_does_not_lift_the_month_and_the_note_says_that_the_words_are_open() -> None:
    obstacle = only(replace(READY, identified_on=READY.asked_on, natural=True))
    assert obstacle.code == "same_month"
    assert "风险自然消除对象除外" in obstacle.note and "原文没有写明" in obstacle.note


def test_nobody_leaves_who_was_not_identified() -> None:
    assert against(replace(READY, identified_on=None)) == ["not_identified"]


@given(identified=DAYS, asked=DAYS)
def test_the_month_stands_against_an_exit_until_it_is_over(identified: dt.date, asked: dt.date) -> None:
    last = calendar.monthrange(identified.year, identified.month)[1]
    is_over = asked > identified.replace(day=last)
    facts = replace(READY, identified_on=identified, asked_on=asked, natural=True)
    assert ("same_month" in against(facts)) is not is_over


# --- six months of stable income ------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "first"),
    [
        pytest.param(dt.date(2025, 3, 15), dt.date(2025, 9, 15), id="same-day"),
        pytest.param(dt.date(2025, 8, 31), dt.date(2026, 2, 28), id="end-of-february"),
        pytest.param(dt.date(2027, 8, 31), dt.date(2028, 2, 29), id="leap-year"),
        pytest.param(dt.date(2025, 3, 31), dt.date(2025, 9, 30), id="shorter-month"),
        pytest.param(dt.date(2025, 2, 28), dt.date(2025, 8, 28), id="from-february"),
        pytest.param(dt.date(2025, 7, 1), dt.date(2026, 1, 1), id="over-the-year"),
    ],
)
def test_six_months_are_full_on_the_day(since: dt.date, first: dt.date) -> None:
    day_before = first - dt.timedelta(days=1)
    assert against(replace(READY, stable_since=since, asked_on=first)) == []
    assert against(replace(READY, stable_since=since, asked_on=day_before)) == ["stable_income"]


def test_the_note_says_when_six_months_are_full_and_that_their_start_is_open() -> None:
    obstacle = only(replace(READY, stable_since=dt.date(2025, 5, 31)))
    assert obstacle.rule == rules().clauses["exit_time"]
    assert "2025年11月30日" in obstacle.note and "从哪一天算起，原文没有写明" in obstacle.note


def test_without_a_day_on_record_income_is_not_stable() -> None:
    obstacle = only(replace(READY, stable_since=None))
    assert obstacle.code == "stable_income" and "还没有登记" in obstacle.note


def test_a_natural_end_lifts_the_six_months() -> None:
    assert against(replace(READY, stable_since=None, natural=True)) == []


def test_income_that_becomes_stable_in_the_future_is_not_stable() -> None:
    future = READY.asked_on + dt.timedelta(days=1)
    assert against(replace(READY, stable_since=future)) == ["stable_income"]


@given(day=DAYS, months=st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: dt.date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    is_last = (later + dt.timedelta(days=1)).month != later.month
    assert later.day == day.day or (is_last and later.day < day.day)


@given(first=DAYS, second=DAYS, months=st.integers(0, 60))
def test_an_earlier_day_is_never_full_later(first: dt.date, second: dt.date, months: int) -> None:
    earlier, later = sorted((first, second))
    assert months_later(earlier, months) <= months_later(later, months)


@given(since=DAYS, asked=DAYS)
def test_once_six_months_are_full_they_stay_full(since: dt.date, asked: dt.date) -> None:
    facts = replace(READY, identified_on=dt.date(2020, 1, 1), stable_since=since, asked_on=asked)
    if against(facts) == []:
        assert against(replace(facts, asked_on=asked + dt.timedelta(days=1))) == []


# --- labour and the standard ----------------------------------------------------------------


@pytest.mark.parametrize("natural", [False, True], ids=["by-help", "natural"])
def test_a_household_without_labour_stays_tracked(natural: bool) -> None:
    obstacle = only(replace(READY, able_members=False, natural=natural))
    assert (obstacle.code, obstacle.rule) == ("no_labour", rules().clauses["exit_labour"])


@pytest.mark.parametrize("option", rules().exit_criteria, ids=lambda option: option.code)
def test_each_criterion_must_be_met_and_the_missing_one_is_named(option: object) -> None:
    code, label = getattr(option, "code", ""), getattr(option, "label", "")
    obstacle = only(replace(READY, ticked=ALL - {code}))
    assert (obstacle.code, obstacle.rule) == ("criteria", rules().clauses["exit_standard"])
    assert obstacle.note == f"标准要全部达到，还差：{label}。"


def test_a_tick_that_is_no_criterion_stands_for_none() -> None:
    assert against(replace(READY, ticked=ALL - {"income"} | {"wealth"})) == ["criteria"]


def test_everything_that_stands_against_an_exit_is_told_at_once() -> None:
    worst = ExitFacts(dt.date(2025, 9, 1), dt.date(2025, 9, 2), None, False, False, frozenset())
    assert against(worst) == ["criteria", "same_month", "stable_income", "no_labour"]


# --- afterwards -----------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["marginal", "sudden", "undetermined"])
def test_other_households_are_not_watched_after_their_exit(category: str) -> None:
    assert rules().watched_after_exit(category) is None


def test_a_household_not_stably_out_of_poverty_is_watched_after_its_exit() -> None:
    rule = rules().watched_after_exit("unstable")
    assert rule and "脱贫不稳定户除外" in rule.quote


def test_help_that_runs_on_is_adjusted_after_an_exit() -> None:
    assert "按行业政策要求和实际工作周期进行调整" in rules().after_exit_rule.quote
