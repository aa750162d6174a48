"""When a document was issued: `2022年9月20日`, `二〇二二年九月二十日`, or in the name of its file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from knowledge.model import Grid, Line
from knowledge.parsing.numbering import numeral_value, opener

_DIGITS = "〇○Ｏ零一二三四五六七八九"
_DATE = re.compile(
    rf"((?:19|20)\d\d|[{_DIGITS}]{{4}})\s*年\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月"
    r"\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_PLAIN_DATE = re.compile(r"((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_SIGNED_WITHIN = 160  # blocks from the start, where a notice is signed
_SIGNED_AT_END = 30  # blocks
_LONGEST_OF_HEAD = 150  # characters of a line that says when a law was passed
_APPLIES = ("起", "前", "至", "以")
_LONGEST = 40  # characters of a line that is a date


def date_of(blocks: Sequence[Line | Grid], head: Sequence[str]) -> dt.date | None:
    """The date alone on a line (signature), else the latest one in the head."""
    signed = [*blocks[:_SIGNED_WITHIN], *blocks[_SIGNED_WITHIN:][-_SIGNED_AT_END:]]
    for block in signed:
        if not isinstance(block, Line) or not 6 <= len(block.text) <= _LONGEST * 2:
            continue
        text = "".join(block.text.split())
        if found := _DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text):
            return _valid_date(found)
    return max(_dates_of_head(head), default=None)


def date_in_file_name(path: str) -> dt.date | None:
    """`某某办法(2016-12-16).md`: databases of law name their files so."""
    found = _IN_NAME.search(path.rsplit("/", 1)[-1])
    return _valid_date(found) if found else None


def _dates_of_head(head: Sequence[str]) -> list[dt.date]:
    """Dates that say when a text was passed: before its first unit, and not from when it applies."""
    found = []
    for line in head:
        opened = opener(line)
        if opened and opened.spaced:
            break
        if len(line) <= _LONGEST_OF_HEAD:
            dates = (_valid_date(m) for m in _DATE.finditer(line) if not line.startswith(_APPLIES, m.end()))
            found += [date for date in dates if date]
    return found


def _valid_date(found: re.Match[str]) -> dt.date | None:
    year = re.sub("[○Ｏ]", "〇", found[1])
    try:
        return dt.date(numeral_value(year), numeral_value(found[2]), numeral_value(found[3]))
    except ValueError:
        return None
