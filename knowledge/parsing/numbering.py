"""What opens a numbered unit: 第三章, 第七条, 一、, （二）, 3., 专栏10, 附件2, ——."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "一二三四五六七八九十百千零〇两"

# Ranks order the levels of an outline; a unit closes every open unit of the same or a higher rank.
PART, SUBPART, CHAPTER, SECTION, ARTICLE, LIST, ITEM, POINT, SUBPOINT, BULLET = range(1, 11)
BOX, ANNEX = 100, 0

_RANK_OF = {"编": PART, "分编": SUBPART, "章": CHAPTER, "节": SECTION, "条": ARTICLE}
_LEGAL = re.compile(rf"(第[{NUMERAL}\d]{{1,9}}(分编|编|章|节|条)(?:之[{NUMERAL}]+)?)([\s　：:【]*)")
_LISTED = re.compile(rf"([{NUMERAL}]{{1,4}})(、|．|\.)(?=\S)\s*")
_BRACKETED = re.compile(rf"([（(]\s*[{NUMERAL}]{{1,4}}\s*[）)])[、．.]?\s*")
_POINT = re.compile(r"(\d{1,3}[.．、])(?![\d.])\s*")
_SUBPOINT = re.compile(r"([（(]\s*\d{1,3}\s*[）)])\s*")
_BOX = re.compile(rf"(专栏)\s*([\d{NUMERAL}]{{1,4}})\s*[：:]?\s*")
_ANNEX = re.compile(rf"(附件|附表|附录)\s*([\d{NUMERAL}]{{0,3}})\s*$")
_BULLET = re.compile(r"(——)\s*")
# Cheap gate: most lines of a law open nothing.
_FIRST = frozenset("第（(附专—" + NUMERAL + "0123456789")


@dataclass(frozen=True, slots=True)
class Opener:
    """The mark at the start of a line; `number` is its value, `rest` where the text goes on."""

    label: str
    rank: int
    number: int
    rest: int
    spaced: bool = True


def numeral_value(text: str) -> int:
    """`二十三` → 23, `23` → 23, `一百零二` → 102; 0 when there is no numeral."""
    if text.isdecimal():
        return int(text)
    if len(text) > 1 and not any(c in UNITS for c in text):
        digits = [str(DIGITS[c]) for c in text if c in DIGITS]
        return int("".join(digits)) if digits else 0
    total = digit = 0
    for char in text:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = DIGITS.get(char, 0)
    return total + digit


def chinese_numeral(value: int) -> str:
    """23 → `二十三`; the form that labels of clauses use (1 to 9999)."""
    digits, text, pending_zero = "零一二三四五六七八九", "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            one_ten = unit == 10 and digit == 1 and not text
            text += ("零" if pending_zero else "") + ("" if one_ten else digits[digit]) + name
            pending_zero = False
        else:
            pending_zero = bool(text)
    return text


def _compact(label: str) -> str:
    """Full-width brackets, no inner white space: `( 一 )` → `（一）`."""
    return re.sub(r"\s", "", label).replace("(", "（").replace(")", "）")


def opener(line: str) -> Opener | None:
    """The mark that opens `line` (already stripped), or None.

    In-text references look the same (`第四条规定的…`); outline.py decides by position and number.
    """
    if not line or line[0] not in _FIRST:
        return None
    if found := _LEGAL.match(line):
        label = found[1]
        number = numeral_value(re.sub(rf"[^{NUMERAL}\d]", "", label.split("之")[0]))
        spaced = bool(found[3]) or found.end() == len(line)
        return Opener(label, _RANK_OF[found[2]], number, found.end(), spaced)
    if found := _BRACKETED.match(line):
        return Opener(_compact(found[1]), ITEM, numeral_value(found[1].strip("（）() ")), found.end())
    if found := _LISTED.match(line):
        return Opener(found[1] + "、", LIST, numeral_value(found[1]), found.end())
    if found := _SUBPOINT.match(line):
        return Opener(_compact(found[1]), SUBPOINT, int(found[1].strip("（）() ")), found.end())
    if found := _POINT.match(line):
        return Opener(found[1][:-1] + ".", POINT, int(found[1][:-1]), found.end())
    if found := _BOX.match(line):
        return Opener(f"专栏{numeral_value(found[2])}", BOX, numeral_value(found[2]), found.end())
    if found := _ANNEX.match(line):
        number = numeral_value(found[2]) if found[2] else 0
        return Opener(found[1] + found[2], ANNEX, number, found.end())
    if found := _BULLET.match(line):
        return Opener("——", BULLET, 0, found.end())
    return None
