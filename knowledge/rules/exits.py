"""What stands against marking a risk as gone (风险消除)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.rules.model import Option, Rule

STABLE_MONTHS = 6  # 收入持续稳定不少于6个月
_NOT_IDENTIFIED = "还没有走完八步程序、识别为监测对象，谈不上风险消除。"
_SAME_MONTH = (
    "当月识别的，当月不能标注风险消除，最早下个月。“风险自然消除对象除外”免的是哪一条，原文没有写明；"
    "它紧跟在6个月的要求后面，这里理解为只免6个月，不免这一条。"
)
_NO_STABLE_DAY = "还没有登记收入从哪一天起稳定。稳定满6个月才能消除风险；从哪一天算起，原文没有写明。"
_NO_LABOUR = "整户没有劳动能力的，落实社会保障措施以后也暂不标注风险消除，继续跟踪监测。"


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """What the rules ask about.

    `natural`: the risk ended by itself; `able_members`: somebody of the household can work;
    `ticked`: codes of the exit criteria that are met.
    """

    identified_on: dt.date | None
    asked_on: dt.date
    stable_since: dt.date | None
    natural: bool
    able_members: bool
    ticked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`note` says in plain words what the clause means here, and where its words leave it open."""

    code: str
    rule: Rule
    note: str


def obstacles(
    facts: ExitFacts, criteria: Sequence[Option], clauses: Mapping[str, Rule]
) -> Iterator[Obstacle]:
    """All of them, in the order of the clauses. `natural` lifts the six months and nothing else."""
    time, labour, standard = clauses["exit_time"], clauses["exit_labour"], clauses["exit_standard"]
    if missing := [option.label for option in criteria if option.code not in facts.ticked]:
        yield Obstacle("criteria", standard, f"标准要全部达到，还差：{'；'.join(missing)}。")
    if facts.identified_on is None:
        yield Obstacle("not_identified", time, _NOT_IDENTIFIED)
    elif _month(facts.asked_on) <= _month(facts.identified_on):
        yield Obstacle("same_month", time, _SAME_MONTH)
    if not facts.natural and not _is_stable(facts):
        yield Obstacle("stable_income", time, _stable_note(facts.stable_since))
    if not facts.able_members:
        yield Obstacle("no_labour", labour, _NO_LABOUR)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _is_stable(facts: ExitFacts) -> bool:
    since = facts.stable_since
    return since is not None and months_later(since, STABLE_MONTHS) <= facts.asked_on


def _stable_note(since: dt.date | None) -> str:
    if since is None:
        return _NO_STABLE_DAY
    full = months_later(since, STABLE_MONTHS)
    return (
        f"收入从{_day(since)}起稳定，到{_day(full)}才满6个月。"
        "从哪一天算起，原文没有写明，这里从登记的这一天算。"
    )


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month
