"""Every sentence about the quarter's screening and the year-end survey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from db.screening import ANNUAL, QUARTERLY, Period
from handlers.forms import Choice
from handlers.wording_forms import chinese_day
from knowledge.rules import Rule

TITLES = {QUARTERLY: "季度监测", ANNUAL: "年度监测"}
WORSE = (Choice("same", "没有变化"), Choice("better", "减轻了"), Choice("worse", "加重了"))
ASK_CHANGED = "和上次比，哪些有变化？"
HELP_CHANGED = "只点有变化的，没变的不用再填。都没变就点“都没变”。"
ASK_SIZE = "现在家里几口人？"
ASK_MEMBERS = "成员有什么变化？（例如：添了孩子、老人去世、外出上学）"
ASK_INCOME = "现在家庭人均纯收入一年大约多少元？"
HELP_INCOME = "全家一年的纯收入除以人口。说不准就写个大概，例如：12000，或者1.2万。"
ASK_EXPENSES = "这一季度合规自付的支出大约多少元？"
HELP_EXPENSES = "看病、上学等按规定报销以后自己掏的钱。没有就写0。"
ASK_WORSE = "返贫致贫的风险比上次怎么样？"
ASK_NOTE = "还有要说明的吗？没有就点“跳过”。"
NOTHING_DUE = "这一期要排查的户都排查过了。"
NOT_YOUR_TASK = "季度监测、年度监测由嘎查村、苏木乡镇、旗区的干部做。看自己能做什么，请发 /me。"
NOT_YOURS = "没有这一户，或者不在您的范围里。"
NOT_NOW = "这一户这一期已经排查过了，或者还没有识别为监测对象，不用排查。"
START, NEXT_ONE, LOOK = "开始", "下一户", "查看"


def ask_heading(label: str) -> str:
    return f"“{label}”有什么变化？"


def period_name(period: Period) -> str:
    if period.form == ANNUAL:
        return f"{period.name}年"
    year, _, quarter = period.name.partition("Q")
    return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"


def due_list(period: Period, count: int, page: str, rule: Rule) -> str:
    where = f"（{page}）" if page else ""
    return (
        f"{period_name(period)}还有{count}户要排查{where}，{chinese_day(period.last)}前做完。点一户开始：\n"
        f"依据：“{rule.quote}”——《{rule.document}》{rule.locator}"
    )


def due_line(number: str, head: str, village: str) -> str:
    """`number` in short, as in other lists."""
    return f"{number} {head} {village}"


def last_time(day: dt.date | None, lines: Iterable[str]) -> str:
    if day is None:
        return "这一户是第一次排查，各项都要填一遍。"
    return "\n".join((f"上次（{chinese_day(day)}）记的：", *lines))


def recorded(period: Period, number: str, left: int) -> str:
    rest = f"还有{left}户。" if left else "这一期都排查完了，辛苦了。"
    return f"{period_name(period)}的排查记下了（{number}）。{rest}"


def worse_news(period: Period, number: str, head: str, village: str) -> str:
    return f"{period_name(period)}排查：{number} {head}（{village}）的风险加重了，请看一下。"


def reminder(period: Period, count: int) -> str:
    return f"提醒：{period_name(period)}还有{count}户没有排查，{chinese_day(period.last)}前做完。"


def escalation(period: Period, lines: Iterable[str]) -> str:
    listed = "\n".join(f"· {line}" for line in lines)
    return f"{period_name(period)}已经过去，下面的嘎查村还有没排查完的户，请了解情况、帮一把：\n{listed}"


def village_line(village: str, count: int) -> str:
    return f"{village}：{count}户"


def overdue(number: str, step: str, due_on: dt.date) -> str:
    return f"按本地规定，{number}的“{step}”应在{chinese_day(due_on)}前办完，现在还没有。请了解情况。"
