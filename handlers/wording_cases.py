"""What is said when cases are listed, looked for and looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from db.cases import Listing
from handlers import wording_visit
from knowledge.rules import Option, Step, rules

REGISTER_FIRST = "看监测户要先登记身份。请向本单位的管理员要一个邀请链接，点开就能用。"
NO_SUCH_CASE = "没有找到这一户，或者它不在您能看的范围里。请核对编号；您能看的，发 /cases 就能看到。"
OVERVIEW = "监测户。请点一类；要找某一户，请在 /cases 后面写编号、户主姓名或嘎查村，例如：/cases 无定河村"
VILLAGES = "按嘎查村"
NO_VILLAGES = "您的范围里还没有上报过的户。要上报一户，请发 /report。"
CHOOSE_VILLAGE = "请点一个地方，看那里的户。"
WHOLE_AREA = "这里全部"
FOUND_MORE = "同名的不止这些，只列出前面几户。请在姓名以外再用编号找，或者按嘎查村找。"
TO_OVERVIEW, TO_VILLAGES, TO_CARD = "回监测户首页", "回地区列表", "回到这一户"
TIMELINE, CLAUSE, PHOTOS, STORY = "时间线", "程序依据", "查看照片", "情况说明"
CHOOSE_CATEGORY = "定类别"
FILL_CONSENT = "登记农牧户授权"
LISTING_NAMES = {
    Listing.TODO: "待办",
    Listing.MINE: "我报的",
    Listing.OVERDUE: "超期",
    Listing.ALL: "全部",
}
EMPTY = {
    Listing.TODO: "现在没有轮到您办的。有新的会通知您；要看全部，点“按嘎查村”。",
    Listing.MINE: "您还没有上报过。要上报一户，请发 /report。",
    Listing.OVERDUE: "没有超期的。文件没有规定每一步的天数，只有本地另外规定了天数，才会有超期。",
    Listing.ALL: "这里还没有上报过的户。要上报一户，请发 /report。",
}
UNCHECKED = "待核对"
LEAD_ONLY = "这是内部线索。走完程序、录入系统以前，不是监测对象。"
STILL_WATCHED = "接下来：脱贫不稳定户消除风险以后，仍按监测对象监测帮扶。"
NO_STORY = "上报时没有写情况说明。"
NO_CLAUSE = "文件没有写这一步怎么办，请照本单位的规定办。"
NOBODY = "系统"
_FIELDS = {
    "place": "嘎查村", "head": "户主", "size": "家庭人口", "risks": "风险", "capacity": "劳动能力",
    "narrative": "情况", "urgent": "紧急", "source": "线索来源", "department": "推送部门",
    "id_number": "身份证号", "phone": "电话", "visit.member": wording_visit.MEMBER,
    "visit.income": wording_visit.INCOME, "visit.expenses": wording_visit.EXPENSES,
    "visit.guarantees": wording_visit.GUARANTEES,
    "visit.exit": "风险消除核对表",
}  # fmt: skip


def listing(kind: Listing, number: int) -> str:
    return f"{LISTING_NAMES[kind]}（{number}）"


def counted(label: str, number: int) -> str:
    return f"{label}（{number}）"


def list_head(title: str, number: int, note: str) -> str:
    where = f"，{note}" if note else ""
    return f"{title}：{number}户{where}。点一户看详情。"


def list_line(short: str, head: str, village: str, step: str, *, urgent: bool) -> str:
    mark = "【紧急】" if urgent else ""
    return f"{mark}{short} {head} {village} {step}"


def nothing_found(text: str) -> str:
    return (
        f"没有找到“{text}”。可以写编号（整个编号，或者列表里的尾号）、户主的全名、嘎查村的名字；"
        "不在您范围里的户找不到。"
    )


def choose_place(path: str) -> str:
    return f"{path}。请点一个地方，看那里的户。"


def found(text: str, number: int) -> str:
    return f"“{text}”找到{number}户。点一户看详情。"


def found_places(text: str) -> str:
    return f"叫“{text}”的地方有这些。请点一个，看那里的户。"


# --- the card -------------------------------------------------------------------------------


def day(moment: dt.date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def card_head(number: str, head: str, *, urgent: bool) -> str:
    mark = "【紧急】" if urgent else ""
    return f"{mark}编号{number}　户主 {head or '（没有填）'}"


def place(path: str, typed: str) -> str:
    """`typed` is a village that the register does not have."""
    return f"{path} “{typed}”（{UNCHECKED}：名册里没有这个嘎查村）" if typed else path


def household(size: int, capacity: str) -> str:
    return f"家里{size}口人，劳动能力：{capacity}"


def risks_of(labels: Iterable[str]) -> str:
    return f"风险：{'、'.join(labels)}"


def category_and_source(category: str, source: str, department: str) -> str:
    pushed = f"（{department}）" if department else ""
    return f"类别：{category}；线索来源：{source}{pushed}"


def step(step: Step, since: dt.date) -> str:
    return f"{step_name(step)}，从{day(since)}开始"


def step_name(step: Step) -> str:
    """With its place among the numbered ones."""
    of = sum(1 for one in rules().steps if one.number)
    return f"第{step.number}/{of}步：{step.label}" if step.number else f"现在：{step.label}"


def next_to_act(step: Step) -> str:
    return f"接下来：{step.who}"


def due(on: dt.date, *, overdue: bool) -> str:
    late = "，已经超期" if overdue else ""
    return f"办理期限：{day(on)}{late}（本地规定，文件没有写天数）"


def suggested(measures: Sequence[Option]) -> str:
    return f"可以考虑的帮扶（仅供参考）：{'、'.join(option.label for option in measures)}"


def help_first() -> str:
    return "可以先救助、后补程序（程序仍然要补）。"


def help_so_far(measures: Iterable[str]) -> str:
    return f"帮扶措施：{'；'.join(measures)}"


def measure(label: str, started: dt.date, ended: dt.date | None) -> str:
    until = f"，到{day(ended)}为止" if ended else ""
    return f"{label}（{day(started)}起{until}）"


def counts(reports: int, photos: int) -> str:
    return f"上报{reports}次，照片{photos}张"


def joined(numbers: Iterable[str]) -> str:
    return f"并入这一户的：{'、'.join(numbers)}"


def joined_to(number: str) -> str:
    return f"已经并入{number}，请看那一户。"


def story(number: str, text: str) -> str:
    return f"{number} 上报时写的情况：\n{text}"


def later_story(on: dt.date, risks: Iterable[str], text: str) -> str:
    """Of a further report."""
    told = f"：{text}" if text else ""
    return f"{day(on)}补充，{'、'.join(risks)}{told}"


def last_reason(text: str) -> str:
    return f"原因：{text}"


# --- what is masked ---

CHOOSE_REASON = "为什么要看？请点一个原因。谁看过、为什么看，都记在时间线里。"
REASONS = {
    "visit": "入户走访、电话联系",
    "review": "办理审核",
    "compare": "数据比对",
    "help": "落实帮扶措施",
    "request": "农牧户本人要求",
}
_PERSONAL = {"head": "户主姓名", "id_number": "身份证号", "phone": "电话"}
NOT_RECORDED = "没有登记这一项。"
MAY_NOT_REVEAL = "您的身份不能看遮住的内容。"
ON_THE_PAGE = "身份证号、电话不在聊天里显示，户主姓名在这里也不显示。请在网页上登录后，打开这一户看。"


def reveal(code: str) -> str:
    return f"显示{_PERSONAL.get(code, field(code))}"


def reveal_head(number: str, code: str) -> str:
    return f"{number}，看{_PERSONAL.get(code, field(code))}。{CHOOSE_REASON}"


def revealed(number: str, code: str, value: str) -> str:
    return f"{number} {_PERSONAL.get(code, field(code))}：{value}\n这次查看已经记录。"


# --- the time line --------------------------------------------------------------------------


def history(number: str, lines: Iterable[str], note: str) -> str:
    where = f"（{note}）" if note else ""
    return "\n".join((f"{number} 的时间线，新的在前{where}：", *lines))


def history_line(at: dt.datetime, who: str, what: str, reason: str) -> str:
    """`at` in China."""
    why = f"。原因：{reason}" if reason else ""
    return f"· {day(at.date())}{at:%H:%M} {who}：{what}{why}"


def actor(name: str, role: str) -> str:
    return f"{name}（{role}）"


def field(code: str) -> str:
    return _FIELDS.get(code, code)


def fields(codes: Iterable[str]) -> str:
    return "、".join(field(code) for code in codes)
