"""From Telegram's updates to turns.

In a group the bot hears only what is meant for it: commands, replies to its messages, mentions, buttons.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Chat, Document, Message, MessageEntity, PhotoSize, Update, User
from telegram import Contact as SharedContact
from telegram.constants import ChatType

from handlers.errors import trace
from handlers.privacy import hide_numbers
from handlers.turn import Attachment, Contact, Place, Turn

logger = logging.getLogger(__name__)

CHANNEL = "telegram"
MAX_DOWNLOAD_BYTES = 20 << 20  # what Telegram lets a bot fetch
ALBUMS_KEPT = 1000
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_COMMAND = re.compile(r"(/\w+)@(\w+)", re.ASCII)
# Kinds of content that no handler takes. "animation" also carries a document, "venue" a location.
_OTHER = (
    "animation", "audio", "dice", "game", "invoice", "paid_media", "passport_data", "poll",
    "checklist", "sticker", "story", "video", "video_note", "voice",
)  # fmt: skip
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Self:
    """The bot itself: its number, and its name without "@"."""

    id: int
    name: str


class Reader:
    """Turns the updates of one bot into turns; None where there is nothing to do or to say.

    It remembers albums, so that a reply goes to the first part of one only: after a restart in the
    middle of an album there may be two.
    """

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._albums: OrderedDict[str, int] = OrderedDict()

    def turn(self, update: Update, name: str) -> Turn | None:
        """`name` is the bot's own, without "@"; None for what is not meant for it, or means nothing."""
        try:
            return self._turn(update, Self(self._bot_id, name))
        except Exception as error:  # one update must not keep all that come after it back
            logger.error("an update cannot be handled and is passed over: %s", trace(error))
            return None

    def _turn(self, update: Update, me: Self) -> Turn | None:
        turn_id = f"{CHANNEL}:{me.id}:{update.update_id}"
        if update.callback_query:
            return _pressed(turn_id, update.callback_query)
        if update.message is None:
            return None
        return self._of_message(turn_id, update.message, me, update.update_id)

    def _of_message(self, turn_id: str, message: Message, me: Self, number: int) -> Turn | None:
        person = _sender(message)
        group = message.chat.type in _GROUPS
        if person is None or not (group or message.chat.type == ChatType.PRIVATE):
            return None
        if _sent_through(message, me) or (group and not _is_meant_for(message, me)):
            return None
        content = _content(message, me)
        if content is None:
            return None
        turn = Turn(
            id=turn_id,
            person=f"{CHANNEL}:{person}",
            chat=_chat(message.chat, message),
            group=group,
            further=self._is_further(message, number),
            **content,
        )
        return hide_numbers(turn, str(message.message_id))

    def _is_further(self, message: Message, number: int) -> bool:
        """Whether an earlier update brought a part of the same album."""
        if not message.media_group_id:
            return False
        first = self._albums.setdefault(message.media_group_id, number)
        if len(self._albums) > ALBUMS_KEPT:
            self._albums.popitem(last=False)
        return first < number


def _pressed(turn_id: str, query: CallbackQuery) -> Turn | None:
    """None for buttons that are not ours: of games, of cards sent through inline mode, in channels."""
    if query.message is None or query.data is None or query.message.chat.type == ChatType.CHANNEL:
        return None
    return Turn(
        id=turn_id,
        person=f"{CHANNEL}:{query.from_user.id}",
        chat=_chat(query.message.chat, query.message if isinstance(query.message, Message) else None),
        button=_clean(query.data),
        message=str(query.message.message_id),
        group=query.message.chat.type in _GROUPS,
    )


def _chat(chat: Chat, message: Message | None) -> str:
    """A topic of a group is a chat of its own: what is said in one is answered there."""
    if message and message.is_topic_message and chat.type in _GROUPS:
        return f"{CHANNEL}:{chat.id}/{message.message_thread_id}"
    return f"{CHANNEL}:{chat.id}"


def _sender(message: Message) -> int | None:
    """Who speaks. An anonymous administrator speaks as the group; other bots and channels are not heard."""
    if message.sender_chat:
        return None if message.is_automatic_forward else message.sender_chat.id
    user = message.from_user
    return None if user is None or user.is_bot else user.id


def _sent_through(message: Message, me: Self) -> bool:
    """A card that somebody made through our own inline mode needs no answer."""
    return message.via_bot is not None and message.via_bot.id == me.id


# --- what is said in a group ----------------------------------------------------------------


def _is_meant_for(message: Message, me: Self) -> bool:
    if _command_for(message, me) is not None:
        return bool(_command_for(message, me))
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    return (answered is not None and answered.id == me.id) or bool(_mentions(message, me))


def _command_for(message: Message, me: Self) -> bool | None:
    """Whether a command is ours; None when the message is no command."""
    text = message.text or ""
    if not text.startswith("/"):
        return None
    addressed = _COMMAND.match(text)
    return addressed is None or addressed[2].lower() == me.name.lower()


def _mentions(message: Message, me: Self) -> list[MessageEntity]:
    named = {**message.parse_entities(), **message.parse_caption_entities()}
    return [entity for entity, text in named.items() if _is_self(entity, text, me)]


def _is_self(entity: MessageEntity, text: str, me: Self) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and text.lower() == f"@{me.name.lower()}"


def _without_mentions(text: str, message: Message, me: Self) -> str:
    """Offsets of entities count UTF-16 code units."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(_mentions(message, me), key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        encoded = encoded[:start] + encoded[end:]
    return encoded.decode("utf-16-le", "surrogatepass").strip()


# --- what was sent --------------------------------------------------------------------------


def _content(message: Message, me: Self) -> dict[str, Any] | None:
    """The parts of a Turn that say what was sent; None for service messages."""
    if message.text is not None:
        return {"text": _said(message.text, message, me) or "/help"}  # a bare mention asks what we can do
    caption = _said(message.caption, message, me) if message.caption else None
    if message.photo:
        return {"photo": _photo(message.photo), "text": caption}
    if other := next((kind for kind in _OTHER if getattr(message, kind)), None):
        return {"other": other}
    if message.document:
        return {"document": _document(message.document), "text": caption}
    if message.location:
        return {"place": Place(message.location.latitude, message.location.longitude)}
    if message.contact:
        return {"contact": _contact(message.contact, message.from_user)}
    return {"other": "message"} if message.api_kwargs else None  # content of a kind yet to come


def _said(text: str, message: Message, me: Self) -> str:
    """Without our own name, which only says who is meant."""
    said = _clean(_without_mentions(text, message, me) if _mentions(message, me) else text)
    command = _COMMAND.match(said)
    return f"{command[1]}{said[command.end() :]}" if command and _command_for(message, me) else said


def _clean(text: str) -> str:
    """Without characters that no database or no encoding takes."""
    return _NOT_TEXT.sub("", text)


def _photo(sizes: Sequence[PhotoSize]) -> Attachment:
    """The largest that can be fetched; sizes come in ascending order."""
    fetchable = [size for size in sizes if (size.file_size or 0) <= MAX_DOWNLOAD_BYTES]
    photo = (fetchable or sizes)[-1]
    return Attachment(ref=photo.file_id, size=photo.file_size or 0, media_type="image/jpeg")


def _document(document: Document) -> Attachment:
    return Attachment(
        ref=document.file_id,
        size=document.file_size or 0,
        name=_clean(document.file_name or ""),
        media_type=_clean(document.mime_type or ""),
    )


def _contact(contact: SharedContact, sender: User | None) -> Contact:
    own = sender is not None and contact.user_id == sender.id
    return Contact(phone=_clean(contact.phone_number), own=own)


# --- what cannot be read --------------------------------------------------------------------


def read_update(update: dict[str, Any]) -> Update | None:
    """None for what python-telegram-bot cannot read: a change of Telegram's that it does not know."""
    try:
        return Update.de_json(update, None)
    except Exception as error:  # whatever its parsers raise, one update must not keep the others back
        logger.error("an update cannot be read and is passed over: %s", trace(error))
        return None
