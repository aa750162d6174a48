"""A reply as the messages it takes: pure, so that a second attempt makes the same ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot.sending import Outgoing
from bot.telegram.markup import MAX_CAPTION, split, units
from db.files import File
from handlers.turn import Button

Buttons = tuple[tuple[Button, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """A chat of Telegram, and the topic in it."""

    chat: int
    topic: int | None = None

    @classmethod
    def of(cls, chat: str) -> Address:
        """Of `Turn.chat`: "telegram:CHAT" or "telegram:CHAT/TOPIC"."""
        number, _, topic = chat.partition(":")[2].partition("/")
        return cls(int(number), int(topic) if topic else None)

    def __str__(self) -> str:
        return f"telegram:{self.chat}/{self.topic}" if self.topic else f"telegram:{self.chat}"


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One message: a text, or a file with a caption. `edits` is the message that it may replace."""

    text: str
    buttons: Buttons = ()
    edits: int | None = None
    file: File | None = None
    is_photo: bool = False


def parts_of(outgoing: Outgoing, file: File | None) -> list[Part]:
    """The buttons go with the last part. None when nothing could be seen."""
    reply = outgoing.reply
    parts = [Part(text) for text in split(reply.text)]
    if file is not None:
        parts = _with_file(file, parts, is_photo=reply.photo is not None)
    elif parts and outgoing.edits and not reply.deletes:
        parts[0] = dataclasses.replace(parts[0], edits=int(outgoing.edits))
    if parts:
        parts[-1] = dataclasses.replace(parts[-1], buttons=reply.buttons)
    return parts


def _with_file(file: File, parts: Sequence[Part], *, is_photo: bool) -> list[Part]:
    """A text that is too long for a caption follows the file."""
    if len(parts) == 1 and units(parts[0].text) <= MAX_CAPTION:
        return [dataclasses.replace(parts[0], file=file, is_photo=is_photo)]
    return [Part("", file=file, is_photo=is_photo), *parts]
