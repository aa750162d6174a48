"""Every sentence of the report of a household."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.forms import Choice
from knowledge.rules import Rule, Suggestion

TITLE = "风险户线索"
REGISTER_FIRST = (
    "上报要先登记身份。请向本单位的管理员要一个邀请链接，点开就能用。查政策不用登记，直接打字就行。"
)
NOT_YOUR_TASK = "您的身份只能查看，不能上报。上报由嘎查村、苏木乡镇、旗区的干部做。"
NO_AREA = "您的地区没有登记好，还不能上报。请找本单位的管理员改一下。"
INTRO = (
    "上报一户可能返贫致贫的，六个小问题，两分钟。填一项存一项，随时可以停，下次接着填。\n"
    "报上来的是内部线索，不等于认定为监测对象；认定要走文件规定的八步程序。\n"
    "身份证号、电话、证件照片请不要发在聊天里。"
)
YES_NO = (Choice("no", "不紧急"), Choice("yes", "紧急"))

ASK_PLACE = "这一户在哪个嘎查村？请写村名。"
HELP_PLACE = (
    "写嘎查村的名字就行，重名的可以在前面写上苏木乡镇，例如：无定河镇 无定河村。写了同音字也能认出来。"
)
ASK_HEAD = "户主叫什么名字？"
HELP_HEAD = "写户主的姓名。蒙古族姓名中间的点可写可不写，例如：乌云其其格、阿拉腾·巴雅尔。"
ASK_SIZE = "家里几口人？"
HELP_SIZE = "常住和户口在一起的都算，写一个数，例如：4。"
ASK_RISKS = "遇到了什么风险？"
HELP_RISKS = "可以点几项。只有一项就点一项；拿不准就点“其他”，在后面的“情况”里写清楚。"
ASK_CAPACITY = "家里的劳动能力怎么样？"
HELP_CAPACITY = "按全家的情况选。家里还有一个人能干活挣钱，就选“有劳动能力”。"
ASK_NARRATIVE = "用自己的话说说怎么回事，什么时候开始的，现在最难的是什么。也可以发照片、位置。"
HELP_NARRATIVE = (
    "几句话就行，例如：户主今年三月摔伤，住院自己花了四万，家里没有别的收入。不要写身份证号、银行卡号、电话。"
)
ASK_URGENT = "情况紧急吗？（生活已经陷入严重困难，等不得）"
HELP_URGENT = (
    "因灾、因意外事故等，生活陷入严重困难，事实清楚、群众普遍认可的，可以先救助，后补程序。"
    "不是这样就选“不紧急”。"
)
ASK_SOURCE = "这条线索是怎么来的？"
ASK_DEPARTMENT = "是哪个部门筛查推送的？"
ASK_ID = "户主的身份证号，请点开上面的网页填。现在没有，就点“跳过”。"
ASK_PHONE = "联系电话，请点开上面的网页填。现在没有，就点“跳过”。"
FILL_ON_PAGE = "填身份证号、电话"

CONTINUE, ANEW = "接着填", "放弃这份，重新填"
SAME, OTHER = "是同一户，补充进去", "不是，另报一户"
GONE = "这份表已经提交过了，不会重复。回执号可以在 /cases 里看“我报的”。"


def candidates(lines: Iterable[str]) -> str:
    listed = "\n".join(f"· {line}" for line in lines)
    return (
        f"先核对一下，别重复报。下面这些可能是同一户：\n{listed}\n"
        "是同一户，就把这次写的补充进去，审核的人会收到；不是，就另报一户。"
    )


def candidate(number: str, head: str, village: str, step: str, why: str) -> str:
    return f"{number} {head}（{village}，{step}）：{why}"


def hidden_candidate(level: str) -> str:
    return f"本旗区另一个{level}有一户很像，不在您的范围，看不到内容。是同一户的话，会转给那边的审核员。"


WHY = {"id": "身份证号一样", "phone": "电话一样", "name": "姓名、地方、人口差不多"}


def receipt(number: str, *, what_next: str, told: int) -> str:
    informed = (
        f"已经通知审核的人（{told}位）。" if told else "您的苏木乡镇和旗区还没有登记审核员，已经告诉管理员。"
    )
    return f"上报成功，回执号：{number}\n{informed}\n{what_next}"


def added(number: str, receipt_number: str, told: int) -> str:
    informed = f"审核的人（{told}位）已经收到。" if told else "这里还没有登记审核员，已经告诉管理员。"
    return f"补充好了，没有另立一户。这一户的编号：{number}，这次的回执号：{receipt_number}\n{informed}"


def next_step(number: int | None, label: str, who: str) -> str:
    return f"下一步是第{number}步“{label}”：{who}。" if number else f"下一步是“{label}”：{who}。"


LEAD_ONLY = "这是内部线索，不等于认定为监测对象。"


def advice(suggestion: Suggestion) -> str:
    several = suggestion.combined
    kind = "风险不止一项，文件要求综合帮扶" if several else "风险单一，文件要求单项帮扶"
    names = "、".join(option.label for option in suggestion.measures)
    return f"可以考虑的帮扶（{kind}）：{names}\n{suggestion.note}"


HELP_FIRST = "这一户可以先救助、后补程序，程序仍然要补。"


def quoted(rule: Rule) -> str:
    return f"“{rule.quote}”——《{rule.document}》{rule.locator}"


def quoted_together(rules: Sequence[Rule]) -> str:
    """The clauses, each with its own place; what their places have in common is told once."""
    if not rules:
        return ""
    paths = [(rule.document, *rule.locator.split(" › ")) for rule in rules]
    different = (at for at, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1)
    shared = next(different, min(map(len, paths)) - 1)
    lines = [
        f"“{rule.quote}”（{' › '.join(path[shared:])}）" for rule, path in zip(rules, paths, strict=True)
    ]
    document, *place = paths[0][:shared]
    return "\n".join(("原文：", *lines, f"出处：《{document}》{' › '.join(place)}"))


def news(number: str, head: str, village: str, risks: Sequence[str], *, urgent: bool, again: bool) -> str:
    """For those who review: what came in."""
    mark = "【紧急】" if urgent else ""
    what = "有新的补充" if again else "新的线索"
    return f"{mark}{what}：{number} {head}，{village}，{'、'.join(risks)}"


def nobody_in_charge(number: str, place: str) -> str:
    return f"{place}有一条上报（{number}），但那里的苏木乡镇和旗区都没有登记审核员。请用 /invite 邀请。"


LOOK = "查看"
