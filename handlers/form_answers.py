"""What a person typed, as the value of a question; or the sentence that says what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from handlers import wording_forms as wording
from handlers.forms import Answers, Kind, Question
from knowledge.parsing.numbering import NUMERAL, numeral_value
from knowledge.text import normalise, squeeze

_ASKS = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[。.]?\s*$|怎么|如何|什么|多少|哪|几[步个天年条项]|谁|能不能|可不可以|是不是"
)
_SHORT_QUESTION = 40
MAX_TEXT = 1000
MAX_NAME = 40
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LONGEST_NUMBER = 20  # signs; what is longer counts neither people nor money, and overflows
_TEN_THOUSAND = 10_000
_AS_WRITTEN = (Kind.TEXT, Kind.NAME, Kind.PLACE)
# Zero widths and directions, pasted with a name; they hide what is written. Not those of Mongolian script.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MONGOLIAN_VOWEL_SEPARATOR = "\u180e"  # an invisible part of words
_SEPARATORS = re.compile(r"[\s,，、;；/和]+")
_DAY = re.compile(r"(?:(\d{4})\D{1,2})?(\d{1,2})\D{1,2}(\d{1,2})\D?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EARLIEST = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it is no answer, and what would be one."""

    text: str


def read(question: Question, text: str, *, today: dt.date) -> Any:
    """The value that was typed, or a Fault. Places are read elsewhere: they need the register."""
    written = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()
    plain = written if question.kind in _AS_WRITTEN else normalise(written).strip()
    if not plain:
        return Fault(wording.EMPTY)
    return _READERS[question.kind](question, plain, today)


def _text(question: Question, text: str, today: dt.date) -> Any:
    limit = int(question.most) or MAX_TEXT
    return text if len(text) <= limit else Fault(wording.too_long(len(text), limit))


def _name(question: Question, text: str, today: dt.date) -> Any:
    """Letters of any script, spaces, middle dots; no digits, no pictures."""
    if len(text) > MAX_NAME:
        return Fault(wording.too_long(len(text), MAX_NAME))
    letters = [sign for sign in text if sign not in f"·・•.'- {_MONGOLIAN_VOWEL_SEPARATOR}"]
    named = letters and all(unicodedata.category(sign)[0] in "LM" for sign in letters)
    return text if named else Fault(wording.NO_NAME)


def _number(question: Question, text: str, today: dt.date) -> Any:
    value = _amount(text.rstrip("人口个户块元"))
    if value is None or value != int(value):
        return Fault(wording.NO_NUMBER)
    return _within(question, int(value))


def _money(question: Question, text: str, today: dt.date) -> Any:
    value = _amount(text.rstrip("元块钱"))
    return Fault(wording.NO_MONEY) if value is None else _within(question, round(value, 2))


def _amount(text: str) -> float | None:
    factor = 1
    if text.endswith("万"):
        text, factor = text[:-1], _TEN_THOUSAND
    compact = text.replace(",", "").replace(" ", "")
    if len(compact) > _LONGEST_NUMBER:
        return None
    if _NUMBER.fullmatch(compact):
        return float(compact) * factor
    spelt = compact if compact and all(sign in NUMERAL for sign in compact) else ""
    return numeral_value(spelt) * float(factor) if spelt else None


def _within(question: Question, value: float) -> Any:
    if value < question.least:
        return Fault(wording.too_small(question.least))
    if question.most and value > question.most:
        return Fault(wording.too_large(question.most))
    return value


def _day(question: Question, text: str, today: dt.date) -> Any:
    """`2026-3-1`, `2026年3月1日`, `3月1日` (the last one), `20260301`, `今天`, `昨天`."""
    spoken = {"今天": 0, "昨天": 1, "前天": 2}
    if text in spoken:
        return (today - dt.timedelta(days=spoken[text])).isoformat()
    found = _COMPACT_DAY.fullmatch(text) or _DAY.fullmatch(text)
    try:
        value = _day_of(found, today) if found else None
    except ValueError:
        value = None
    if value is None or value < _EARLIEST:
        return Fault(wording.NO_DAY)
    return Fault(wording.in_the_future(value)) if value > today else value.isoformat()


def _day_of(found: re.Match[str], today: dt.date) -> dt.date:
    year, month, day = found.groups()
    if year:
        return dt.date(int(year), int(month), int(day))
    this_year = dt.date(today.year, int(month), int(day))
    return this_year if this_year <= today else dt.date(today.year - 1, int(month), int(day))


def _year(question: Question, text: str, today: dt.date) -> Any:
    """`1968`, `1968年`."""
    digits = text.removesuffix("生").removesuffix("年").strip()
    year = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 4 else 0
    if year < _EARLIEST.year:
        return Fault(wording.NO_YEAR)
    return Fault(wording.year_in_the_future(year)) if year > today.year else year


def _choice(question: Question, text: str, today: dt.date) -> Any:
    codes = _codes(question, text)
    return codes[0] if codes and len(codes) == 1 else Fault(wording.choose_one(question.choices))


def _choices(question: Question, text: str, today: dt.date) -> Any:
    codes = _codes(question, text)
    return codes or Fault(wording.choose_some(question.choices))


def _codes(question: Question, text: str) -> list[str] | None:
    """The choices that the words name (label, part of it, or number); None if a word names none."""
    found: list[str] = []
    for word in filter(None, _SEPARATORS.split(text)):
        code = _code(question, squeeze(word))
        if code is None:
            return None
        found.append(code)
    return list(dict.fromkeys(found))


def _code(question: Question, word: str) -> str | None:
    if word.isdecimal() and 1 <= int(word) <= len(question.choices):
        return question.choices[int(word) - 1].code
    labels = [(squeeze(normalise(choice.label)), choice.code) for choice in question.choices]
    same = [code for label, code in labels if label == word]
    partly = [code for label, code in labels if word in label or label in word]
    chosen = same or partly
    return chosen[0] if len(chosen) == 1 else None


def _elsewhere(question: Question, text: str, today: dt.date) -> Any:
    return Fault(wording.ON_THE_PAGE)


_READERS = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DAY: _day,
    Kind.YEAR: _year,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.PLACE: _text,
    Kind.SECRET: _elsewhere,
}


def asks(text: str) -> bool:
    """Whether somebody asks something."""
    return bool(_ASKS.search(text))


def looks_like_a_question(question: Question, text: str) -> bool:
    """Whether it is rather that than an answer. A long account may well ask something: only a short text."""
    if question.kind not in _AS_WRITTEN:
        return False  # these are tried as an answer first
    return len(text) <= _SHORT_QUESTION and asks(text)


def doubt_about(question: Question, value: Any, answers: Answers) -> str:
    """What is asked back before the value is taken, "" for nothing."""
    if question.usual and isinstance(value, int | float) and value > question.usual:
        return wording.unusual(value, question.label)
    return question.doubt(value, answers) if question.doubt else ""
