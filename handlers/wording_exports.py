"""Every word of the exported files: ledger, statistics, public notice."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

# --- ledger ---------------------------------------------------------------------------------

LEDGER = "监测工作台账"
ABOUT = "说明"
NUMBER = "编号"
BANNER = "旗区"
TOWNSHIP = "苏木乡镇"
VILLAGE = "嘎查村"
HEAD = "户主"
ID_NUMBER = "身份证号"
PHONE = "电话"
SIZE = "家庭人口"
CATEGORY = "监测对象类别"
RISKS = "风险类型"
CAPACITY = "劳动能力"
SOURCE = "发现渠道"
STEP = "当前环节"
STEP_SINCE = "进入环节日期"
REPORTED_ON = "上报日期"
IDENTIFIED_ON = "识别认定日期"
URGENT = "紧急"
MEASURES = "帮扶措施"
EXITED_ON = "风险消除日期"
EXIT_KIND = "风险消除方式"
YES = "是"
SEPARATOR = "、"

SCOPE = "范围"
MADE_AT = "生成时间"
HOUSEHOLDS = "户数"
PERSONAL_DATA = "个人信息"
MASKED = "姓名和号码已遮住一部分。"
PLAIN = "姓名和号码是完整的。请只交给有权看的人，用完删除，不要转发到群里。"
REMARK = "注意"
LEAD_ONLY = "上报只是线索。走完规定程序以前，上报的户不是监测对象，以“当前环节”一栏为准。"


def moment(at: dt.datetime) -> str:
    return f"{chinese_date(at.date())} {at:%H:%M}"


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- statistics -----------------------------------------------------------------------------

STATISTICS = "防返贫监测统计"
BY_STEP = "按程序环节"
BY_RISK = "按风险类型"
BY_BANNER = "按旗区"
TOTAL = "合计"
SEVERAL_RISKS = "一户可以有几项风险，各项风险的户数相加会多于总户数。"
CODE_ORDER = "旗区按行政区划代码排列，不是名次。"
NO_ZEROES = "没有户的项目不画。"
NOTHING_TO_COUNT = "这个范围里还没有上报的户。"
MANY_BANNERS = "旗区较多，各旗区的数字请看表格。"


def counted(households: int, at: dt.datetime) -> str:
    return f"共 {households} 户　{moment(at)}"


# --- public notice --------------------------------------------------------------------------


class NoticeStage(StrEnum):
    """The two steps of the documented procedure that are made public."""

    HEARING = "民主评议公开"
    BANNER_REVIEW = "旗区审定公示"


class PublicReason(StrEnum):
    """What a notice may say about why a household is at risk. None tells of anybody's health."""

    SCHOOLING = "教育支出"
    ACCIDENT = "灾害事故"
    HOUSING = "住房饮水"
    INCOME = "收入减少"
    EXPENSE = "支出增加"


class HelpKind(StrEnum):
    """What a notice may say about the help: no single measure, since some tell of health."""

    SINGLE = "单项帮扶"
    COMBINED = "综合性帮扶"


NOTICE_DRAFT = "公示稿，张贴前请核对"
SERIAL = "序号"
REASON = "风险类别"
HELP = "帮扶方式"
NOT_SAID = "—"
FILL_IN_PLACE = "＿＿＿＿＿＿"
FILL_IN_DATE = "＿＿＿＿年＿＿月＿＿日"
NOT_SAID_NOTE = "注：“—”表示本稿不写。身份证号、电话、银行账号和健康情况不公示。"


def notice_title(stage: NoticeStage) -> str:
    return f"防返贫监测对象{stage}"


def place(banner: str, township: str, village: str) -> str:
    parts = ((BANNER, banner), (TOWNSHIP, township), (VILLAGE, village))
    return "　".join(f"{label}：{name}" for label, name in parts if name)


def introduction(stage: NoticeStage, document: str, locator: str, quote: str, households: int) -> str:
    return (
        f"《{document}》（{locator}）规定：“{quote}”现将“{stage}”环节的 {households} 户公布如下，请群众监督。"
    )


def period(start: dt.date | None, days: int | None) -> str:
    """The documents state no length; a number of days is a local rule and is said to be one."""
    begins = chinese_date(start) if start else FILL_IN_DATE
    if days is None:
        return f"公示时间：自{begins}起，至{FILL_IN_DATE}止。"
    return f"公示时间：自{begins}起，按本地规定公示{days}天。"


def contact(line: str) -> str:
    return f"对以上内容有不同意见，请在公示期内反映。联系方式：{line or FILL_IN_PLACE}"
