"""What is said while somebody chooses from lists."""

from __future__ import annotations

TOPICS = ("问政策", "查指标", "查名单")  # in the order of knowledge.browse
REPORT = "报监测户"
CHOOSE = (
    "请选一份文件，再往下点，就能看到原文。",
    "请选一个考核项目，再选指标。想看一个部门管什么，点最后的“按部门查”。",
    "请选一个旗区，再选嘎查村。往后翻，也可以按名单的类别找。",
)
NOTHING = (
    "这里还没有可以看的文件。",
    "这里的文件没有考核指标，也没有写哪件事归哪个部门。",
    "这里的文件没有列出旗区、嘎查村的名单。",
)
MANY_FILES = "文件太多，没有做成目录。请直接打字问。"
MANY_DOCUMENTS = "文件很多，直接打字问更快。"
CHOOSE_BELOW = "请往下点："
NOTHING_BELOW = "这一份没有可以往下看的内容。"
UNREADABLE = "这份文件打不开，请告诉管文件的同志。"
LIBRARY_CHANGED = "文件更新过了，刚才的按钮用不上了。请从这里重新选："
WHOLE, BACK, HOME = "全文", "返回", "首页"


def previous(counted: str) -> str:
    return f"上一{counted}"


def following(counted: str) -> str:
    return f"下一{counted}"


def page(number: int, of: int) -> str:
    return f"第{number}/{of}页"


def no_such_indicator(number: int) -> str:
    return f"没有第{number}项指标。请从这里选："
