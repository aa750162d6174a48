"""What is said when a case is decided on: buttons, questions, news, and the words of its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers import wording_cases, wording_exit, wording_visit
from handlers.wording_cases import fields, step_name
from handlers.wording_report import quoted_together
from knowledge.rules import Obstacle, Rule, Step, rules

PASS = {
    "application": "已申请",
    "visit": "走访完成",
    "consent": "已授权",
    "hearing": "评议通过",
    "township_review": "审核通过",
    "comparison": "比对完成",
    "banner_review": "审定通过",
    "registration": "已录入",
    "exit_township": "审核通过（风险消除）",
    "exit_banner": "审定通过（风险消除）",
}
_ACTIONS = {
    "pass": "通过",
    "return": "退回",
    "refuse": "不予认定",
    "withdraw": "撤回",
    "appeal": "申诉",
    "propose_exit": "提出风险消除",
    "merge": "并入另一户",
    "unmerge": "撤销合并",
}
_OTHER_ACTIONS = {
    "report": "上报",
    "further_report": "补充上报",
    "correction": "更正",
    "recorded": "登记",
    "screened": "监测",
    "notice_made": "生成公示稿",
    "forgotten": "保存期满，删除个人信息",
    "category": "定类别",
    "consent_given": "登记农牧户授权",
    "consent_withdrawn": "登记农牧户收回授权",
    "measure_started": "开始帮扶",
    "measure_ended": "结束帮扶",
    "personal": "填写个人信息",
    "reveal": "查看",
    "looked": "查看",
    "merged_in": "并进来一户",
    "merged_out": "分出去一户",
}
_LOOKED_AT = {"story": "情况说明", "photos": "照片"}
_RECORDED = {
    "member": wording_visit.MEMBER,
    "income": wording_visit.INCOME,
    "expenses": wording_visit.EXPENSES,
    "guarantees": wording_visit.GUARANTEES,
    "exit": wording_exit.TITLE,
    "size": "家庭人口",
}
REASON, FIELDS = "原因", "要改的内容"
ASK_REASON = "请把原因写成一两句话发给我。不要写身份证号、银行卡号、电话。"
ASK_FIELDS = "哪几项要改？只请上报的人改您选的这几项。"
HELP_REASON = "写清楚为什么，对方会原样看到，也会记在时间线里。例如：民主评议还没有公开满天数。"
MOST_REASON = 300
DECISION, RETURN = "办理", "退回更正"
CORRECT, CORRECT_VISIT = "去更正", "更正走访记录"
LOOK, UNDO = "查看", "撤销合并"
NOT_ALLOWED = "这一户现在走到的环节，不能由您这样办。下面是现在的情况："
UNUSABLE = "这个按钮现在用不上了。下面是现在的情况："
NOTHING_TO_CORRECT = "这一户现在没有要更正的内容，或者已经往下走了。"
NO_CONSENT = "还没有登记农牧户授权，这一步不能往下走：要先有农牧户授权，才能比对他家的数据。"
CHOOSE_CATEGORY = "录入前要先定类别。这一户是哪一类？"
NO_CATEGORY = "没有这个类别。"
CATEGORY_DONE = "类别定好了。"


def button(action: str, source: str, target: Step | None) -> str:
    """What the button of a transition says; `target` where several of one action are offered."""
    if action == "pass":
        return PASS.get(source, _ACTIONS["pass"])
    where = f"到{target.label}" if target else ""
    return f"{_ACTIONS.get(action, action)}{where}"


def intro(action: str, number: str, target: Step) -> str:
    if action == "return":
        return f"退回{number}，回到“{target.label}”。"
    return f"{_ACTIONS.get(action, action)}：{number}。"


def done(action: str, source: str, target: Step) -> str:
    label = PASS.get(source, "") if action == "pass" else _ACTIONS.get(action, action)
    return f"办好了：{label}。" + ("" if label == target.label else f"{step_name(target)}。")


def obstacles(found: Iterable[Obstacle]) -> str:
    """What each clause means here; the clauses themselves once, below."""
    known = tuple(found)
    clauses = tuple(dict.fromkeys(one.rule for one in known))
    lines = (f"· {one.note}" for one in known)
    return "\n".join(("现在还不能标注风险消除：", *lines, quoted_together(clauses)))


def quoted(rule: Rule) -> str:
    return f"“{rule.quote}”——《{rule.document}》{rule.locator}"


def stale(lines: Iterable[str]) -> str:
    return "\n".join(("您看到的不是最新的，刚才没有办。这中间有人做过：", *lines, "下面是现在的情况："))


def reason_kept(text: str) -> str:
    return f"您写的原因没有用上，还需要的话可以复制：{text}"


# --- news -----------------------------------------------------------------------------------


def to_do(action: str, source: str, who: str) -> str:
    label = PASS.get(source, "") if action == "pass" else _ACTIONS.get(action, action)
    return f"轮到您办。上一步：{who}，{label}。"


def returned(number: str, codes: Iterable[str]) -> str:
    return f"{number} 退回来了，请更正：{fields(codes)}。点下面的按钮，只改这几项。"


def given_back(number: str) -> str:
    return f"{number} 退回来了，请看原因。"


def refused(number: str) -> str:
    return f"{number} 不予认定。有不同意见，可以点“{_ACTIONS['appeal']}”，写明理由再审一次。"


def withdrawn(number: str) -> str:
    return f"{number} 撤回了，程序停止。"


def registered(number: str) -> str:
    return f"{number} 已经录入系统，程序走完了，认定为监测对象。接下来落实帮扶措施、跟踪监测。"


def exited(number: str) -> str:
    return f"{number} 已经标注风险消除。"


def corrected(number: str, codes: Iterable[str]) -> str:
    changed = fields(codes)
    return f"{number} 更正好了，改了：{changed}。" if changed else f"{number} 对方看过了，内容没有变。"


def correction_taken(codes: Iterable[str]) -> str:
    changed = fields(codes)
    return f"更正好了，改了：{changed}。" if changed else "收到了，内容和原来一样。"


def correction_intro(codes: Iterable[str], reason: str) -> str:
    return f"只问要更正的：{fields(codes)}。退回的原因：{reason}"


# --- merging --------------------------------------------------------------------------------

HOW_TO_MERGE = "请这样写（两个编号，用空格隔开）：\n/merge 重复的编号 留下的编号"
LIKELY = "下面每行两户可能是同一户（身份证号一样，或者同一苏木乡镇里姓名一样）。点一行，先看两户的内容再定："
NONE_LIKELY = "没有发现像是重复的户。"
NOT_YOUR_MERGE = "合并由管理员做。发现重复，请告诉管理员两户的编号。"
REALLY_MERGE = "确定合并"
SAME_CASE = "两个编号是同一户，不用合并。"
INTO_CLOSED = "留下的那一户已经结束（风险消除、不予认定、撤回或并入别的），不能往里并。"
CHANGED_SINCE = "这中间有人办过其中一户，还没有合并。请再看一遍。"
NOT_NOW = "重复的那一户已经结束，不用合并。"


def pair(first: str, second: str, head: str) -> str:
    return f"{first} → {second} {head}"


def merge_preview(first: str, second: str) -> str:
    return (
        f"要把前一户并入后一户吗？\n【重复的】\n{first}\n【留下的】\n{second}\n"
        "合并以后，前一户停下来，上报和记录都还在，从后一户能找到；并错了可以撤销。"
    )


def merged(first: str, second: str) -> str:
    return f"合并好了：{first} 并入 {second}。"


# --- history --------------------------------------------------------------------------------


def happened(action: str, source: str, target: str, detail: Mapping[str, Any]) -> str:
    """An entry of the history in words; nothing personal."""
    if action == "pass":
        return f"{PASS.get(source, '通过')}，到“{_label(target)}”"
    if action == "return":
        asked = detail.get("fields")
        return f"退回到“{_label(target)}”" + (f"，请更正：{fields(asked)}" if asked else "")
    if action == "merge":
        return f"并入{detail.get('reason', '')}"
    if action in _ACTIONS:
        return _ACTIONS[action]
    known = _OTHER_ACTIONS.get(action, "更新")
    more = _more(action, detail)
    return f"{known}：{more}" if more else known


def reason_in(action: str, detail: Mapping[str, Any]) -> str:
    return "" if action == "merge" else str(detail.get("reason", ""))


def _more(action: str, detail: Mapping[str, Any]) -> str:
    if action == "correction":
        return fields(detail.get("changed", {})) or "内容没有变"
    if action == "category":
        return "改为".join(category(code) for code in detail.get("category", ()))
    if action.startswith("measure"):
        return next((o.label for o in rules().measures if o.code == detail.get("measure")), "")
    if action.startswith("merged"):
        return str(detail.get("number", ""))
    if action == "personal":
        return fields(detail)
    if action == "recorded":
        return _RECORDED.get(str(detail.get("form") or ("size" if "size" in detail else "")), "")
    if action == "looked":
        return _LOOKED_AT.get(str(detail.get("what", "")), "")
    if action == "reveal":
        return wording_cases.field(str(detail.get("field", "")))
    return ""


def category(code: str) -> str:
    return next((option.label for option in rules().categories if option.code == code), code)


def _label(step: str) -> str:
    return rules().step(step).label
