"""What comes in from a channel, what goes back to it, and what a handler may use in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from knowledge.library import KnowledgeBase

MAX_BUTTON_BYTES = 64  # what Telegram takes as callback data


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that a person did: wrote a text or pressed a button, never both.

    `id` is unique among all channels, `person` and `chat` are the channel's own ids with its name in
    front; `button` is the `Button.data` of what was pressed.
    """

    id: str
    person: str
    chat: str
    text: str | None = None
    button: str | None = None

    def __post_init__(self) -> None:
        if (self.text is None) is (self.button is None):
            raise ValueError(f"turn {self.id}: either a text or a button is needed")


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is the route's name, a colon, and what the handler needs; at most 64 bytes."""

    label: str
    data: str

    def __post_init__(self) -> None:
        if len(self.data.encode()) > MAX_BUTTON_BYTES:
            raise ValueError(f"button data {self.data!r}: at most {MAX_BUTTON_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the chat: plain text and rows of buttons."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler works with during one turn. The session is one transaction, committed afterwards."""

    library: KnowledgeBase
    session: Session
    now: dt.datetime
    index_version: str


Handler = Callable[[Turn, Desk], tuple[Reply, ...]]
Converse = Callable[[Turn], tuple[Reply, ...]]
