"""The first message and the examples."""

from __future__ import annotations

from handlers import wording
from handlers.turn import Button, Desk, Reply, Turn


def welcome(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.WELCOME, _examples()),)


def explain(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.HELP, _examples()),)


def _examples() -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(question, f"say:{question}"),) for question in wording.EXAMPLES)
