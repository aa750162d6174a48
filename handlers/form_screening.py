"""The quarter's screening and the year-end survey: what has changed since last time."""

from __future__ import annotations

from functools import cache

from db.screening import ANNUAL, QUARTERLY
from handlers import wording_screening as wording
from handlers.forms import Choice, Form, Kind, Question
from knowledge.rules import Option, rules

CHANGED, UNCHANGED = "changed", "none"
MEMBERS, INCOME, EXPENSES = "members", "income", "expenses"


@cache
def quarterly_form() -> Form:
    """The three headings of the document (M07); its codes are theirs."""
    return Form(
        code=QUARTERLY,
        title=wording.TITLES[QUARTERLY],
        questions=(
            _changed(rules().quarterly_headings),
            Question(
                "size", "家庭人口", wording.ASK_SIZE, Kind.NUMBER, least=1, most=60, usual=12,
                when=_if(MEMBERS),
            ),
            Question(
                "members_note", "成员变化", wording.ASK_MEMBERS, Kind.TEXT, optional=True,
                when=_if(MEMBERS),
            ),
            Question(
                "income_per_head", "人均纯收入", wording.ASK_INCOME, Kind.MONEY, most=10_000_000,
                usual=200_000, help=wording.HELP_INCOME, when=_if(INCOME),
            ),
            Question(
                "expenses", "合规自付支出", wording.ASK_EXPENSES, Kind.MONEY, most=10_000_000, usual=500_000,
                help=wording.HELP_EXPENSES, when=_if(EXPENSES),
            ),
            Question("worse", "风险变化", wording.ASK_WORSE, Kind.CHOICE, wording.WORSE),
            Question("note", "补充说明", wording.ASK_NOTE, Kind.TEXT, optional=True),
        ),
    )  # fmt: skip


@cache
def annual_form() -> Form:
    """The seven headings of the document (M07), each with what has changed."""
    headings = rules().annual_headings
    changes = (
        Question(
            heading.code, heading.label, wording.ask_heading(heading.label), Kind.TEXT, when=_if(heading.code)
        )
        for heading in headings
    )
    return Form(
        code=ANNUAL,
        title=wording.TITLES[ANNUAL],
        questions=(
            _changed(headings),
            *changes,
            Question("worse", "风险变化", wording.ASK_WORSE, Kind.CHOICE, wording.WORSE),
            Question("note", "补充说明", wording.ASK_NOTE, Kind.TEXT, optional=True),
        ),
    )


def _changed(headings: tuple[Option, ...]) -> Question:
    choices = (*(Choice(heading.code, heading.label) for heading in headings), Choice(UNCHANGED, "都没变"))
    return Question(
        CHANGED, "有变化的", wording.ASK_CHANGED, Kind.CHOICES, choices, help=wording.HELP_CHANGED
    )


def _if(code: str) -> tuple[str, tuple[str, ...]]:
    return CHANGED, (code,)
