"""Forms filled in as somebody on a phone does it, for the tests of what is done about a case."""

import datetime as dt
from typing import Any

from db import cases, entries, roster
from handlers import (
    wording_forms,
)
from handlers.turn import Reply
from tests.unit.handlers.case_world import (
    World,
    button,
    labels,
)
from tests.unit.handlers.conftest import Person

SUBMIT, NEXT, SKIP, YES = (
    wording_forms.SUBMIT, wording_forms.NEXT, wording_forms.SKIP, wording_forms.YES_RIGHT
)  # fmt: skip
TODAY = dt.date(2026, 3, 1)
Replies = tuple[Reply, ...]


def fills(person: Person, asked: Replies, *answers: str) -> Replies:
    """Answers in turn: the label of a button, several joined by `+` for a choice of several, or a text."""
    for answer in answers:
        asked = gives(person, asked, answer)
    return asked


def gives(person: Person, asked: Replies, answer: str) -> Replies:
    shown = labels(asked[-1])
    if NEXT in shown and answer != SKIP:
        for part in answer.split("+"):
            asked = person.presses(button(asked[-1], part))
        return tuple(person.presses(button(asked[-1], NEXT)))
    fitting = [label for label in shown if label == answer]
    return tuple(person.presses(button(asked[-1], answer)) if fitting else person.writes(answer))


def entry(world: World, number: str, form: str, item: str = "") -> dict[str, Any]:
    with world.sessions() as session:
        found = entries.newest(session, cases.known_id(world.case(number)), form, item)
        return dict(found.answers) if found else {}


def members(world: World, number: str) -> list[roster.Member]:
    with world.sessions() as session:
        return roster.members(session, cases.known_id(world.case(number)))


def adds_head(person: Person, number: str) -> Replies:
    """The head's name is known, so sex comes first."""
    asked = person.presses(f"visit:{number}:add")
    return fills(
        person, asked, "女", "1968", "小学", "长期慢性病", "能干一点", "本嘎查村", "3", "医疗保险", SUBMIT
    )


def adds_child(person: Person, number: str, birth_year: str = "2015") -> Replies:
    asked = person.presses(f"visit:{number}:add")
    return fills(
        person, asked, "其木格", "子女", "女", birth_year, "在上学", "小学", "健康", "医疗保险", SUBMIT
    )


def fills_pieces(person: Person, number: str, out_of_pocket: str = "12000") -> Replies:
    asked = person.presses(f"visit:{number}:income")
    fills(person, asked, "30000", "2万", "8000", "0", "4000.5", SUBMIT)
    fills(person, person.presses(f"visit:{number}:expenses"), out_of_pocket, "3000", SUBMIT)
    asked = person.presses(f"visit:{number}:guarantees")
    return fills(person, asked, "安全", "都在上学", "都参加了", "安全", SUBMIT)


def with_head(person: Person, number: str) -> str:
    adds_head(person, number)
    return number
