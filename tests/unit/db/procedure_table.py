"""The procedure as the documents and the conventions of the product have it, written down a second time.

Nothing here comes from knowledge.rules: the tests compare the two.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from db.access import Role

# 「按照农牧户申请、走访排查、农牧户授权、民主评议公开、苏木乡镇审核、数据比对、旗区审定公示、
# 录入系统管理的程序」
CADRE, TOWNSHIP, BANNER, ADMIN = (
    Role.VILLAGE_CADRE, Role.TOWNSHIP_REVIEWER, Role.BANNER_REVIEWER, Role.ADMINISTRATOR
)  # fmt: skip
EIGHT_STEPS = (
    ("application", CADRE),
    ("visit", CADRE),
    ("consent", CADRE),
    ("hearing", CADRE),
    ("township_review", TOWNSHIP),
    ("comparison", BANNER),
    ("banner_review", BANNER),
    ("registration", BANNER),
)
VILLAGE_STEPS = ("application", "visit", "consent", "hearing")
BANNER_STEPS = ("comparison", "banner_review", "registration")
OPEN = (*(step for step, _ in EIGHT_STEPS), "helping", "exit_township", "exit_banner")
CLOSED = ("exited", "refused", "withdrawn", "merged")
STEPS = (*OPEN, *CLOSED)
ACTIONS = ("pass", "return", "refuse", "withdraw", "appeal", "propose_exit", "merge", "unmerge")
FORMER = "former"  # stands for the step that a merged case was at
CRITERIA = ("measures", "guarantees", "income", "expenses", "living", "risk_gone")


@dataclass(frozen=True)
class Row:
    source: str
    action: str
    target: str
    roles: tuple[Role, ...]
    needs: tuple[str, ...] = ()


def _forward() -> list[Row]:
    order = [*(step for step, _ in EIGHT_STEPS), "helping"]
    return [
        Row(step, "pass", order[place + 1], (role,)) for place, (step, role) in enumerate(EIGHT_STEPS)
    ] + [
        Row("helping", "propose_exit", "exit_township", (CADRE, TOWNSHIP)),
        Row("exit_township", "pass", "exit_banner", (TOWNSHIP,)),
        Row("exit_banner", "pass", "exited", (BANNER,)),
    ]


def _back() -> list[Row]:
    told, why = ("reason", "fields"), ("reason",)
    return [
        *(Row(step, "return", step, (TOWNSHIP,), told) for step in VILLAGE_STEPS),
        Row("township_review", "return", "visit", (TOWNSHIP,), told),
        Row("township_review", "return", "application", (TOWNSHIP,), told),
        *(Row(step, "return", "township_review", (BANNER,), why) for step in BANNER_STEPS),
        *(Row(step, "return", "visit", (BANNER,), told) for step in BANNER_STEPS),
        Row("exit_township", "return", "helping", (TOWNSHIP,), why),
        Row("exit_banner", "return", "helping", (BANNER,), why),
    ]


def _aside() -> list[Row]:
    why = ("reason",)
    return [
        Row("hearing", "refuse", "refused", (CADRE,), why),
        Row("township_review", "refuse", "refused", (TOWNSHIP,), why),
        Row("banner_review", "refuse", "refused", (BANNER,), why),
        Row("refused", "appeal", "township_review", (CADRE,), why),
        *(Row(step, "withdraw", "withdrawn", (CADRE,), why) for step in VILLAGE_STEPS),
        Row("township_review", "withdraw", "withdrawn", (TOWNSHIP,), why),
        *(Row(step, "merge", "merged", (ADMIN,)) for step in OPEN),
        Row("merged", "unmerge", FORMER, (ADMIN,)),
    ]


TABLE = (*_forward(), *_back(), *_aside())


def row(source: str, action: str, target: str | None) -> Row | None:
    """The first that fits; without a target, of whatever target."""
    wanted = (r for r in TABLE if r.source == source and r.action == action)
    return next((r for r in wanted if target in (None, r.target)), None)


def in_charge(source: str) -> Row:
    """The way on from there."""
    return next(r for r in _forward() if r.source == source)


def china_day(now: dt.datetime) -> dt.date:
    return (now.astimezone(dt.UTC) + dt.timedelta(hours=8)).date()


def six_months_after(day: dt.date) -> dt.date:
    """Where the month is too short, its last day."""
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    for number in range(day.day, 0, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)


def obstacles(
    *,
    today: dt.date,
    identified_on: dt.date | None,
    stable_since: dt.date | None,
    kind: str,
    ticked: frozenset[str],
    capacity: str,
) -> set[str]:
    """「不得当月识别、当月标注风险消除，收入持续稳定不少于6个月…，风险自然消除对象除外」「整户无劳动能力…暂不标注」"""
    found = set()
    if set(CRITERIA) - ticked:
        found.add("criteria")
    if identified_on is None:
        found.add("not_identified")
    elif (today.year, today.month) <= (identified_on.year, identified_on.month):
        found.add("same_month")
    if kind != "natural" and (stable_since is None or six_months_after(stable_since) > today):
        found.add("stable_income")
    if capacity == "none":
        found.add("no_labour")
    return found
