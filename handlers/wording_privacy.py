"""What is said about numbers that are not kept."""

from __future__ import annotations

from collections.abc import Iterable

NUMBER_NAMES = {"id": "身份证号", "mobile": "手机号", "card": "银行卡号"}

NOT_DELETED = "没能替您删掉，请自己长按删除。"
_DELETING = "原来那条消息我从对话里删掉。"
_HIDDEN = "这里的对话记录里也已经隐去。"


def hidden_mark(kind: str) -> str:
    """What stands in a text instead of a number; no digit."""
    return f"〔{NUMBER_NAMES[kind]}已隐去〕"


def not_kept(kinds: Iterable[str], *, deletes: bool, goes_on: bool) -> str:
    """`deletes`: the message is removed from the chat. `goes_on`: the rest of it is answered below."""
    names = "、".join(NUMBER_NAMES[kind] for kind in kinds)
    sentences = (
        f"您刚才发的内容里有{names}，我没有保存。",
        _DELETING if deletes else _HIDDEN,
        "聊天里的内容容易被别人看到或转走，这样的号码请不要在聊天里发；"
        "办事用得着时，我会给您一个专门的填写页面。",
        "您说的其他内容，我接着办。" if goes_on else "",
    )
    return "".join(sentences)
