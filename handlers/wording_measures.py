"""Every sentence about help that a household gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from handlers.wording_forms import chinese_day
from handlers.wording_report import quoted
from knowledge.rules import Rule

TITLE, END_TITLE = "帮扶措施", "结束帮扶措施"
SUGGESTED = "★"
ASK_MEASURE = "给了哪一项帮扶？（★是按风险和劳动能力建议的）"
ASK_START = "从哪一天开始的？点一个，或者写日期，例如：2026年3月1日。"
ASK_END = "到哪一天结束的？点一个，或者写日期，例如：2026年3月1日。"
ASK_NOTE = "由谁、哪个单位负责？帮了什么？（可以不写）"
HELP_NOTE = "例如：卫健委李四，签约家庭医生，每月上门一次。不要写身份证号、电话、银行卡号。"
RUNNING_ALREADY = "这一项已经在帮了，还要再记一项吗？要记请点下面的按钮；不记就重新选一项。"
ABLE_BUT_SAFETY_NET = (
    "这一户有劳动能力，只记综合保障帮扶，对吗？文件要求有劳动能力的按需求安排产业、公益性岗位、"
    "就业、金融等帮扶。没错请点下面的按钮；记错了就重新选一项。"
)
ADD, NO_SUCH_MEASURE = "登记一项", "没有这一项，或者已经结束了。下面是现在的："
NONE_YET = "还没有登记帮扶措施。"


def end(label: str) -> str:
    return f"结束{label}"


def head(number: str, head: str) -> str:
    return f"帮扶措施：{number} {head}"


def line(label: str, started_on: dt.date, ended_on: dt.date | None, note: str, *, early: bool) -> str:
    until = f"，{chinese_day(ended_on)}结束" if ended_on else ""
    first = "，先救助" if early else ""
    more = f"（{note}）" if note else ""
    return f"· {label}：{chinese_day(started_on)}开始{until}{first}{more}"


def too_early(procedure: Rule, help_first: Rule) -> str:
    return (
        "这一户还没有走完程序、录入系统，现在不能登记帮扶措施。\n"
        f"{quoted(procedure)}\n"
        "只有因灾因意外事故等，生活陷入严重困难，事实清楚、群众普遍认可的，可以先帮后补；"
        "按上报的情况，这一户不是这样。\n"
        f"{quoted(help_first)}"
    )


def help_first(rule: Rule) -> str:
    return f"这一户可以先救助、后补程序，程序仍然要补。\n{quoted(rule)}"


def after_exit(rule: Rule) -> str:
    return (
        "这一户的风险已经消除。下面还在进行的帮扶，按行业政策和实际工作周期调整，不是一下子停掉。\n"
        f"{quoted(rule)}"
    )


def watched(rule: Rule) -> str:
    return f"脱贫不稳定户消除风险以后，仍按监测对象监测帮扶。\n{quoted(rule)}"


def started(label: str, day: dt.date) -> str:
    return f"记下了：{label}，{chinese_day(day)}开始。"


def ended(label: str, day: dt.date) -> str:
    return f"记下了：{label}，{chinese_day(day)}结束。"


def ended_before_start(start: dt.date) -> str:
    return f"这一项是{chinese_day(start)}才开始的，结束的日期不能比这还早。请重新写。"


def lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
