"""What is said about numbers that are not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER_NAMES = {
    "id": "身份证号",
    "mobile": "手机号",
    "card": "银行卡号",
    "contact": "名片里的电话号码",
}
NOT_DELETED = "没能替您删掉，请自己长按删除。"
_DELETING = "原来那条消息我从对话里删掉。"
_HIDDEN = "这里的对话记录里也隐去了。"
_WHY = (
    "聊天里的内容容易被别人看到、转走，这样的号码请不要在聊天里发；办事用得着时，我会给您一个专门填写的页面。"
)
_GOES_ON = "您说的其他内容，我接着办。"
_MARK = re.compile(rf"[，,、；;：:\s]*〔(?:{'|'.join(NUMBER_NAMES.values())})已隐去〕")
# What people write around a number that says nothing more.
_LABELS = re.compile(
    "(?:身份证|证件|手机|电话|联系电话|联系方式|银行卡|卡|账)(?:号码|号)?|号码|户主|本人|[我他她]的?|[的是为：:]"
)


def hidden_mark(kind: str) -> str:
    """What stands in a text instead of a number; no digit."""
    return f"〔{NUMBER_NAMES[kind]}已隐去〕"


def without_marks(text: str) -> str:
    return _MARK.sub(" ", text).strip()


def without_labels(text: str) -> str:
    return _LABELS.sub("", text)


def not_kept(kinds: Iterable[str], *, deletes: bool, goes_on: bool) -> str:
    """`deletes`: the message is removed from the chat. `goes_on`: the rest of it is handled."""
    names = "、".join(NUMBER_NAMES[kind] for kind in kinds)
    return "".join(
        (
            f"您刚才发的内容里有{names}，我没有保存。",
            _DELETING if deletes else _HIDDEN,
            _WHY,
            _GOES_ON if goes_on else "",
        )
    )
