"""Help that begins, and help that ends."""

from __future__ import annotations

from functools import cache
from typing import Any

from handlers import wording_measures as wording
from handlers.forms import Answers, Form, Kind, Question

MEASURE, MEASURE_END = "measure", "measure_end"
# Beside the answers: the kinds of help with those suggested first, days to choose, what the case says.
KINDS, DAYS, RUNNING, CAPACITY = "kinds", "days", "running", "case_capacity"
MOST_NOTE = 200


@cache
def measure_form() -> Form:
    """Codes are stored: never change one."""
    return Form(
        code=MEASURE,
        title=wording.TITLE,
        questions=(
            Question("measure", "措施", wording.ASK_MEASURE, Kind.CHOICE, offers=KINDS, doubt=_doubtful),
            Question("started_on", "开始日期", wording.ASK_START, Kind.DAY, offers=DAYS),
            Question(
                "note", "负责人和单位", wording.ASK_NOTE, Kind.TEXT, optional=True, most=MOST_NOTE,
                help=wording.HELP_NOTE,
            ),
        ),
    )  # fmt: skip


@cache
def measure_end_form() -> Form:
    return Form(
        code=MEASURE_END,
        title=wording.END_TITLE,
        questions=(Question("ended_on", "结束日期", wording.ASK_END, Kind.DAY, offers=DAYS),),
        summary=False,
    )


def _doubtful(value: Any, answers: Answers) -> str:
    running = answers.get(RUNNING) or ()
    if value in running:
        return wording.RUNNING_ALREADY
    able = answers.get(CAPACITY) == "able"
    return wording.ABLE_BUT_SAFETY_NET if able and value == "safety_net" and not running else ""
