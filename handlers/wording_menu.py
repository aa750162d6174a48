"""What the commands do, in the order in which a menu shows them."""

from __future__ import annotations

COMMANDS = {
    "start": "回首页",
    "help": "看看可以怎么问",
    "report": "上报一户",
    "cases": "看监测户、办理",
    "export": "导出台账、统计、公示稿",
    "quarter": "季度监测，这一季度还有哪些户",
    "year": "年度监测，今年还有哪些户",
    "new": "换个话题",
    "me": "我是谁，能做什么",
    "link": "在另一个地方也用这个身份",
}
IN_GROUPS = ("start", "help", "new")
