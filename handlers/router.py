"""Which handler a turn goes to: one table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers import ask, help, wording
from handlers.turn import Desk, Handler, Reply, Turn

_COMMAND = re.compile(r"\s*(/[a-z_]+)(?:@\w+)?(?:\s|$)", re.IGNORECASE)


def _unknown_command(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.unknown_command(name for name in ROUTES if name.startswith("/"))),)


def _unknown_button(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.STALE_BUTTON),)


def _unexpected(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """A photo, a voice message …: in a group people send these to each other, not to us."""
    return () if turn.group else (Reply(wording.unexpected(turn.kind)),)


# "/name" is a command, "name:" a button whose data begins so; a word alone is the kind of what was sent.
ROUTES: Mapping[str, Handler] = {
    "/start": help.welcome,
    "/help": help.explain,
    "/new": ask.start_over,
    "say:": ask.answer_example,
    "pick:": ask.answer_option,
    "text": ask.answer_text,
    "photo": _unexpected,
    "document": _unexpected,
    "place": _unexpected,
    "contact": _unexpected,
    "other": _unexpected,
    "unknown command": _unknown_command,
    "unknown button": _unknown_button,
}


def route(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return ROUTES[_name(turn)](turn, desk)


def _name(turn: Turn) -> str:
    if turn.button is not None:
        name = turn.button.partition(":")[0] + ":"
        return name if name in ROUTES else "unknown button"
    command = _COMMAND.match(turn.text or "") if turn.kind == "text" else None
    if not command:
        return turn.kind
    name = command[1].lower()
    return name if name in ROUTES else "unknown command"
