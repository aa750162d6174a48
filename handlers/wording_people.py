"""Every sentence about people: who somebody is, invitations, and verdicts on answers."""

from __future__ import annotations

from collections.abc import Iterable

from db.access import ACTIONS, AREA_LEVELS, Action, Role
from db.codes import INVITATION_LIFETIME, LINK_LIFETIME, Refusal
from db.feedback import Verdict

ROLE_NAMES = {
    Role.VISITOR: "访客",
    Role.VILLAGE_CADRE: "嘎查村干部",
    Role.TOWNSHIP_REVIEWER: "苏木乡镇审核员",
    Role.BANNER_REVIEWER: "旗区审核员",
    Role.CITY_READER: "市级查阅员",
    Role.ADMINISTRATOR: "管理员",
}
LEVEL_NAMES = {"village": "嘎查村", "township": "苏木乡镇", "banner": "旗区"}
CHANNEL_NAMES = {"telegram": "Telegram", "web": "网页", "terminal": "终端"}
ACTION_NAMES = {
    Action.ASK: "查政策、指标和名单",
    Action.LINK_CHANNEL: "在手机、电脑上用同一个身份（/link）",
    Action.REPORT: "上报有返贫致贫风险的户（/report）",
    Action.SEE_CASES: "看管辖范围里的监测户（/cases），姓名和号码是遮住的",
    Action.WORK_ON_CASES: "办理轮到自己的程序环节",
    Action.REVEAL: "写明原因后查看遮住的内容，查看有记录",
    Action.EXPORT: "导出台账和统计（/export）",
    Action.MERGE_CASES: "合并重复的监测户",
    Action.MANAGE_PEOPLE: "邀请和管理人员（/invite、/people）",
}
_EXAMPLE_AREAS = {
    Role.VILLAGE_CADRE: "无定河镇 无定河村",
    Role.TOWNSHIP_REVIEWER: "乌审旗 无定河镇",
    Role.BANNER_REVIEWER: "乌审旗",
}
_OTHER_NAMES = {
    Role.VILLAGE_CADRE: ("村干部", "嘎查干部", "嘎查村", "村"),
    Role.TOWNSHIP_REVIEWER: ("乡镇审核员", "苏木审核员", "苏木乡镇", "乡镇", "苏木"),
    Role.BANNER_REVIEWER: ("旗县审核员", "旗审核员", "区审核员", "旗区", "旗县", "旗"),
    Role.CITY_READER: ("市级查看员", "市级", "市"),
}

PRIVATE_ONLY = "这件事只能和我单独说。请点开和我的私聊，再发一次。"
ADMINISTRATORS_ONLY = "只有管理员能这样做。看自己是什么身份，请发 /me。"
INVITED_ONLY = "这里只回答受邀请的人。请向本单位的管理员要一个邀请链接，点开就能用。"
VISITOR = "您还没有登记，是访客。"
HOW_TO_REGISTER = "要登记身份，请向本单位的管理员要一个邀请链接，点开就行。"
SWITCHED_OFF = "您的身份已经停用。有疑问请找本单位的管理员。"
SEEN_BY_OTHERS = "这个码别人也看到了，已经作废。请重新要一个，单独发给我。"
NAME = "姓名"
NO_NAME = "（没写姓名）"

_REFUSED = {
    Refusal.UNKNOWN: "没有这个码。请检查是不是复制完整了，或者重新要一个。",
    Refusal.EXPIRED: "这个码过期了，请重新要一个。",
    Refusal.USED: "这个码已经用过了。一个码只能用一次，请重新要一个。",
    Refusal.KNOWN: "您这里已经登记过身份，不能再登记成另一个人；这个码没有用掉。"
    "要换身份或地区，请管理员在 /people 里改；看自己是什么身份，请发 /me。",
    Refusal.SWITCHED_OFF: SWITCHED_OFF,
}


def refused(refusal: Refusal) -> str:
    return _REFUSED[refusal]


def role_named(text: str) -> Role | None:
    """The role that is called so."""
    names = {name: role for role, names in _OTHER_NAMES.items() for name in names}
    names |= {ROLE_NAMES[role]: role for role in Role} | {role.value: role for role in Role}
    role = names.get(text.strip().lower())
    return None if role is Role.VISITOR else role


# --- who I am -------------------------------------------------------------------------------


def described(name: str, role: Role, area: str) -> str:
    """In one line; `area` is its path, "" for none."""
    return "，".join(part for part in (name or NO_NAME, ROLE_NAMES[role], area) if part)


def card(name: str, role: Role, area: str, channels: Iterable[str]) -> str:
    used = "、".join(CHANNEL_NAMES.get(channel, channel) for channel in channels)
    return "\n".join(
        (
            f"{NAME}：{name or NO_NAME}",
            f"身份：{ROLE_NAMES[role]}",
            f"地区：{area or '不分地区'}",
            f"使用渠道：{used or '还没有'}",
        )
    )


def rights(role: Role) -> str:
    allowed = (name for action, name in ACTION_NAMES.items() if action in ACTIONS[role])
    return f"可以：{'；'.join(allowed)}"


def registered(description: str) -> str:
    return f"登记好了，您是：{description}。\n直接打字就能问政策；看自己能做什么，请发 /me。"


# --- links ----------------------------------------------------------------------------------


def web_link(web_url: str, code: str) -> str:
    """Where the web chat takes a code."""
    return f"{web_url.rstrip('/')}/in/{code}"


def telegram_link(telegram_name: str, code: str) -> str:
    return f"https://t.me/{telegram_name}?start={code}"


def ways_in(code: str, web_url: str, telegram_name: str) -> str:
    """Every way to use a code, one a line."""
    ways = [f"网页：{web_link(web_url, code)}"] if web_url else []
    ways += [f"Telegram：{telegram_link(telegram_name, code)}"] if telegram_name else []
    return "\n".join((*ways, f"或者在要登记的对话里发给我：/link {code}"))


def link_made(ways: str) -> str:
    minutes = int(LINK_LIFETIME.total_seconds() // 60)
    return (
        f"在另一部手机、电脑或另一个软件上，用下面任一种办法，就能用同一个身份。{minutes}分钟内有效，只能用一次。"
        f"请不要发给别人：谁用了，谁就成了您。\n{ways}"
    )


def invitation_made(description: str, ways: str) -> str:
    return (
        f"邀请做好了：{description}。\n请把下面的链接发给本人，任选一个打开。"
        f"{INVITATION_LIFETIME.days}天内有效，只能用一次。\n{ways}"
    )


# --- inviting and managing ------------------------------------------------------------------

INVITE = "要邀请谁？请选身份："
PEOPLE_EMPTY = "还没有登记任何人。用 /invite 邀请。"
NO_SUCH_PERSON = "没有这个编号的人。发 /people 看名单。"
LAST_ADMINISTRATOR = "这是最后一位管理员，不能停用，也不能改成别的身份。请先邀请或指定另一位管理员。"
CHOOSE_ROLE = "改成什么身份？"
CHANGE_ROLE, CHANGE_AREA = "改身份", "改地区"
SWITCH_OFF, SWITCH_ON, REALLY_OFF, LEAVE = "停用", "恢复使用", "确定停用", "不停用"
BACK, EARLIER, LATER = "回名单", "上一页", "下一页"
CHOOSE_AREA = "您说的是哪一个？请点选；都不是，请换个写法再发一次。"


def unknown_role(text: str) -> str:
    return f"没有“{text}”这个身份。请选一个："


def how_to_invite(role: Role) -> str:
    return f"请照这个样子发给我（用空格隔开）：\n/invite {_example(role, ROLE_NAMES[role])} 张三"


def how_to_move(person_id: int, role: Role) -> str:
    """How to give a person a role and an area."""
    level = LEVEL_NAMES[AREA_LEVELS[role]]
    example = _example(role, ROLE_NAMES[role])
    return f"{ROLE_NAMES[role]}要有{level}。请照这个样子发给我（用空格隔开）：\n/people {person_id} {example}"


def _example(role: Role, name: str) -> str:
    return f"{name} {_EXAMPLE_AREAS[role]}" if role in _EXAMPLE_AREAS else name


def area_not_found(text: str, role: Role) -> str:
    return (
        f"没有找到叫“{text}”的{LEVEL_NAMES[AREA_LEVELS[role]]}。"
        f"请检查写法，或在前面写上旗县、苏木乡镇的名字，例如“{_EXAMPLE_AREAS[role]}”。"
    )


def no_area_wanted(role: Role) -> str:
    return f"{ROLE_NAMES[role]}不分地区，后面不用写地区。"


def name_too_long(characters: int) -> str:
    return f"姓名太长了，最多 {characters} 个字。"


def listed(count: int, page: int, pages: int) -> str:
    where = f"，第 {page}/{pages} 页" if pages > 1 else ""
    return f"登记的人 {count} 位{where}。点一位，看详情和修改："


def list_entry(number: int, name: str, role: Role, area: str, *, active: bool) -> str:
    off = "" if active else "（停用）"
    return " ".join(part for part in (f"{number}", name or NO_NAME, ROLE_NAMES[role], area, off) if part)


def person_card(number: int, card: str, *, active: bool) -> str:
    how_to_rename = f"要改姓名，请发：/people {number} {NAME} 张三"
    return f"{card}\n编号：{number}\n状态：{'使用中' if active else '已停用'}\n{how_to_rename}"


def really_off(description: str) -> str:
    return (
        "停用后，这个人在所有渠道上都退回访客，网页会退出登录，没用掉的邀请也作废。\n"
        f"要停用的是：{description}"
    )


# --- verdicts -------------------------------------------------------------------------------

GOOD, BAD = "👍", "👎"
THANKS = "谢谢！"
WHAT_IS_BAD = "哪里不好？点一下就行："
REASON_NAMES = {
    Verdict.WRONG: "说错了",
    Verdict.NOT_FOUND: "没找到",
    Verdict.OUTDATED: "过时了",
    Verdict.UNCLEAR: "看不懂",
}
ANSWER_GONE = "这条回答现在不能评价了（时间太久，或者不是这里的回答）。谢谢您想告诉我们。"


def verdict_name(verdict: Verdict) -> str:
    return REASON_NAMES.get(verdict, "不好（没说原因）")


def verdict_kept(verdict: Verdict) -> str:
    return f"记下了：{REASON_NAMES[verdict]}。管理政策文件的人会看到，谢谢！记录里没有您的名字。"
