"""What comes in from a channel, what goes back to it, and what a handler may use in between."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlmodel import Session

from db.models import Person
from db.workflow import LocalRules
from knowledge.library import KnowledgeBase

MAX_BUTTON_BYTES = 64  # what Telegram takes as callback data
_THINGS = ("button", "photo", "document", "place", "contact", "other")
_BOLD, _PLAIN = "\x02", "\x03"  # no document and no keyboard has them


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or another file. `ref` is what the channel finds it by again; sizes are bytes."""

    ref: str
    size: int
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number; `own` when the channel vouches that it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that a person did: wrote, pressed a button, or sent something.

    `id` is unique among all channels; `person` and `chat` are the channel's own ids with its name in
    front ("telegram:77"). `button` is the `Button.data` of what was pressed and `message` the channel's
    id of the message it hangs on. `text` beside a photo or document is its caption. `other` names a
    thing that nobody here understands ("voice", "sticker"). In a `group` others read the replies.
    `further` marks the later ones of several things sent at once (an album): one reply is enough for all.
    `hidden` are the kinds of numbers that were left out of it (handlers/privacy); `message` is then what
    the person sent, to be removed.
    """

    id: str
    person: str
    chat: str
    text: str | None = None
    button: str | None = None
    message: str | None = None
    photo: Attachment | None = None
    document: Attachment | None = None
    place: Place | None = None
    contact: Contact | None = None
    other: str | None = None
    group: bool = False
    further: bool = False
    hidden: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        things = [name for name in _THINGS if getattr(self, name) is not None]
        has_caption = self.text is not None and things not in ([], ["photo"], ["document"])
        if len(things) > 1 or has_caption or not (things or self.text is not None):
            raise ValueError(f"turn {self.id}: exactly one of a text, a button or a thing sent is needed")

    @property
    def channel(self) -> str:
        return self.chat.partition(":")[0]

    @property
    def kind(self) -> str:
        """Which of its parts was sent: "text", "button", "photo", …; a caption does not make a text."""
        return next((name for name in _THINGS if getattr(self, name) is not None), "text")

    def to_json(self) -> str:
        given = {name: value for name, value in asdict(self).items() if value not in (None, False, ())}
        return json.dumps(given, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Turn:
        """Raises ValueError or TypeError for what `to_json` did not write."""
        given: dict[str, Any] = json.loads(stored)
        parts = {"photo": Attachment, "document": Attachment, "place": Place, "contact": Contact}
        made = {name: parts[name](**v) if name in parts else v for name, v in given.items()}
        return cls(**made | {"hidden": tuple(given.get("hidden", ()))})


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is the route's name, a colon, and what the handler needs; at most 64 bytes.

    `aside` is one that is no answer to what is asked: where buttons are numbers, a number may be an answer.
    """

    label: str
    data: str
    aside: bool = False

    def __post_init__(self) -> None:
        if len(self.data.encode()) > MAX_BUTTON_BYTES:
            raise ValueError(f"button data {self.data!r}: at most {MAX_BUTTON_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the chat: text of any length (`bold` marks a part), and rows of buttons.

    With `edit` it replaces the message whose button was pressed; where none was, it is a new message.
    `photo` and `file` are ids of files in the database (db/files), shown with the text below. `status` is
    that of an answer (knowledge.model.Status) and not shown. With `deletes`, what the person has sent is
    removed from the chat first; only the first reply of a turn can do so.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    edit: bool = False
    photo: int | None = None
    file: int | None = None
    status: str | None = None
    deletes: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Reply:
        given: dict[str, Any] = json.loads(stored)
        known = {field.name for field in fields(cls)}
        buttons = tuple(tuple(Button(**button) for button in row) for row in given.pop("buttons", ()))
        return cls(buttons=buttons, **{name: value for name, value in given.items() if name in known})


def bold(text: str) -> str:
    return f"{_BOLD}{text}{_PLAIN}"


def bold_opening(text: str, opening: str) -> str:
    """The text with its opening marked, if it does begin so."""
    return bold(opening) + text[len(opening) :] if opening and text.startswith(opening) else text


def plain(text: str) -> str:
    """The text without its marks."""
    return text.replace(_BOLD, "").replace(_PLAIN, "")


def spans(text: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is bold; an open mark ends with the text."""
    parts: list[tuple[str, bool]] = []
    for number, part in enumerate(text.split(_BOLD)):
        strong, closed, rest = part.partition(_PLAIN)
        parts += [(strong, number > 0), (rest if closed else "", False)]
    return [(plain(part), strong) for part, strong in parts if part]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler works with during one turn. The session is one transaction, committed afterwards.

    `person` is who it is, None for a visitor. With `telegram_names` the head of a household may be named
    in Telegram, and photos shown there. `local` are time limits that this place has set. `chat` is that
    of the turn.
    """

    library: KnowledgeBase
    session: Session
    now: dt.datetime
    index_version: str
    person: Person | None = None
    visitors_may_ask: bool = True
    web_url: str = ""
    telegram_name: str = ""
    telegram_names: bool = True
    local: LocalRules = field(default_factory=LocalRules)
    chat: str = ""

    @property
    def hears_names(self) -> bool:
        """Whether a household may be named in the chat of this turn."""
        return self.telegram_names or not self.chat.startswith("telegram:")


Handler = Callable[[Turn, Desk], tuple[Reply, ...]]
Handle = Callable[[Turn, Session], tuple[Reply, ...]]  # in the session's transaction
Converse = Callable[[Turn], tuple[Reply, ...]]
