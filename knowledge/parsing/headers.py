"""The head of a table that a format marks as one: its title row, and a header over several rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

YEAR = re.compile(
    r"(?:19|20)\d\d\s*年?\s*(?:[（(]?\s*(?:现状|基期|基数|基准|实际|目标|计划|预期|完成|规划)[值数]?\s*[）)]?)?$"
)
_UNIT_LINE = re.compile(r"[（(]?\s*(?:计量)?单位\s*[：:]\s*(?P<unit>[^）)\s]{1,8})\s*[）)]?$")
_NUMBER = re.compile(r"[+-]?[\d.,]+%?$")
MAX_HEADER_ROWS = 3


def title_rows(rows: list[list[str]]) -> tuple[str, list[list[str]]]:
    """Rows above the header with one text across the table are its title, or say its unit.

    Returns:
        The title, with the unit in brackets at its end as titles carry it, and the rows that are left.
    """
    title, unit = "", ""
    while len(rows) > 2 and len(rows[0]) > 1:
        texts = {cell for cell in rows[0] if cell}
        spans = len(set(rows[0])) == 1 or sum(bool(cell) for cell in rows[0]) == 1
        if len(texts) != 1 or not spans:
            break
        text = texts.pop()
        if found := _UNIT_LINE.match(text):
            unit = found["unit"]
        else:
            title = f"{title} {text}".strip()
        rows = rows[1:]
    return (f"{title}（{unit}）" if unit else title), rows


def header_of(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The header in one row, and the body: `2021年` under `目标` stays `2021年` where that is unique."""
    if not rows:
        return [], []
    header, at = rows[0], 1
    while at < min(MAX_HEADER_ROWS, len(rows) - 1) and _has_second_row(header, rows[at]):
        header = _merged(header, rows[at])
        at += 1
    return header, rows[at:]


def _has_second_row(header: Sequence[str], below: Sequence[str]) -> bool:
    """Two neighbours of the header share a merged cell, and the row below says what they are."""
    shared = any(a and a == b for a, b in itertools.pairwise(header))
    figures = any(_NUMBER.match(cell) and not YEAR.match(cell) for cell in below)
    split = any(
        a == b and x and y and x != y
        for a, b, x, y in zip(header, header[1:], below, below[1:], strict=False)
    )
    same = all(not below[k] or below[k] == name for k, name in enumerate(header) if _alone(header, k))
    return shared and split and same and not figures


def _alone(header: Sequence[str], column: int) -> bool:
    name = header[column]
    return name not in (header[column - 1] if column else "", *header[column + 1 : column + 2])


def _merged(header: Sequence[str], below: Sequence[str]) -> list[str]:
    names = [low or high for high, low in zip(header, below, strict=False)]
    count = Counter(names)
    return [
        name if count[name] == 1 or name == high else f"{high} {name}"
        for high, name in zip(header, names, strict=False)
    ]
