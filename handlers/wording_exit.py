"""Every sentence of proposing that a risk is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from handlers.forms import Choice
from handlers.wording_forms import chinese_day
from handlers.wording_report import quoted
from knowledge.rules import Obstacle, Rule

TITLE = "风险消除核对表"
ASK_KIND = "风险是怎么消除的？"
KINDS = (Choice("helped", "帮扶消除"), Choice("natural", "自然消除"))
HELP_KIND = "帮扶消除：落实了帮扶措施，风险没有了。自然消除：没有靠帮扶，风险自己没有了。"
HELP_WITHOUT_MEASURE = (
    "这一户一项帮扶措施也没有登记，是帮扶消除吗？没错请点下面的按钮；"
    "是自然消除就重新选；帮过没登记的，先到“帮扶措施”里补上。"
)
ASK_STABLE_SINCE = "收入从哪一天起稳定的？请写日期，例如：2026年3月1日。"
HELP_STABLE_SINCE = "收入持续稳定满6个月才能消除风险。从哪一天算起，文件没有写明，这里从您写的这一天算。"
ASK_CAPACITY = "家里现在的劳动能力怎么样？"
ASK_CRITERIA = "下面的标准，哪些已经达到了？"
HELP_CRITERIA = "前四项是指标，后两项是另外的条件，全部达到才能消除风险。没有达到的不要点。"
CHANGE, TO_MEASURES = "看填的核对表", "帮扶措施"
NOTHING_CHANGED = "这一户还在帮扶跟踪，什么都没有变。您填的核对表先存着，条件够了再来接着办。"


def checked(kind: str, since: dt.date | None, met: int, of: int) -> str:
    stable = f"收入从{chinese_day(since)}起稳定" if since else ""
    parts = (kind, stable, f"标准达到{met}/{of}项")
    return f"{TITLE}：{'；'.join(filter(None, parts))}"


def intro(rule: Rule, already: Iterable[Obstacle]) -> str:
    """`already`: what stands against it whatever is filled in."""
    known = [f"先说明：{one.note}" for one in already]
    return "\n".join(("标注风险消除，要对照下面的标准：", quoted(rule), *known))
