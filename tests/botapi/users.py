"""A person with a phone: writes, presses, sends things."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.botapi.chats import Chat
from tests.botapi.groups import Group, membership
from tests.botapi.markup import utf16_length
from tests.botapi.queries import AskedQuery
from tests.botapi.refusals import forbidden
from tests.botapi.seen import Conversation, Message, seen

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

_COMMAND_OR_MENTION = re.compile(r"(?<!\S)(/\w+(?:@\w+)?|@\w+)")
_album_ids = itertools.count(13_000_000_001)


@dataclass(frozen=True)
class Sent:
    """Something a person sent."""

    update_id: int
    id: int
    """Of the message."""
    chat: int


class User(Conversation):
    """The conversation is the private chat with the bot; `to=group` writes there instead."""

    def __init__(self, api: BotApi, chat: Chat, name: str) -> None:
        super().__init__(api, chat)
        self.name = name
        self.wire = {"id": chat.id, "is_bot": False, "first_name": name, "language_code": "zh-hans"}

    def says(self, text: str, to: Group | None = None, reply_to: Message | Sent | int | None = None) -> Sent:
        return self._send({}, to, reply_to, text=text, entities=_entities(text))

    def starts(self, payload: str = "") -> Sent:
        """Opens the bot by a link with this payload."""
        return self.says(f"/start {payload}".strip())

    def sends_photo(self, content: bytes, caption: str = "", to: Group | None = None) -> Sent:
        return self._send({"photo": self._photo(content)}, to, text=caption)

    def sends_album(self, photos: Sequence[bytes], caption: str = "") -> list[Sent]:
        album = {"media_group_id": str(next(_album_ids))}
        captions = itertools.chain([caption], itertools.repeat(""))
        return [
            self._send({"photo": self._photo(photo), **album}, text=text)
            for photo, text in zip(photos, captions, strict=False)
        ]

    def sends_document(
        self, name: str, content: bytes | None = None, size: int | None = None, mime: str = "application/pdf"
    ) -> Sent:
        """With a size alone there is nothing to download: 50 MB cost nothing."""
        length = len(content or b"") if size is None else size
        file = self._file(content, length, name=name, kind="document", mime=mime)
        return self._send({"document": {**file, "file_name": name, "mime_type": mime}})

    def sends_voice(self, content: bytes = b"OggS") -> Sent:
        file = self._file(content, len(content), kind="voice", mime="audio/ogg")
        return self._send({"voice": {**file, "duration": 3, "mime_type": "audio/ogg"}})

    def sends_video(self, size: int = 3_000_000) -> Sent:
        file = self._file(None, size, kind="video", mime="video/mp4")
        return self._send({"video": {**file, "width": 640, "height": 360, "duration": 5}})

    def sends_sticker(self) -> Sent:
        file = self._file(b"RIFF", 4, kind="sticker", mime="image/webp")
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._send({"sticker": {**file, **size, "emoji": "👍"}})

    def sends_place(self, latitude: float, longitude: float) -> Sent:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def shares_own_contact(self, phone: str = "+8613800000000") -> Sent:
        return self.sends_contact(phone, self.name, self.id)

    def sends_contact(self, phone: str, name: str, user_id: int | None = None) -> Sent:
        contact = {"phone_number": phone, "first_name": name}
        return self._send({"contact": contact | ({"user_id": user_id} if user_id else {})})

    def sends(self, extra: dict[str, Any], to: Group | None = None) -> Sent:
        """A message with any fields, such as one of the future."""
        return self._send(extra, to)

    def edits(self, sent: Sent, text: str) -> int:
        """Edits an own message; returns the update's id."""
        with self._api.state.changed:
            stored = self._api.state.chats.by_id[sent.chat].messages[sent.id]
            stored.text, stored.entities = text, _entities(text)
            stored.edited_at = stored.date + 1
            return self._api.enqueue({"edited_message": stored.wire()}, ("chat", sent.chat))

    def still_sees(self, sent: Sent) -> bool:
        """Whether something sent is still in its chat."""
        with self._api.state.changed:
            return not self._api.state.chats.by_id[sent.chat].messages[sent.id].deleted

    def presses(self, message: Message, button: str) -> AskedQuery:
        """By label or data; it must be on the message as it is now (see `presses_old`)."""
        with self._api.state.changed:
            stored = self._api.state.chats.by_id[message.chat].messages[message.id]
            current = seen(stored)
            if stored.deleted:
                raise AssertionError(f"message {message.id} was deleted")
        for found in current.buttons:
            if button in {found.label, found.data} and not found.url:
                return self.presses_old(message, found.data)
        raise AssertionError(f"no button {button!r} on message {message.id}; there are {current.labels}")

    def presses_old(self, message: Message, data: str, *, inaccessible: bool = False) -> AskedQuery:
        """With any data, as from a button that was there earlier; perhaps of a message long gone."""
        state = self._api.state
        with state.changed:
            query = state.open_query(self.id)
            chat = state.chats.by_id[message.chat]
            wire = {"message_id": message.id, "chat": chat.wire, "date": 0}
            if not inaccessible:
                wire = chat.messages[message.id].wire()
            press = {"id": query.id, "from": self.wire, "chat_instance": str(chat.id)}
            press |= {"message": wire, "data": data}
            update_id = self._api.enqueue({"callback_query": press}, ("press", self.id))
        return AskedQuery(state, query, update_id)

    def asks_inline(self, text: str, offset: str = "") -> AskedQuery:
        """`@bot text` in any chat."""
        state = self._api.state
        with state.changed:
            query = state.open_query(self.id)
            asked = {
                "id": query.id,
                "from": self.wire,
                "query": text,
                "offset": offset,
                "chat_type": "private",
            }
            update_id = self._api.enqueue({"inline_query": asked}, ("inline", self.id))
        return AskedQuery(state, query, update_id)

    def blocks_bot(self) -> int:
        return self._turns("member", "kicked")

    def unblocks_bot(self) -> int:
        return self._turns("kicked", "member")

    def deletes_account(self) -> None:
        with self._api.state.changed:
            self._chat.refusal = forbidden("user is deactivated")

    def _turns(self, old: str, new: str) -> int:
        with self._api.state.changed:
            self._chat.refusal = forbidden("bot was blocked by the user") if new == "kicked" else None
            update = membership(self._chat.wire, self.wire, self._api.state.bot, old, new)
            return self._api.enqueue(update, ("chat", self.id))

    def _send(
        self,
        extra: dict[str, Any],
        to: Group | None = None,
        reply_to: Message | Sent | int | None = None,
        **fields: Any,
    ) -> Sent:
        original = reply_to if isinstance(reply_to, int) or reply_to is None else reply_to.id
        state = self._api.state
        with state.changed:
            chat = state.chats.by_id[to.id] if to else self._chat
            if chat is self._chat:
                chat.refusal = None
            stored = state.chats.add(chat, self.wire, extra=extra, reply_to=original, **fields)
            update_id = self._api.enqueue({"message": stored.wire()}, ("chat", chat.id))
            return Sent(update_id, stored.id, chat.id)

    def _photo(self, content: bytes) -> list[dict[str, Any]]:
        small = self._file(content[: len(content) // 2], len(content) // 2, kind="photo", mime="image/jpeg")
        large = self._file(content, len(content), kind="photo", mime="image/jpeg")
        return [{**small, "width": 90, "height": 67}, {**large, "width": 1280, "height": 960}]

    def _file(self, content: bytes | None, size: int, **fields: str) -> dict[str, Any]:
        with self._api.state.changed:
            file = self._api.state.chats.add_file(content, size, **fields)
        return {"file_id": file.id, "file_unique_id": file.id.replace("file", "unique"), "file_size": size}


def _entities(text: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "bot_command" if match[0].startswith("/") else "mention",
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for match in _COMMAND_OR_MENTION.finditer(text)
    ]
