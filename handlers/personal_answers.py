"""What was typed into a field of the one-time page, as a value; or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from handlers import form_answers
from handlers import wording_pages as wording
from handlers.form_answers import Fault
from handlers.forms import Kind, Question
from handlers.personal_numbers import Found, find
from knowledge.text import normalise

_GAPS = re.compile(r"[\s\-－—–]+")
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


def read(question: Question, text: str, *, today: dt.date) -> Any:
    if question.kind is not Kind.SECRET:
        return form_answers.read(question, text, today=today)
    return _phone(text) if is_phone(question) else _id_number(text, today)


def is_phone(question: Question) -> bool:
    """Secrets are ID numbers, and telephone numbers by their code."""
    return question.kind is Kind.SECRET and question.code.endswith("phone")


def _id_number(text: str, today: dt.date) -> str | Fault:
    number = _GAPS.sub("", normalise(text)).upper()
    born = number[6:14] <= today.strftime("%Y%m%d")
    return number if valid_id(number) and born else Fault(wording.wrong_id())


def _phone(text: str) -> str | Fault:
    number = _COUNTRY.sub("", _GAPS.sub("", normalise(text)))
    return number if _PHONE.fullmatch(number) else Fault(wording.wrong_phone())


def valid_id(number: str) -> bool:
    """Whether it is an ID number of 18 signs: a date that was, and the right check digit."""
    return bool(_ID.fullmatch(number)) and find(number) == (Found("id", 0, len(number)),)
