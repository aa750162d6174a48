"""What the server knows of people, groups, messages and files. The lock of the server guards it."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusals import RefusalError, bad_request, forbidden

BOT_ID = 700000001


@dataclass
class StoredFile:
    id: str
    size: int
    content: bytes | None
    """None for a file of which only the size matters."""
    name: str = ""
    kind: str = "document"
    mime: str = "application/octet-stream"


@dataclass
class StoredMessage:
    id: int
    chat: Chat
    sender: dict[str, Any]
    date: int
    text: str = ""
    """Text or caption."""
    html: str = ""
    """As it was sent."""
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    keyboard: Any = None
    """A keyboard below the input field, or its removal, sent with this message."""
    file: StoredFile | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    """Other fields of the message as it goes over the wire."""
    reply_to: int | None = None
    edits: int = 0
    edited_at: int = 0
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    def wire(self) -> dict[str, Any]:
        """As in an update or an answer."""
        caption = self.file is not None or bool(self.extra.keys() & {"photo", "document", "voice", "video"})
        wire: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.wire,
            "date": self.date,
        }
        if self.text:
            wire["caption" if caption else "text"] = self.text
        if self.entities:
            wire["caption_entities" if caption else "entities"] = self.entities
        if self.markup:
            wire["reply_markup"] = self.markup
        if self.edited_at:
            wire["edit_date"] = self.edited_at
        if self.reply_to and (original := self.chat.messages.get(self.reply_to)):
            wire["reply_to_message"] = {**original.wire(), "reply_to_message": None}
            del wire["reply_to_message"]["reply_to_message"]
        return wire | self.extra


@dataclass
class Chat:
    id: int
    wire: dict[str, Any]
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    refusal: RefusalError | None = None
    """Raised for every message to it: the bot was blocked, or left."""

    @property
    def private(self) -> bool:
        return self.id > 0


class Chats:
    def __init__(self, *, open_to_all: bool = False, kept: int = 0) -> None:
        """`open_to_all`: any private chat exists; `kept`: messages kept of a chat, 0 for all."""
        self.by_id: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self._open_to_all = open_to_all
        self._kept = kept
        self._private_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def find(self, given: object) -> Chat:
        if given in (None, ""):
            raise bad_request("chat_id is empty")
        try:
            number = int(str(given))
        except ValueError:
            number = 0
        chat = self.by_id.get(number)
        if chat is None and self._open_to_all and number > 0:
            chat = self.private(number, f"user{number}")
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, given: object) -> Chat:
        chat = self.find(given)
        if chat.refusal:
            raise chat.refusal
        return chat

    def private(self, user: int, first_name: str) -> Chat:
        wire = {"id": user, "type": "private", "first_name": first_name}
        return self.by_id.setdefault(user, Chat(user, wire))

    def group(self, number: int, title: str) -> Chat:
        kind = "supergroup" if number < -1_000_000_000_000 else "group"
        return self.by_id.setdefault(number, Chat(number, {"id": number, "type": kind, "title": title}))

    def add(self, chat: Chat, sender: dict[str, Any], **fields: Any) -> StoredMessage:
        number = next(self._private_ids) if chat.private else max(chat.messages, default=0) + 1
        message = StoredMessage(number, chat, sender, int(time.time()), **fields)
        chat.messages[number] = message
        if self._kept and len(chat.messages) > self._kept:
            del chat.messages[next(iter(chat.messages))]
        return message

    def message(self, chat: Chat, number: int, action: str) -> StoredMessage:
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise bad_request(f"message to {action} not found")
        return message

    def add_file(self, content: bytes | None, size: int, **fields: str) -> StoredFile:
        file = StoredFile(f"AgAC-file-{next(self._file_ids)}", size, content, **fields)
        self.files[file.id] = file
        return file


def kicked(chat: Chat) -> RefusalError:
    return forbidden(f"bot was kicked from the {chat.wire['type']} chat")
