"""The check-list for marking a risk as gone (风险消除)."""

from __future__ import annotations

from functools import cache
from typing import Any

from handlers import wording_exit as wording
from handlers.forms import Answers, Choice, Form, Kind, Question
from knowledge.rules import Option, rules

EXIT = "exit"
HELPED = "helped"
MEASURES = "measures_so_far"  # beside the answers: how many kinds of help there were


@cache
def exit_form() -> Form:
    """Codes are stored: never change one."""
    known = rules()
    return Form(
        code=EXIT,
        title=wording.TITLE,
        questions=(
            Question(
                "kind", "怎么消除的", wording.ASK_KIND, Kind.CHOICE, wording.KINDS, help=wording.HELP_KIND,
                doubt=_help_without_measure,
            ),
            Question(
                "stable_since", "收入稳定起", wording.ASK_STABLE_SINCE, Kind.DAY,
                help=wording.HELP_STABLE_SINCE, when=("kind", (HELPED,)),
            ),
            Question(
                "criteria", "达到的标准", wording.ASK_CRITERIA, Kind.CHOICES, _choices(known.exit_criteria),
                optional=True, help=wording.HELP_CRITERIA,
            ),
            Question("capacity", "劳动能力", wording.ASK_CAPACITY, Kind.CHOICE, _choices(known.capacities)),
        ),
    )  # fmt: skip


def _help_without_measure(value: Any, answers: Answers) -> str:
    return wording.HELP_WITHOUT_MEASURE if value == HELPED and not answers.get(MEASURES) else ""


def _choices(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(option.code, option.label) for option in options)
