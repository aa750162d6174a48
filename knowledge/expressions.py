"""Expressions of a kind in running text: sums of money, shares, counts, durations, dates, lists."""

from __future__ import annotations

import re

from knowledge.parsing.numbering import NUMERAL
from knowledge.wants import Wants

_N = r"\d+(?:\.\d+)?"
_PATTERNS = {
    Wants.MONEY: re.compile(rf"{_N}\s*(?:万|亿|千|百)*\s*(?:元|块|万元|亿元)"),
    Wants.DAY: re.compile(r"\d+\s*[月日号点时]|之日"),
    Wants.AMOUNT: re.compile(rf"{_N}|[{NUMERAL}]+(?:倍|成)"),
    Wants.PERCENT: re.compile(
        rf"{_N}\s*(?:%|％|个百分点|倍|成)|百分之[{NUMERAL}]+|溢价{_N}|全覆盖|应[签保贷]尽[签保贷]"
    ),
    Wants.COUNT: re.compile(
        rf"{_N}\s*[万亿千百余多]*\s*[\u4e00-\u9fffa-z%]|[{NUMERAL}]+(?:个|项|种|户|名|级|类|方面)"
    ),
    Wants.DURATION: re.compile(
        r"[一二三四五六七八九十两]+(?:个月|个工作日|天|周|小时)|[一二三四五六七八九十两]年(?!级)|"
        rf"{_N}\s*(?:个?月|天|日内|年(?!\d|[—至-]|前|底)|周|小时|个工作日)|半年|全年|过渡期|当月"
    ),
    Wants.DAYS: re.compile(rf"(?:{_N}|[{NUMERAL}]+)\s*(?:个?工作日|天|日内|小时|周|个月)|当[日天]|即时|立即"),
    Wants.FREQUENCY: re.compile(rf"{_N}\s*次|[每一两三半]年|半年|[每按]季度|每月|每年|定期|不定期|适时|年底"),
    Wants.DATE: re.compile(
        r"20\d\d\s*年|\d+月|年底|季度|之日|[到至]\d+|过渡期|[前后]\d年|期间|当月|适时|每年|定期|十四五|大以来|以来|[之以]?[前后]，|先|后"
    ),
    Wants.AREA: re.compile(rf"{_N}\s*(?:平方米|平米|㎡|亩|公顷|m²)"),
    Wants.OFFICE: re.compile("[向到][^，。；]{2,12}(?:申请|办理|申报|领取)|窗口|大厅"),
    Wants.AGE: re.compile(rf"{_N}\s*周?岁"),
    Wants.CONTACT: re.compile(r"\d{3,4}-?\d{7,8}|1[3-9]\d{9}|https?://"),
    Wants.ENUMERATION: re.compile(r"[^、]{1,30}、[^、]|和|；|;|以及"),
}
_EXPLAINED = re.compile("[（(]|即|是指|包括|为|：|就是")


def has_expression(text: str, wants: Wants) -> bool:
    """Whether `text` contains an expression of the wanted kind; True when anything will do."""
    pattern = _PATTERNS.get(wants)
    return pattern is None or bool(pattern.search(text))


def explains(text: str, term: str) -> bool:
    """Whether a sentence says what a quoted term means, right after it: `“三来一保”（来料加工、…）`."""
    at = text.find(term)
    if at < 0:
        return False
    after = text[at + len(term) : at + len(term) + 3]
    before = text[max(0, at - 40) : at]
    return bool(_EXPLAINED.search(after)) or (
        text[at - 1 : at] == "“" and before.count("、") + before.count("和") >= 2
    )
