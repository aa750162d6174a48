"""Every sentence about, and on, the one-time page for personal data, and about photos."""

from __future__ import annotations

from collections.abc import Sequence

FILL_TITLE = "填写个人信息"
FILL_INTRO = "这里填的内容直接存进单位的服务器，不经过聊天。"
SAVE = "保存"
OPTIONAL = "（可以不填）"
KNOWN = "已经填过，不改就空着。"
ID_HINT = "18位，最后一位是X的，写X。"
PHONE_HINT = "11位手机号。"
MISSING = "这一项要填。"
NOTHING = "还没有填。请至少填一项，再点“保存”。"
SEE_BELOW = "有填错的地方，下面标出来了。改好再点“保存”，别的都还在。"
SAVED_TITLE = "保存好了"
SAVED = "可以关掉这个页面，回到聊天里接着办。"
LOOK, GO_ON = "查看", "接着填"

REVEAL_TITLE = "查看个人信息"
SHOW = "显示"
REVEALED_NOTE = "这次查看已经记录。60秒后自动隐去，也可以现在就关掉这个页面。请不要截图、转发。"
NOT_RECORDED = "没有登记"
REVEAL_SECONDS = 60

PHOTO_LOST = (
    "您发的一张照片没能存下来：文件已经取不到，或者不是能看的照片。请重新拍一张发过来，别的内容都还在。"
)
NO_PHOTOS = "这一户没有照片。"
PHOTOS_ON_THE_WEB = "照片不在 Telegram 里显示。请在网页上打开这一户看。"
NOT_YOUR_CASE = "没有这一户，或者不在您的范围。"


def fill_on_page(url: str) -> str:
    return f"身份证号、电话不在聊天里填。请点开这个网页填，15分钟内有效，只能用一次：\n{url}"


def reveal_on_page(url: str) -> str:
    return f"请点开这个网页看，15分钟内有效，只能看一次，查看会记录：\n{url}"


def about_household(masked_head: str) -> str:
    return f"户主：{masked_head}"


def about_case(number: str) -> str:
    return f"编号：{number}"


def wrong_id() -> str:
    return "身份证号不对：要18位，最后一位是校验码。请对照证件再看一遍。"


def wrong_phone() -> str:
    return "电话不对：要11位手机号，例如 13800000000。"


def received(labels: Sequence[str]) -> str:
    return f"已收到：{'、'.join(labels)}（内容没有经过聊天）。"


def same_id(numbers: Sequence[str]) -> str:
    where = f"编号{'、'.join(numbers)}" if numbers else "您范围以外的一户"
    return f"请注意：这个身份证号和{where}的一样，可能是同一户报了两次。请核对；确实是一户，请管理员合并。"


def reveal_what(number: str, label: str) -> str:
    return f"编号{number}这一户的{label}。点“显示”才会出来，只显示一次，谁在什么时候为什么看的，都会记录。"


def not_yet_fetched(count: int) -> str:
    return f"还有{count}张照片正在取，过一会儿再看。"


def photo_of(number: str, place: int, of: int) -> str:
    return f"{number}（照片{place}/{of}）"


# Why a page is not shown: its title and what to do.
REFUSALS = {
    "expired": (
        "链接过期了",
        "这个链接过了15分钟，不能用了。请回到聊天里，再点一次那个按钮，就有新的链接。填过的内容都还在。",
    ),
    "used": (
        "链接用过了",
        "这个链接只能用一次，已经用过了。还要填或者再看，请回到聊天里，再点一次那个按钮，就有新的链接。",
    ),
    "unknown": (
        "没有这个链接",
        "请看一下链接是不是没有复制完整，或者回到聊天里，再点一次那个按钮，就有新的链接。",
    ),
    "over": (
        "这份表已经不在填了",
        "这份表已经提交或者放弃了，这里不能再填。请回到聊天里，看看下一步。",
    ),
    "somebody_else": (
        "这个浏览器登录的是别人",
        "这个链接是给另一个人的。请在自己的手机上打开，或者在对话页面退出登录以后再打开。",
    ),
    "not_allowed": (
        "您不能查看这一项",
        "您现在的身份或地区不能查看这一户的个人信息。有疑问，请找本单位的管理员。",
    ),
}
