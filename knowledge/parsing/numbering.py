"""What opens a numbered unit: 第三章, 第七条, 一、, （二）, 3., 专栏10, 附件2, ——."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "一二三四五六七八九十百千零〇两"

# Ranks order the levels of an outline; a unit closes every open unit of the same or a higher rank.
PART, SUBPART, CHAPTER, SECTION, ARTICLE, LIST, ITEM, POINT, SUBPOINT, BULLET = range(1, 11)
CIRCLED = 9.5  # ①, below （1）
BOX, ANNEX = 100, 0

_RANK_OF = {"编": PART, "篇": PART, "部分": PART, "分编": SUBPART}
_RANK_OF |= {"章": CHAPTER, "节": SECTION, "条": ARTICLE}
_LEGAL = re.compile(
    rf"(第\s?[{NUMERAL}\d]{{1,9}}\s?(部分|分编|[编篇章节条])(?:之[{NUMERAL}]+)?)"
    r"((?:[\s　：:．.【]|、(?!第))*)"
)
_LISTED = re.compile(rf"([{NUMERAL}]{{1,4}})\s?[、．.]\s*(?=\S)(?![{NUMERAL}]{{1,3}}[、和])")
_BRACKETED = re.compile(rf"([（(]\s*[{NUMERAL}]{{1,4}}\s*[）)])[、．.]?\s*")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})[.、]?\s+(?=[\u4e00-\u9fff])")
_POINT = re.compile(r"(\d{1,3})\s?[.．、](?![\d.])\s*")
_SUBPOINT = re.compile(r"([（(]?\s*\d{1,3}\s*[）)])[、．.]?\s*")
_CIRCLED = re.compile(r"([①-⑳])\s*")
_BOX = re.compile(rf"专栏\s*([\d{NUMERAL}]{{1,4}})\s*(?:[：:]\s*|(?=[^所中的列明和、，规]))")
_ANNEX = re.compile(rf"(附件|附表|附录)\s*([\d{NUMERAL}]{{0,3}})\s*[：:]?\s*$")
_BULLET = re.compile(r"(——)\s*")
_NO_NUMERAL = re.compile(rf"[^{NUMERAL}\d]")
# What follows a number that is a reference: `第四条规定的…`, `第三章和第五章`.
_REFERS = re.compile("规定|所称|所列|所|第|至|和|与|或|及|、|，|,|。|；|的|之|款|项|中|以外|以内|明确|要求")
# Cheap gate: most lines of a law open nothing.
_FIRST = frozenset("第（(附专—①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" + NUMERAL + "0123456789０１２３４５６７８９")


@dataclass(slots=True)  # not frozen, see Mark
class Opener:
    """The mark at the start of a line; `number` is its value, `rest` where the text goes on."""

    label: str
    rank: float
    number: int
    rest: int
    spaced: bool = True
    refers: bool = False  # what follows reads like a reference


def numeral_value(text: str) -> int:
    """`二十三` → 23, `23` → 23, `一百零二` → 102; 0 when there is no numeral."""
    if not text:
        return 0
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
    return "".join(label.split()).replace("(", "（").replace(")", "）")


def opener(line: str) -> Opener | None:
    """The mark that opens `line` (already stripped), or None.

    In-text references look the same (`第四条规定的…`); outline.py decides by position and number.
    """
    if not line or line[0] not in _FIRST:
        return None
    if line[0] == "第":
        return _legal(line)
    if line[0] in "（(":
        return _bracketed(line)
    if line[0] in "附专—":
        return _named(line)
    return _counted(line)


def _legal(line: str) -> Opener | None:
    found = _LEGAL.match(line)
    if not found:
        return None
    end = found.end()
    label, rank, number = _unit_of_law(found[1], found[2])
    spaced = bool(found[3]) or end == len(line)
    return Opener(label, rank, number, end, spaced, not spaced and bool(_REFERS.match(line, end)))


@lru_cache(maxsize=4096)  # a law has no more articles, and all laws have the same
def _unit_of_law(label: str, kind: str) -> tuple[str, float, int]:
    numeral = _NO_NUMERAL.sub("", label.split("之", maxsplit=1)[0])
    return _compact(label), _RANK_OF[kind], numeral_value(numeral)


def _bracketed(line: str) -> Opener | None:
    if found := _BRACKETED.match(line):
        return Opener(_compact(found[1]), ITEM, numeral_value(found[1].strip("（）() ")), found.end())
    if found := _SUBPOINT.match(line):
        return Opener(_compact(found[1]), SUBPOINT, int(found[1].strip("（）() ")), found.end())
    return None


def _named(line: str) -> Opener | None:
    if found := _BOX.match(line):
        number = numeral_value(found[1])
        return Opener(f"专栏{number}", BOX, number, found.end())
    if found := _ANNEX.match(line):
        number = numeral_value(found[2]) if found[2] else 0
        return Opener(found[1] + found[2], ANNEX, number, found.end())
    if found := _BULLET.match(line):
        return Opener("——", BULLET, 0, found.end())
    return None


def _counted(line: str) -> Opener | None:
    if found := _LISTED.match(line):
        return Opener(found[1] + "、", LIST, numeral_value(found[1]), found.end())
    if found := _DECIMAL.match(line):
        *_, last = found[1].split(".")
        return Opener(found[1], POINT + found[1].count(".") / 10, int(last), found.end())
    if found := _POINT.match(line):
        return Opener(found[1] + ".", POINT, int(found[1]), found.end())
    if found := _SUBPOINT.match(line):
        return Opener(_compact(found[1]), SUBPOINT, int(found[1].strip("（）() ")), found.end())
    if found := _CIRCLED.match(line):
        return Opener(found[1], CIRCLED, ord(found[1]) - ord("①") + 1, found.end())
    return None
