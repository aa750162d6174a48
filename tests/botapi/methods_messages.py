"""Methods that send, edit and delete messages."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

from tests.botapi import limits
from tests.botapi.chats import Chat, StoredFile, StoredMessage
from tests.botapi.refusals import RefusalError, bad_request
from tests.botapi.state import Arguments, State, method

HOURS_48 = 48 * 3600
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
}


@method("sendMessage")
def send_message(state: State, args: Arguments) -> dict[str, Any]:
    text, entities = limits.message_text(args.text("text"), args.text("parse_mode"))
    return _send(state, args, text=text, html=args.text("text"), entities=entities)


@method("sendPhoto")
def send_photo(state: State, args: Arguments) -> dict[str, Any]:
    file = _file(state, args, "photo")
    width, height = _size_of_photo(file)
    sizes = [_photo_size(file, width // 4 or 1, height // 4 or 1), _photo_size(file, width, height)]
    return _send_file(state, args, file, {"photo": sizes})


@method("sendDocument")
def send_document(state: State, args: Arguments) -> dict[str, Any]:
    file = _file(state, args, "document")
    document = {**_file_fields(file), "file_name": file.name, "mime_type": file.mime}
    return _send_file(state, args, file, {"document": document})


def _send_file(state: State, args: Arguments, file: StoredFile, extra: dict[str, Any]) -> dict[str, Any]:
    text, entities = limits.caption_text(args.text("caption"), args.text("parse_mode"))
    return _send(state, args, text=text, html=args.text("caption"), entities=entities, file=file, extra=extra)


def _send(state: State, args: Arguments, **fields: Any) -> dict[str, Any]:
    given = args.parsed("reply_markup")
    chat = state.chats.writable(args.raw("chat_id"))
    markup = limits.reply_markup(given, private=chat.private)
    reply_to = _reply_to(chat, args)
    if state.rates:
        state.rates.check(chat.id)
    if given and "inline_keyboard" not in given:
        fields["keyboard"] = given
    sent = state.chats.add(chat, state.bot, markup=markup, reply_to=reply_to, **fields)
    state.sent += 1
    if state.on_sent:
        state.on_sent(chat)
    return sent.wire()


def _reply_to(chat: Chat, args: Arguments) -> int | None:
    parameters = args.parsed("reply_parameters") or {}
    number = int(parameters.get("message_id") or args.number("reply_to_message_id"))
    if not number:
        return None
    lenient = parameters.get("allow_sending_without_reply") or args.truth("allow_sending_without_reply")
    original = chat.messages.get(number)
    if original is None or original.deleted:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    return number


def _file(state: State, args: Arguments, name: str) -> StoredFile:
    if upload := args.upload(name):
        return _stored(state, upload.name, upload.content, name)
    given = args.text(name)
    if not given:
        raise bad_request(f"there is no {name} in the request")
    if given not in state.chats.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return state.chats.files[given]


def _stored(state: State, name: str, content: bytes, kind: str) -> StoredFile:
    size = len(content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > limits.UPLOAD_BYTES:
        raise RefusalError(413, "Request Entity Too Large")
    if kind == "photo" and size > limits.PHOTO_BYTES:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {limits.PHOTO_BYTES} bytes"
        )
    return state.chats.add_file(content, size, name=name, kind=kind)


def _size_of_photo(file: StoredFile) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(file.content or b"")) as image:
            width, height = image.size
    except UnidentifiedImageError:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _file_fields(file: StoredFile) -> dict[str, Any]:
    return {"file_id": file.id, "file_unique_id": file.id.replace("file", "unique"), "file_size": file.size}


def _photo_size(file: StoredFile, width: int, height: int) -> dict[str, Any]:
    return {**_file_fields(file), "width": width, "height": height}


@method("sendChatAction")
def send_chat_action(state: State, args: Arguments) -> bool:
    chat = state.chats.writable(args.raw("chat_id"))
    if args.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return chat is not None


@method("editMessageText")
def edit_message_text(state: State, args: Arguments) -> dict[str, Any]:
    text, entities = limits.message_text(args.text("text"), args.text("parse_mode"), edit=True)
    message = _editable(state, args)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edit(args, message, text, entities, args.text("text"))


@method("editMessageCaption")
def edit_message_caption(state: State, args: Arguments) -> dict[str, Any]:
    text, entities = limits.caption_text(args.text("caption"), args.text("parse_mode"), edit=True)
    message = _editable(state, args)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edit(args, message, text, entities, args.text("caption"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(state: State, args: Arguments) -> dict[str, Any]:
    message = _editable(state, args)
    return _edit(args, message, message.text, message.entities, message.html)


def _editable(state: State, args: Arguments) -> StoredMessage:
    if args.has("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = state.chats.writable(args.raw("chat_id"))
    if not args.number("message_id"):
        raise bad_request("message identifier is not specified")
    message = state.chats.message(chat, args.number("message_id"), "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _edit(
    args: Arguments, message: StoredMessage, text: str, entities: list[dict[str, Any]], html: str
) -> dict[str, Any]:
    given = args.parsed("reply_markup")
    if given and "inline_keyboard" not in given:
        raise bad_request("inline keyboard expected")
    markup = limits.reply_markup(given, private=message.chat.private)
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.text, message.entities, message.markup, message.html = text, entities, markup, html
    message.edits += 1
    message.edited_at = int(time.time())
    return message.wire()


@method("deleteMessage")
def delete_message(state: State, args: Arguments) -> bool:
    chat = state.chats.find(args.raw("chat_id"))
    message = state.chats.message(chat, args.number("message_id"), "delete")
    too_old = message.date < time.time() - HOURS_48
    if too_old or (not message.from_bot and not chat.private):
        raise bad_request("message can't be deleted for everyone" if too_old else "message can't be deleted")
    message.deleted = True
    return True


@method("getChat")
def get_chat(state: State, args: Arguments) -> dict[str, Any]:
    chat = state.chats.writable(args.raw("chat_id"))
    return {
        **chat.wire,
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


@method("leaveChat")
def leave_chat(state: State, args: Arguments) -> bool:
    chat = state.chats.writable(args.raw("chat_id"))
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    kind = chat.wire["type"]
    chat.refusal = RefusalError(403, f"Forbidden: bot is not a member of the {kind} chat")
    return True


@method("getFile")
def get_file(state: State, args: Arguments) -> dict[str, Any]:
    file = state.chats.files.get(args.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**_file_fields(file), "file_path": f"{file.kind}s/{file.id}"}
