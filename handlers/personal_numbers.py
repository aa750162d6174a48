"""Numbers that belong to a person, recognised in what somebody wrote: ID card, bank card, mobile phone.

Digits of any script count (full-width, Mongolian). Between them may stand spaces and dashes, but a number
is never part of a longer run of digits. Where two readings overlap, all of it counts as one number.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from handlers.wording_privacy import hidden_mark

Kind = Literal["id", "mobile", "card"]


@dataclass(frozen=True, slots=True)
class Found:
    """A number at `text[start:end]`."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Runs of digits with hardly anything in between: their digits (with a final X), and their lengths."""

    start: int
    end: int
    digits: str
    lengths: tuple[int, ...]


SHORTEST, LONGEST = 11, 19
_RUN = re.compile("[0-9]+")
_DIGIT = re.compile(r"[^\D0-9]")  # of another script
_GAP = re.compile("[ \t\u00a0\u3000\u200b-\u200d\u2060\ufeff_·•‐-―−－-]{0,2}")
_X = re.compile(rf"{_GAP.pattern}[xXｘＸ×хХ]")
# 13800000000元 is a sum, and so is 13800000000.50
_AMOUNT = re.compile(r"\s*[元万亿块]|[.．]\d")
_BEFORE_AMOUNT = ("¥", "￥", "$")
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_MOBILE = re.compile("(?:86|0086)?1[3-9][0-9]{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, by ISO 7064 MOD 11-2
_CHECK = "10X98765432"


def find(text: str) -> tuple[Found, ...]:
    """The numbers in the order of the text."""
    found: list[Found] = []
    text = _DIGIT.sub(lambda digit: str(int(digit[0])), text)
    for candidate in _candidates(text):
        if kind := _kind(candidate, text):
            plus = text[: candidate.start].endswith(("+", "＋"))
            _add(found, Found(kind, candidate.start - plus, candidate.end))
    return tuple(found)


def masked(text: str) -> str:
    """The text with 〔身份证号已隐去〕 and the like instead of the numbers."""
    for number in reversed(find(text)):
        text = text[: number.start] + hidden_mark(number.kind) + text[number.end :]
    return text


def _add(found: list[Found], new: Found) -> None:
    """Candidates come by their beginning. The longest of those that overlap says what they are."""
    if not found or found[-1].end <= new.start:
        found.append(new)
        return
    last = found[-1]
    longest = max(last, new, key=lambda number: number.end - number.start)
    found[-1] = Found(longest.kind, last.start, max(last.end, new.end))


def _candidates(text: str) -> Iterator[_Candidate]:
    runs = [match.span() for match in _RUN.finditer(text)]
    for first in range(len(runs)):
        yield from _from_run(text, runs, first)


def _from_run(text: str, runs: list[tuple[int, int]], first: int) -> Iterator[_Candidate]:
    """All that begin with one run, the shortest first."""
    start = end = runs[first][0]
    digits = ""
    lengths: tuple[int, ...] = ()
    for run_start, run_end in runs[first:]:
        if run_start > end and not _GAP.fullmatch(text, end, run_start):
            return
        digits, lengths = digits + text[run_start:run_end], (*lengths, run_end - run_start)
        end = run_end
        if len(digits) > LONGEST:
            return
        if len(digits) >= SHORTEST:
            yield _Candidate(start, end, digits, lengths)
            if len(digits) == 17 and (x := _X.match(text, end)):
                yield _Candidate(start, x.end(), f"{digits}X", lengths)


def _kind(number: _Candidate, text: str) -> Kind | None:
    if _is_id(number.digits) or _is_old_id(number):
        return "id"
    if _is_mobile(number) and not _is_amount(number, text):
        return "mobile"
    return "card" if _is_card(number) else None


def _is_id(digits: str) -> bool:
    return len(digits) == 18 and digits[0] != "0" and _is_date(digits[6:14]) and _check(digits) == digits[17]


def _check(digits: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return _CHECK[total % 11]


def _is_old_id(number: _Candidate) -> bool:
    """Of before 1999: no check digit, so the province must be one and the digits stand as usual."""
    usual = number.lengths in ((15,), (6, 6, 3))
    plausible = _PROVINCES.match(number.digits) and _is_date(f"19{number.digits[6:12]}")
    return usual and bool(plausible)


def _is_date(digits: str) -> bool:
    try:
        return 1900 <= dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


def _is_mobile(number: _Candidate) -> bool:
    """138 1234 5678 or in one piece, with or without the prefix of the country."""
    without_prefix = number.lengths[1:] if number.lengths[0] in (2, 4) else number.lengths
    usual = without_prefix in ((11,), (3, 4, 4), (13,), (15,), (5, 4, 4), (7, 4, 4))
    return usual and bool(_MOBILE.fullmatch(number.digits))


def _is_amount(number: _Candidate, text: str) -> bool:
    return bool(_AMOUNT.match(text, number.end)) or text[: number.start].rstrip().endswith(_BEFORE_AMOUNT)


def _is_card(number: _Candidate) -> bool:
    """13 to 19 digits, from 3 up, in one piece or by fours as printed on it, right by Luhn's formula."""
    by_fours = set(number.lengths[:-1]) == {4} and number.lengths[-1] <= 4
    usual = len(number.lengths) == 1 or by_fours
    return (
        usual and len(number.digits) >= 13 and number.digits[0] in "3456789" and _passes_luhn(number.digits)
    )


def _passes_luhn(digits: str) -> bool:
    if not digits.isdecimal():
        return False
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0
