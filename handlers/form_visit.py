"""The pieces of a visit (走访排查). Each is a small form of its own, filled in on whatever day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from db.roster import MEMBER
from handlers import wording_visit as wording
from handlers.forms import Answers, Form, Kind, Question

INCOME, EXPENSES, GUARANTEES = "income", "expenses", "guarantees"
# What the case says, put beside the answers of a form: nothing of it is asked.
RISKS, DROPPED, YEAR = "case_risks", "dropped_out", "this_year"
_SCHOOL_AGES = range(3, 26)  # at which somebody may be at school
_MOST_YUAN, _MANY_YUAN = 100_000_000, 300_000


@cache
def member_form() -> Form:
    """Codes are stored: never change one."""
    return Form(
        code=MEMBER,
        title=wording.MEMBER,
        questions=(
            Question("name", "姓名", wording.ASK_NAME, Kind.NAME, personal=True, help=wording.HELP_NAME),
            Question("relation", "与户主关系", wording.ASK_RELATION, Kind.CHOICE, wording.RELATIONS),
            Question("sex", "性别", wording.ASK_SEX, Kind.CHOICE, wording.SEXES),
            Question(
                "birth_year", "出生年份", wording.ASK_BIRTH_YEAR, Kind.YEAR, help=wording.HELP_BIRTH_YEAR
            ),
            Question(
                "at_school", "上学", wording.ASK_AT_SCHOOL, Kind.CHOICE, wording.AT_SCHOOL,
                when=_of_school_age,
            ),
            Question(
                "dropped_why", "没上学的原因", wording.ASK_DROPPED_WHY, Kind.TEXT, optional=True,
                when=("at_school", ("dropped",)),
            ),
            Question(
                "education", "文化程度", wording.ASK_EDUCATION, Kind.CHOICE, wording.EDUCATIONS,
                when=_can_be_schooled,
            ),
            Question(
                "health", "身体", wording.ASK_HEALTH, Kind.CHOICES, wording.HEALTH, help=wording.HELP_HEALTH,
                doubt=_healthy_and_ill,
            ),
            Question(
                "labour", "劳动能力", wording.ASK_LABOUR, Kind.CHOICE, wording.LABOUR,
                help=wording.HELP_LABOUR, when=_can_be_a_worker,
            ),
            Question(
                "work", "干活的地方", wording.ASK_WORK, Kind.CHOICE, wording.WORK, help=wording.HELP_WORK,
                when=("labour", ("able", "weak")),
            ),
            Question(
                "months", "干活的月数", wording.ASK_MONTHS, Kind.NUMBER, least=1, most=12,
                when=("work", ("village", "banner", "city", "region", "outside")),
            ),
            Question(
                "covered", "保障", wording.ASK_COVERED, Kind.CHOICES, wording.COVERED, optional=True,
                help=wording.HELP_COVERED,
            ),
        ),
    )  # fmt: skip


@cache
def income_form() -> Form:
    return Form(
        code=INCOME,
        title=wording.INCOME,
        questions=(
            _money("wages", "工资性收入", wording.ASK_WAGES),
            _money("business", "生产经营性收入", wording.ASK_BUSINESS),
            _money("costs", "生产经营成本", wording.ASK_COSTS, doubt=_costs_above_sales),
            _money("property", "财产性收入", wording.ASK_PROPERTY),
            _money("transfer", "转移性收入", wording.ASK_TRANSFER),
        ),
    )


@cache
def expenses_form() -> Form:
    return Form(
        code=EXPENSES,
        title=wording.EXPENSES,
        questions=(
            _money(
                "out_of_pocket", "合规自付支出", wording.ASK_OUT_OF_POCKET,
                help=wording.HELP_OUT_OF_POCKET, doubt=_ill_without_cost,
            ),
            _money("compensation", "理赔救助", wording.ASK_COMPENSATION),
        ),
    )  # fmt: skip


@cache
def guarantees_form() -> Form:
    return Form(
        code=GUARANTEES,
        title=wording.GUARANTEES,
        questions=(
            Question(
                "housing", "住房", wording.ASK_HOUSING, Kind.CHOICE, wording.HOUSING, doubt=_housing_safe,
                help=wording.HELP_UNSURE,
            ),
            Question(
                "schooling", "教育", wording.ASK_SCHOOLING, Kind.CHOICE, wording.SCHOOLING,
                doubt=_all_at_school,
            ),
            Question("medical", "医保", wording.ASK_MEDICAL, Kind.CHOICE, wording.MEDICAL),
            Question(
                "water", "饮水", wording.ASK_WATER, Kind.CHOICE, wording.WATER, doubt=_water_safe,
                help=f"{wording.HELP_WATER}{wording.HELP_UNSURE}",
            ),
        ),
    )  # fmt: skip


def net_income(answers: Mapping[str, Any]) -> float:
    """Yuan a year: the four kinds of income less the costs of production."""
    earned = sum(answers.get(code) or 0 for code in ("wages", "business", "property", "transfer"))
    return float(earned - (answers.get("costs") or 0))


def _money(code: str, label: str, ask: str, **more: Any) -> Question:
    given = {"help": wording.HELP_INCOME} | more
    return Question(code, label, ask, Kind.MONEY, most=_MOST_YUAN, usual=_MANY_YUAN, **given)


# --- what is asked of whom ------------------------------------------------------------------


def _age(answers: Answers) -> int:
    """As of this year's end."""
    return int(answers[YEAR]) - int(answers.get("birth_year") or 0)


def _of_school_age(answers: Answers) -> bool:
    return _age(answers) in _SCHOOL_AGES


def _can_be_schooled(answers: Answers) -> bool:
    return _age(answers) >= _SCHOOL_AGES.stop or answers.get("at_school") in ("no", "yes", "dropped")


def _can_be_a_worker(answers: Answers) -> bool:
    return _age(answers) >= _SCHOOL_AGES.stop or answers.get("at_school") == "no"


# --- what contradicts something else --------------------------------------------------------


def _healthy_and_ill(value: Any, answers: Answers) -> str:
    return wording.HEALTHY_AND_ILL if wording.HEALTHY in value and len(value) > 1 else ""


def _costs_above_sales(value: Any, answers: Answers) -> str:
    return wording.COSTS_ABOVE_SALES if value > (answers.get("business") or 0) else ""


def _ill_without_cost(value: Any, answers: Answers) -> str:
    return wording.ILL_WITHOUT_COST if not value and "illness" in answers.get(RISKS, ()) else ""


def _housing_safe(value: Any, answers: Answers) -> str:
    reported = "housing" in answers.get(RISKS, ())
    return wording.safe_after_all("住房安全") if reported and value == "safe" else ""


def _water_safe(value: Any, answers: Answers) -> str:
    reported = "water" in answers.get(RISKS, ())
    return wording.safe_after_all("饮水安全") if reported and value == "safe" else ""


def _all_at_school(value: Any, answers: Answers) -> str:
    return wording.ALL_AT_SCHOOL if value != "not_all" and answers.get(DROPPED) else ""
