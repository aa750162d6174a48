"""The kind of answer that a question wants: a sum, a share, a date, a list, or just a rule."""

from __future__ import annotations

import re
from enum import StrEnum

LONG_QUESTION = 45  # characters; beyond that only the part that asks counts in full


class Wants(StrEnum):
    """The kind of expression that the answer must contain."""

    ANYTHING = "anything"
    MONEY = "money"
    AMOUNT = "amount"
    PERCENT = "percent"
    COUNT = "count"
    DURATION = "duration"
    DAYS = "days"  # a deadline: `几天之内`
    FREQUENCY = "frequency"
    DATE = "date"
    DAY = "day"
    AGE = "age"
    AREA = "area"
    OFFICE = "office"
    CONTACT = "contact"
    DEFINITION = "definition"
    ENUMERATION = "enumeration"


ASKS = re.compile(
    "什么|怎么|如何|哪|谁|(?<![十好了过])几|多少|多大|多久|多长|吗|呢|能不能|是不是|可不可以|允不允许|有没有|要不要|会不会|用不用|"
    "算不算|行不行|对不对|对吧|是否|能否|吧$|不$|没$"
)
_MONEY = re.compile(
    "多少钱|(?<![这那好十了过])几万(?!人|户)|多少万(?!人|户)|多少元|多少亿|几亿|几块|几百块|几千|几百|多少块|"
    "(?:补贴|补助|工资|报酬|津贴|奖励|收入线|额度|经费|房租|租金|保费|养老金|补偿|奖金|安家费|钱)[^,。?]{0,6}(?:多少|几(?![个项条种类家户年样方]))|"
    "给多少|补多少|发多少|贷多少|领多少|花多少|投多少|能补几|给几"
)
_AMOUNT = re.compile("(?:资金|贷款|标准|补助|额).{0,8}多少|多少.{0,3}资金|提多少|涨多少|提高多少")
_PERCENT = re.compile(
    "百分之[几多]|百分比|比例|占比|几成|率(?:是|要|得|到|达|能|目标|多少|应|为|有|2|在|应该)|多少%|几个点|百分点|[^效概频]率.{0,6}多少"
)
_DURATION = re.compile(
    "多久|多长时间|(?<![这那前后头近])几[天年周]|多少天|几个月|多少个?月|多少年|期限|时限|几个工作日|多长|隔多|几回|几次|多少次"
)
_FREQUENCY = re.compile(
    "(?:几|多少|每年|一年)[次回遍轮]|隔多|频次|(?<!生命)周期|(?:多久|多长时间|多少时间|几年|几个月|几天|多少天|什么时候)[^,。?]{0,10}(?:[一1][次回遍轮]|回$)|[一1][次回遍][^,。?]{0,3}(?:多久|多长)|考几|查几|评几"
)
_DATE = re.compile(
    "什么时候|何时|哪[一]?年|哪[一]?天|几月|几号|什么时间|到几时|到哪年|截止|哪年底|多会儿|时间节点|哪个?月"
)
_AGE = re.compile("多大(?:岁|年[纪龄])|几岁|多少岁|年龄|岁数")
_CONTACT = re.compile(
    "(?:书记|村长|嘎查达)(?:叫|姓)|(?:局长|厅长|主任|科长|旗长|镇长|苏木达|县长|市长|负责人|领导|联系人)(?:是谁|叫|姓)|电话|联系方式|手机号|号码|微信|地址在|在哪办公|办公地点|联系人|网址|公众号叫|找谁办|邮箱|姓名|叫什么名字|领导是谁|几楼|在哪条街"
)
_DEFINITION = re.compile(
    "什么意思|[是指].{0,3}(?:什么|哪[几\\d]).{0,4}$|指的?是?(?:什么|哪)|什么叫|叫做?什么|定义|怎么理解|解释|含义|具体指|是什么$|是什么[,。?!]|是个?什么|怎么界定|全称|认定条件"
)
_ENUMERATION = re.compile(
    r"哪[几两\d一二三四五六七八九十]+[个项条种类样方面家级步大]?|包括哪|有哪些|分哪|都有什么|哪几|哪些"
)
_YES_OR_NO = re.compile("能不能|可不可以|可以吗|行不行|是不是|对不对|对吧|允不允许|要不要|用不用|能.{0,8}吗")
_PART = re.compile(r"[^，。？！,?!;；\n ]+[，。？！,?!;；\n ]*")


def asking_part(text: str) -> str:
    """The parts of a long story that ask something; a short question as it is."""
    if len(text) <= LONG_QUESTION:
        return text
    parts = [part for part in _PART.findall(text) if ASKS.search(part)]
    return "".join(parts[-3:]) or text


def wanted(text: str) -> Wants:
    """The kind of answer a question wants; the first pattern that fits, from the narrowest."""
    text = asking_part(text)
    yes_or_no = bool(_YES_OR_NO.search(text))
    for kind, pattern in (
        (Wants.CONTACT, _CONTACT),
        (Wants.AGE, _AGE),
        (Wants.AREA, re.compile("多大面积|面积多大|多少平|多少亩|几亩|多大地|面积.{0,4}多少")),
        (Wants.OFFICE, re.compile("[去到在上]哪[里儿个搭]?.{0,4}(?:办|申请|领|交|报名)|哪里办")),
        (
            Wants.ENUMERATION,
            re.compile(
                "哪(?:几|两|三|四|五|六|七|八|九|十|\\d+)(?!年|天|月|级)|[是靠有分]几(?:种|类|样|方面)(?:方式|渠道|办法)?"
            ),
        ),
        (Wants.PERCENT, re.compile("百分之[几多]|百分比|多少%|几成|几个百分点")),
        (Wants.DAY, re.compile("几月|几号|几点(?!要求|意见)|几时")),
        (Wants.FREQUENCY, _FREQUENCY),
        (Wants.DAYS, re.compile("(?<![这那前后头近])几天|多少天|几个(?:工作日|小时|钟头)|几日")),
        (Wants.DURATION, _DURATION),
        (
            Wants.AMOUNT,
            re.compile(
                "最[多高]能?[^,。?]{0,8}(?:提|涨|上浮|提高)[^,。?]{0,4}(?:多少|几)|(?:提|涨|上浮|提高)[^,。?]{0,6}最[多高](?:多少|几)(?![元块千百万])"
            ),
        ),
        (Wants.MONEY, _MONEY),
        (Wants.DATE, _DATE),
        (Wants.PERCENT, _PERCENT),
        (Wants.AMOUNT, _AMOUNT),
        (
            Wants.COUNT,
            re.compile(
                "多少(?!也)|(?<![这那好哪十两有来每前])几[个户人家项处所名座条种]|有几[个户人家项处所名座条种](?![^,。?]{0,6}(?:想|愿|打算))"
            ),
        ),
        (Wants.DEFINITION, _DEFINITION),
        (Wants.ENUMERATION, _ENUMERATION),
    ):
        if pattern.search(text) and not (yes_or_no and kind is Wants.COUNT and "多少" not in text):
            return kind
    return Wants.ANYTHING
