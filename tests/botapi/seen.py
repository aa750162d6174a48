"""What a person sees of a chat, and how a test waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.botapi.chats import Chat, StoredMessage

if TYPE_CHECKING:
    from tests.botapi.server import BotApi


@dataclass(frozen=True)
class Button:
    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class Message:
    """A message of the bot as it is now."""

    id: int
    chat: int
    date: int
    text: str
    """Plain, or the caption."""
    html: str
    """As the bot sent it."""
    rows: tuple[tuple[Button, ...], ...]
    edits: int
    deleted: bool
    reply_to: int | None
    keyboard: Any
    """A keyboard below the input field that was sent along."""
    file_name: str | None
    file: bytes | None

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]


def seen(stored: StoredMessage) -> Message:
    rows = (stored.markup or {}).get("inline_keyboard", [])
    return Message(
        id=stored.id,
        chat=stored.chat.id,
        date=stored.date,
        text=stored.text,
        html=stored.html,
        rows=tuple(tuple(_button(button) for button in row) for row in rows),
        edits=stored.edits,
        deleted=stored.deleted,
        reply_to=stored.reply_to,
        keyboard=stored.keyboard,
        file_name=stored.file.name if stored.file else None,
        file=stored.file.content if stored.file else None,
    )


def _button(wire: dict[str, Any]) -> Button:
    return Button(wire["text"], str(wire.get("callback_data", "")), str(wire.get("url", "")))


class Conversation:
    """One chat, from the side of people."""

    def __init__(self, api: BotApi, chat: Chat) -> None:
        self._api = api
        self._chat = chat

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def messages(self) -> list[Message]:
        """All messages of the bot, the deleted ones too, in the order they were sent."""
        with self._api.state.changed:
            return [seen(stored) for stored in self._chat.messages.values() if stored.from_bot]

    def waits_for(self, wanted: Callable[[list[Message]], object], timeout: float = 10) -> list[Message]:
        """Waits until `wanted(messages)` is true; for a test that does not run in the bot's loop.

        Raises:
            AssertionError: with what was there instead.
        """
        with self._api.state.changed:
            if self._api.state.changed.wait_for(lambda: wanted(self.messages), timeout):
                return self.messages
            texts = "\n".join(
                f"  {message.id}: {message.text!r} {message.labels}" for message in self.messages
            )
            raise AssertionError(
                f"not seen in chat {self.id} within {timeout} s; there is\n{texts or '  nothing'}"
            )

    async def sees(self, wanted: Callable[[list[Message]], object], timeout: float = 10) -> list[Message]:
        """`waits_for` which leaves the loop free for the bot."""
        return await asyncio.to_thread(self.waits_for, wanted, timeout)

    def waits_for_messages(self, count: int = 1, timeout: float = 10) -> list[Message]:
        return self.waits_for(lambda messages: len(messages) >= count, timeout)
