"""Every sentence of a household's consent to the comparison of its data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.forms import Choice

TITLE = "农牧户授权"
INTRO = (
    "登记农牧户授权：农牧户同意以后，才能拿他家的信息去和民政、卫健等部门的数据比对，"
    "核实他家的困难；不同意就不比对。"
)
ASK_WHO = "谁同意的？"
SOMEBODY_ELSE = "别的人"
ASK_NAME = "同意的人叫什么名字？"
ASK_RELATION = "是户主的什么人？"
ASK_MANNER = "怎么同意的？"
HELP_MANNER = "签了字、按了手印的授权书，请留在嘎查村存好。口头同意的，要有别人在场作证。"
MANNERS = (
    Choice("signed", "签字"), Choice("fingerprint", "按手印"), Choice("witnessed", "口头同意，有人见证"),
)  # fmt: skip
SCOPES = (Choice("all", "这些部门都可以"), Choice("some", "只同意一部分"))
ASK_DEPARTMENTS = "同意和哪些部门的数据比对？"
ASK_DAY = "哪一天同意的？点一个，或者写日期，例如：2026年3月1日。"
TODAY, YESTERDAY = "今天", "昨天"
ASK_GUARDIAN = "家里有不满14周岁的孩子，孩子的信息要由监护人同意。哪位监护人同意的？"
HELP_GUARDIAN = "监护人一般是父母；父母不能管的，是祖父母、外祖父母等。监护人没有同意，孩子的信息就不比对。"
ASK_GUARDIAN_NAME = "监护人叫什么名字？"
NO_GUARDIAN = "监护人没有同意"
AGAIN, WITHDRAW, WITHDRAW_REALLY, KEEP = "重新登记", "收回授权", "确定收回", "不收回"
NONE_TO_WITHDRAW = "这一户现在没有授权，不用收回。"
ASK_TO_WITHDRAW = (
    "农牧户不同意了，就收回授权。收回以后不再比对他家的数据，程序要等重新授权才能往下走；"
    "以前做过的留在记录里。确定收回吗？"
)
WITHDRAWN = "授权收回了，从现在起不再比对这一户的数据。"
GUARDIAN_OPEN = "监护人没有同意，不满14周岁的孩子的信息不比对。"


def ask_scope(departments: Sequence[Choice]) -> str:
    names = "、".join(choice.label for choice in departments)
    return f"同意和哪些部门的数据比对？文件写的是这{len(departments)}个：{names}。"


def head(shown: str) -> str:
    return f"{shown}（户主）"


def unnamed(relation: str) -> str:
    """Who agreed, where the chat must not hear a name."""
    return f"{relation}（姓名没有登记）"


def given(lines: Iterable[str]) -> str:
    return "\n".join(("农牧户授权已经登记：", *lines))


def line(who: str, manner: str, day: str, departments: Sequence[str], child: str) -> str:
    about = f"，替{child}" if child else ""
    return f"· {who}{about}，{manner}，{day}，比对{'、'.join(departments)}"


def recorded(lines: Iterable[str]) -> str:
    return "\n".join(("授权记下了：", *lines))


def withdrawn_news(number: str, head: str) -> str:
    return f"{number} {head} 收回了授权，从现在起不能再比对这一户的数据。"
