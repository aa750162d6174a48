"""What stands against marking a risk as gone (风险消除)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.rules.model import Option, Rule

STABLE_MONTHS = 6
_SAME_MONTH = (
    "当月识别的，当月不能标注风险消除。“风险自然消除对象除外”在原文里紧跟着6个月的要求，"
    "这里按只免6个月、不免这一条理解；原文没有写得更明白。"
)
_NOT_REGISTERED = "还没有识别为监测对象，谈不上风险消除。"
_LABOUR = "整户没有劳动能力的，暂不标注风险消除，继续跟踪。"


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """What the rules ask about. `natural`: the risk ended by itself; `ticked`: codes of the criteria met."""

    identified_on: dt.date | None
    asked_on: dt.date
    stable_since: dt.date | None
    natural: bool
    able_members: bool
    ticked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`note` says in plain words what the clause means here."""

    code: str
    rule: Rule
    note: str


def obstacles(
    facts: ExitFacts, criteria: Sequence[Option], clauses: Mapping[str, Rule]
) -> Iterator[Obstacle]:
    month, labour, standard = clauses["exit_month"], clauses["exit_labour"], clauses["exit_standard"]
    if facts.identified_on is None:
        yield Obstacle("not_identified", standard, _NOT_REGISTERED)
    elif _month(facts.identified_on) == _month(facts.asked_on):
        yield Obstacle("same_month", month, _SAME_MONTH)
    if not facts.natural and not _stable(facts):
        yield Obstacle("stable_income", month, _stable_note(facts))
    if not facts.able_members:
        yield Obstacle("no_labour", labour, _LABOUR)
    if missing := [option.label for option in criteria if option.code not in facts.ticked]:
        yield Obstacle("criteria", standard, f"还没有达到：{'；'.join(missing)}。")


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _stable(facts: ExitFacts) -> bool:
    since = facts.stable_since
    return since is not None and months_later(since, STABLE_MONTHS) <= facts.asked_on


def _stable_note(facts: ExitFacts) -> str:
    if facts.stable_since is None:
        return "还没有登记收入从哪一天起稳定。满6个月才能消除风险；从哪一天算起，原文没有写。"
    until = months_later(facts.stable_since, STABLE_MONTHS)
    return f"收入稳定要满6个月，{until.year}年{until.month}月{until.day}日才满。从哪一天算起，原文没有写。"


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month
