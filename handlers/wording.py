"""Every sentence that the conversation says, apart from the answers themselves."""

from __future__ import annotations

from collections.abc import Iterable

EXAMPLES = (
    "村规民约归谁考核",
    "乌审旗有哪些重点村",
    "识别监测对象要走哪些程序",
)

WELCOME = """您好！我是乡村振兴政策助手。
想问什么，直接打字，像平时说话一样。我只照政策文件回答，告诉您原文是怎么写的、出自哪份文件哪一条；文件里没有的，我会直说没有。
不想打字，就点下面的按钮。"""

_KINDS = (
    ("指标", ("村规民约归谁考核", "第33项多少分")),
    ("部门", ("民政局管哪些指标",)),
    ("条款", ("考核办法第七条",)),
    ("政策", ("家里老人住院花钱多，能先看病后交钱吗",)),
    ("程序", ("识别监测对象要走哪些程序",)),
    ("名单", ("乌审旗有哪些重点村",)),
    ("目标", ("2025年集中供水率要到多少",)),
)
HELP_EXAMPLES = tuple(question for _, questions in _KINDS for question in questions)
_HELP_LINES = "\n".join(
    f"· {kind}：{''.join(f'“{question}”' for question in questions)}" for kind, questions in _KINDS
)
HELP = f"""可以这样问，点下面的例子也行：
{_HELP_LINES}
接着问不用从头说：“那2024年呢”“乌审旗的呢”。
打错字、写同音字也能听懂。有几种可能时，我会列出来请您选。
不想打字：发 /start，点“问政策”“查指标”“查名单”，一级一级往下找。
命令：/start 回首页 · /new 换个话题 · /me 看自己的身份 · /help 看这一页"""

STARTED_OVER = "好的，前面说的都放下了。请问新的问题。"
STALE_BUTTON = "这个按钮是前面那个问题的，现在用不上了。请把问题再打一遍。"
_SENT = {
    "photo": "照片",
    "document": "文件",
    "place": "位置",
    "contact": "名片",
    "voice": "语音",
    "sticker": "表情",
    "video": "视频",
}
TERMINAL_GREETING = (
    "政策问答。直接输入问题；有编号的，输入编号就是选它；/help 看例子，/new 换话题，空行或“退出”离开。"
)
TERMINAL_GOODBYE = "再见。"
NOT_UTF8 = "这一行不是有效的 UTF-8 文字，看不懂，请重新输入。"


def unknown_command(commands: Iterable[str]) -> str:
    return f"没有这个命令。可以用的命令有：{'、'.join(commands)}。也可以直接打字问问题。"


def unexpected(kind: str) -> str:
    """What is said to something that was sent and cannot be used where the conversation stands."""
    sent = _SENT.get(kind, "这个")
    return f"{sent}收到了，不过这里用不上，没有保存。请把要问的话打字发给我，例如“村规民约归谁考核”。"


def sorry(reference: str) -> str:
    return f"对不起，刚才出了点问题，没能回答您。请再问一次；还不行，就把编号 {reference} 告诉管理员。"
