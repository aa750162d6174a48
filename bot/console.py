"""The conversation in the terminal: buttons are numbers."""

from __future__ import annotations

import itertools
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress

from bot.output import say
from handlers import wording
from handlers.privacy import hide_numbers
from handlers.turn import Button, Converse, Turn, plain

CHAT = "terminal"
LEAVE = {"", "退出", "exit", "quit"}


def chat_in_terminal(converse: Converse) -> None:
    """Talk until an empty line, 退出 or the end of the input."""
    say(wording.TERMINAL_GREETING)
    buttons: list[Button] = []
    for line in _lines():
        if any("\udc80" <= character <= "\udcff" for character in line):  # bytes that are not UTF-8
            say(wording.NOT_UTF8)
            continue
        buttons = list(_show(converse, _turn(line, buttons)))
    say(wording.TERMINAL_GOODBYE)


def _lines() -> Iterator[str]:
    prompt = "> " if sys.stdin.isatty() else ""
    if prompt:
        with suppress(ImportError):  # not every Python has it
            import readline  # noqa: F401  (gives `input` its line editing)
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            return
        if line in LEAVE:
            return
        yield line


def _turn(line: str, buttons: list[Button]) -> Turn:
    numbered = [button for button in buttons if not button.aside]
    chosen = int(line) if line.isdecimal() and len(line) < 4 else 0
    pressed = (
        numbered[chosen - 1 : chosen] if chosen else [button for button in buttons if button.label == line]
    )
    if pressed:
        return Turn(id=uuid.uuid4().hex, person=CHAT, chat=CHAT, button=pressed[0].data)
    return hide_numbers(Turn(id=uuid.uuid4().hex, person=CHAT, chat=CHAT, text=line))


def _show(converse: Converse, turn: Turn) -> Iterator[Button]:
    numbers = itertools.count(1)
    for reply in converse(turn):
        text = plain(reply.text)
        say(text)
        for row in reply.buttons:
            shown = [b.label if b.aside else f"{next(numbers)}. {b.label}" for b in row]
            unlisted = [one for one in shown if one not in text]  # a question back lists its choices
            if unlisted:
                say(f"  {'   '.join(unlisted)}")
            yield from row
    sys.stdout.flush()
