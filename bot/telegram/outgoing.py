"""From stored replies to calls of the Bot API."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from bot.delivery import Delivery
from bot.sending import Outgoing, RefusedError, TryLaterError
from bot.telegram.failures import is_gone, meaning, says
from bot.telegram.markup import to_html
from bot.telegram.parts import Address, Buttons, Part, parts_of
from db import files
from db.files import File
from handlers.turn import plain
from handlers.wording_privacy import NOT_DELETED

logger = logging.getLogger(__name__)

MAX_PHOTO_BYTES = 10 << 20
MAX_FILE_BYTES = 50 << 20
UNFINISHED_KEPT = 10_000
SEND_SECONDS = 28.0  # delivery leaves a reply to its channel for half a minute

T = TypeVar("T")


@dataclasses.dataclass(slots=True)
class _Progress:
    """How far a reply has come: a failure between two parts must not repeat the first one."""

    messages: list[int] = dataclasses.field(default_factory=list)
    failures: int = 0
    removed: bool | None = None  # what the person had sent


class Sender:
    """Sends the replies of one bot. Their progress is remembered in this process only."""

    def __init__(self, bot: ExtBot[Any], delivery: Delivery) -> None:
        self._bot = bot
        self._delivery = delivery
        self._unfinished: OrderedDict[int, _Progress] = OrderedDict()
        self._moved: dict[int, int] = {}  # groups that became supergroups, with their new ids

    async def send(self, outgoing: Outgoing) -> str:
        """Send a reply and return the id of its last message, which has the buttons.

        Raises TryLaterError, RefusedError or UnreachableError.
        """
        progress = self._unfinished.pop(outgoing.seq, _Progress())
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send_rest(outgoing, progress)
        except (TelegramError, TimeoutError) as error:
            progress.failures += 1
            failure = meaning(error, progress.failures)
            if isinstance(failure, TryLaterError):
                self._keep(outgoing.seq, progress)
            raise failure from None  # its cause may quote the token
        return str(progress.messages[-1])

    def _keep(self, seq: int, progress: _Progress) -> None:
        self._unfinished[seq] = progress
        if len(self._unfinished) > UNFINISHED_KEPT:  # another process has taken the oldest over
            self._unfinished.popitem(last=False)

    async def _send_rest(self, outgoing: Outgoing, progress: _Progress) -> None:
        if outgoing.reply.deletes and outgoing.edits:
            outgoing = await self._with_removal(outgoing, int(outgoing.edits), progress)
        parts = parts_of(outgoing, await self._file(outgoing))
        if not parts:
            raise RefusedError("the reply is empty")
        for part in parts[len(progress.messages) :]:
            progress.messages.append(await self._send_part(Address.of(outgoing.chat), part))

    async def _with_removal(self, outgoing: Outgoing, message: int, progress: _Progress) -> Outgoing:
        """Remove the message, once; the reply says when that cannot be done."""
        if progress.removed is None:
            progress.removed = await self._remove(Address.of(outgoing.chat), message)
        if progress.removed:
            return outgoing
        text = f"{outgoing.reply.text}\n{NOT_DELETED}"
        return dataclasses.replace(outgoing, reply=dataclasses.replace(outgoing.reply, text=text))

    async def _remove(self, address: Address, message: int) -> bool:
        try:
            return await self._bot.delete_message(address.chat, message)
        except BadRequest as error:  # older than 48 hours, or not ours to remove
            if is_gone(error):
                raise
            gone = says(error, "message to delete not found")
            if not gone:
                logger.warning("a message with a personal number is not removed: %s", error.message)
            return gone

    async def _file(self, outgoing: Outgoing) -> File | None:
        number = outgoing.reply.photo if outgoing.reply.photo is not None else outgoing.reply.file
        if number is None:
            return None
        file = await self._delivery.in_session(lambda session: files.load(session, number))
        if file is None:
            logger.warning("file %s of a reply is no longer stored; the text goes alone", number)
        elif len(file.content) > MAX_FILE_BYTES:
            logger.warning("file %s of a reply is larger than Telegram takes; the text goes alone", number)
            return None
        return file

    async def _send_part(self, address: Address, part: Part) -> int:
        address = dataclasses.replace(address, chat=self._moved.get(address.chat, address.chat))
        try:
            return await self._make(address, part)
        except ChatMigrated as moved:
            self._moved[address.chat] = moved.new_chat_id
            return await self._make(dataclasses.replace(address, chat=moved.new_chat_id), part)

    async def _make(self, address: Address, part: Part) -> int:
        """The id of the message that was made, or replaced."""
        if part.file is not None:
            return await self._send_file(address, part, part.file)
        if part.edits is not None:
            try:
                return await self._edit(address, part, part.edits)
            except BadRequest as error:  # deleted, too old, or it is a photo: a new message does as well
                if is_gone(error):
                    raise
                logger.debug("an edit became a new message: %s", error.message)
        return await self._send_text(address, part)

    async def _send_text(self, address: Address, part: Part) -> int:
        async def send(text: str, parse_mode: str | None) -> int:
            message = await self._bot.send_message(
                address.chat,
                text,
                parse_mode=parse_mode,
                message_thread_id=address.topic,
                reply_markup=_keyboard(part.buttons),
            )
            return message.message_id

        return await _formatted(part.text, send)

    async def _edit(self, address: Address, part: Part, message: int) -> int:
        async def edit(text: str, parse_mode: str | None) -> int:
            try:
                await self._bot.edit_message_text(
                    text, address.chat, message, parse_mode=parse_mode, reply_markup=_keyboard(part.buttons)
                )
            except BadRequest as error:
                if not says(error, "message is not modified"):
                    raise
            return message

        return await _formatted(part.text, edit)

    async def _send_file(self, address: Address, part: Part, file: File) -> int:
        if part.is_photo and len(file.content) <= MAX_PHOTO_BYTES:
            try:
                return await self._upload(self._bot.send_photo, address, part, file)
            except BadRequest as error:  # a format or size that Telegram shows no picture of
                if is_gone(error):
                    raise
                logger.info("a photo is sent as a file: %s", error.message)
        return await self._upload(self._bot.send_document, address, part, file)

    async def _upload(
        self, call: Callable[..., Awaitable[Message]], address: Address, part: Part, file: File
    ) -> int:
        async def upload(text: str, parse_mode: str | None) -> int:
            message = await call(
                address.chat,
                file.content,
                caption=text or None,
                parse_mode=parse_mode,
                filename=file.name or None,
                message_thread_id=address.topic,
                reply_markup=_keyboard(part.buttons),
            )
            return message.message_id

        return await _formatted(part.text, upload)


async def _formatted(text: str, call: Callable[[str, str | None], Awaitable[T]]) -> T:
    """Call with HTML; should Telegram not take it, once more with plain text."""
    try:
        return await call(to_html(text), ParseMode.HTML)
    except BadRequest as error:
        if not says(error, "can't parse entities"):
            raise
        logger.warning("Telegram cannot read our HTML; the reply is sent as plain text")
        return await call(plain(text), None)


def _keyboard(rows: Buttons) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )
