"""The report of a household at risk: six short questions, and what stands beside them."""

from __future__ import annotations

from functools import cache

from handlers import wording_report as wording
from handlers.forms import Choice, Form, Kind, Question
from knowledge.rules import Option, rules

REPORT = "report"
MOST_PEOPLE, MANY_PEOPLE = 60, 12


@cache
def report_form() -> Form:
    """Codes are stored: never change one."""
    known = rules()
    return Form(
        code=REPORT,
        title=wording.TITLE,
        photos=True,
        questions=(
            Question(
                "place", "嘎查村", wording.ASK_PLACE, Kind.PLACE, quiet=True, help=wording.HELP_PLACE,
            ),
            Question("head", "户主", wording.ASK_HEAD, Kind.NAME, personal=True, help=wording.HELP_HEAD),
            Question(
                "size", "家庭人口", wording.ASK_SIZE, Kind.NUMBER, help=wording.HELP_SIZE, least=1,
                most=MOST_PEOPLE, usual=MANY_PEOPLE,
            ),
            Question(
                "risks", "风险", wording.ASK_RISKS, Kind.CHOICES, _choices(known.risks),
                help=wording.HELP_RISKS,
            ),
            Question(
                "capacity", "劳动能力", wording.ASK_CAPACITY, Kind.CHOICE, _choices(known.capacities),
                help=wording.HELP_CAPACITY,
            ),
            Question(
                "narrative", "情况", wording.ASK_NARRATIVE, Kind.TEXT, optional=True,
                help=wording.HELP_NARRATIVE,
            ),
            Question(
                "urgent", "紧急", wording.ASK_URGENT, Kind.CHOICE, wording.YES_NO,
                help=wording.HELP_URGENT,
            ),
            Question(
                "source", "线索来源", wording.ASK_SOURCE, Kind.CHOICE, _choices(known.sources), quiet=True,
            ),
            Question(
                "department", "推送部门", wording.ASK_DEPARTMENT, Kind.CHOICE, _choices(known.departments),
                when=("source", ("department",)),
            ),
            Question("id_number", "户主身份证号", wording.ASK_ID, Kind.SECRET, optional=True, personal=True),
            Question("phone", "联系电话", wording.ASK_PHONE, Kind.SECRET, optional=True, personal=True),
        ),
    )  # fmt: skip


def _choices(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(option.code, option.label) for option in options)
