"""The first message with its four big buttons, and the examples."""

from __future__ import annotations

import re

from handlers import account, browse, guards, wording, wording_browse, wording_people
from handlers.turn import Button, Desk, Reply, Turn

_PAYLOAD = re.compile(r"\s*/start(?:@\w+)?\s+(\S+)", re.IGNORECASE)
_INDICATOR = re.compile(r"i(\d{1,6})", re.IGNORECASE | re.ASCII)


def start(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`/start`, or what a link puts behind it: `i33` for an indicator, else an invitation's code."""
    payload = _PAYLOAD.match(turn.text or "")
    if payload is None:
        return (_welcome(desk),)
    if number := _INDICATOR.fullmatch(payload[1]):
        if guards.is_shut_out(desk):
            return (Reply(wording_people.INVITED_ONLY),)
        return browse.open_indicator(int(number[1]), turn, desk)
    return account.redeem(turn, desk)


def home(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`start:` at the foot of every list."""
    return (_welcome(desk, edit=True),)


def explain(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.HELP, _examples(wording.HELP_EXAMPLES)),)


def _welcome(desk: Desk, *, edit: bool = False) -> Reply:
    return Reply(wording.WELCOME, (*_big_buttons(desk), *_examples(wording.EXAMPLES)), edit=edit)


def _big_buttons(desk: Desk) -> tuple[tuple[Button, ...], ...]:
    policies, indicators, lists = browse.topic_buttons(desk)
    return (policies, indicators), (lists, Button(wording_browse.REPORT, "report:"))


def _examples(questions: tuple[str, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(question, f"say:{question}"),) for question in questions)
