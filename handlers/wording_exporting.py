"""What is said about exported files; what stands in them is in wording_exports."""

from __future__ import annotations

import datetime as dt

KINDS = {"ledger": "监测工作台账（表格）", "statistics": "统计表", "picture": "统计图", "notice": "公示稿"}
CHOOSE = "要导出哪一种？只包括您管辖范围里的户，姓名和号码是遮住的。"
NOT_ALLOWED = "您的身份不能导出。看自己能做什么，请发 /me。"
EMPTY = "您的范围里还没有监测户，没有可以导出的。"
EVERYWHERE = "全部地区"
LEDGER = "监测工作台账做好了。姓名和号码是遮住的；要看某一户的，请打开那一户，写明原因后一项一项看。"
STATISTICS = "统计表做好了，按旗区的编码排列，不是排名。"
PICTURE = "统计图（一户有几种风险的，在每一种里都算一次）。"
NOTICE = "公示稿做好了，只有姓名、嘎查村、类别这些可以公开的内容。请核对以后再贴；谁导出的有记录。"
ON_THE_WEB_ONLY = "公示稿有姓名，不在这里发。请在网页上登录后再导出。"
PRIVATE_DATA = "有一户的姓名或地名里像是带着证件号、电话或病情，公示稿没有做。请先把那一户的姓名改对。"
EXIT_KINDS = {"helped": "帮扶消除", "natural": "自然消除"}


def too_many(count: int, most: int) -> str:
    return f"一共{count}户，一个表最多放{most}户。请选要哪一块："


def part(name: str, count: int) -> str:
    return f"{name}（{count}户）"


def unchecked(place: str) -> str:
    return f"{place}（待核对）"


def nothing_to_publish(step: str) -> str:
    return f"现在没有处在“{step}”这一步的户，没有要公示的。"


def ledger_name(scope: str, day: dt.date) -> str:
    return f"监测工作台账-{_compact(scope)}-{day:%Y%m%d}.xlsx"


def statistics_name(scope: str, day: dt.date) -> str:
    return f"监测统计-{_compact(scope)}-{day:%Y%m%d}.xlsx"


def notice_name(scope: str, day: dt.date) -> str:
    return f"公示稿-{_compact(scope)}-{day:%Y%m%d}.docx"


def _compact(scope: str) -> str:
    return scope.replace(" ", "")
