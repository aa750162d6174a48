"""That a household lets its data be compared (农牧户授权): who agreed, how, to what, on which day."""

from __future__ import annotations

from functools import cache

from handlers import wording_consent as wording
from handlers.forms import Answers, Choice, Form, Kind, Question
from handlers.wording_visit import RELATIONS
from knowledge.rules import rules

CONSENT = "consent"
# Beside the answers: whom to offer, which children need a guardian, whether names may be asked here.
PEOPLE, GUARDIANS, DAYS, CHILDREN, NAMES = "people", "guardians", "days", "children", "names"
OTHER, NOBODY, ALL = "other", "nobody", "all"
_OTHER = Choice(OTHER, wording.SOMEBODY_ELSE)


@cache
def consent_form() -> Form:
    """Codes are stored: never change one."""
    departments = tuple(Choice(option.code, option.label) for option in rules().departments)
    return Form(
        code=CONSENT,
        title=wording.TITLE,
        questions=(
            Question("member", "授权人", wording.ASK_WHO, Kind.CHOICE, (_OTHER,), offers=PEOPLE),
            Question(
                "given_by", "授权人姓名", wording.ASK_NAME, Kind.NAME, personal=True, when=_other_by_name
            ),
            Question(
                "given_as", "与户主关系", wording.ASK_RELATION, Kind.CHOICE, RELATIONS, when=_other_unnamed
            ),
            Question(
                "manner", "方式", wording.ASK_MANNER, Kind.CHOICE, wording.MANNERS, help=wording.HELP_MANNER
            ),
            Question("scope", "比对范围", wording.ask_scope(departments), Kind.CHOICE, wording.SCOPES),
            Question(
                "departments", "比对的部门", wording.ASK_DEPARTMENTS, Kind.CHOICES, departments,
                when=("scope", ("some",)),
            ),
            Question("given_on", "授权日期", wording.ASK_DAY, Kind.DAY, offers=DAYS),
            Question(
                "guardian", "监护人", wording.ASK_GUARDIAN, Kind.CHOICE,
                (_OTHER, Choice(NOBODY, wording.NO_GUARDIAN)), help=wording.HELP_GUARDIAN,
                offers=GUARDIANS, when=_has_children,
            ),
            Question(
                "guardian_name", "监护人姓名", wording.ASK_GUARDIAN_NAME, Kind.NAME, personal=True,
                when=_guardian_by_name,
            ),
        ),
    )  # fmt: skip


def _other(answers: Answers) -> bool:
    return answers.get("member") == OTHER


def _other_by_name(answers: Answers) -> bool:
    return _other(answers) and bool(answers.get(NAMES))


def _other_unnamed(answers: Answers) -> bool:
    return _other(answers) and not answers.get(NAMES)


def _has_children(answers: Answers) -> bool:
    return bool(answers.get(CHILDREN))


def _guardian_by_name(answers: Answers) -> bool:
    return answers.get("guardian") == OTHER and bool(answers.get(NAMES))
