"""What the real server refuses in texts, buttons and commands, and how many messages it takes."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.markup import MarkupError, parse_html, utf16_length
from tests.botapi.refusals import bad_request, too_many_requests

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
RAW_BYTES = 1 << 15
CALLBACK_DATA_BYTES = 64
BUTTONS = 100
DOWNLOAD_BYTES = 20 << 20
UPLOAD_BYTES = 50 << 20
PHOTO_BYTES = 10 << 20

_ACTIONS = (
    "url",
    "callback_data",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
    "web_app",
    "copy_text",
)
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")


def formatted(raw: str, parse_mode: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities; surrounding white space is cut off as the real server does."""
    if len(raw.encode(errors="surrogatepass")) > RAW_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        return raw.strip(), []
    if mode != "html":
        raise bad_request(f"unsupported parse_mode {parse_mode!r}; this server knows HTML only")
    try:
        text, entities = parse_html(raw)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error
    return _stripped(text, entities)


def _stripped(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    short = text.strip()
    if short == text or not entities:
        return short, entities
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(short)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        length = min(entity["offset"] + entity["length"] - cut, end) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return short, moved


def message_text(raw: str, parse_mode: str, *, edit: bool = False) -> tuple[str, list[dict[str, Any]]]:
    if not raw:
        raise bad_request("message text is empty")
    text, entities = formatted(raw, parse_mode)
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > TEXT_UNITS // 2 and utf16_length(text) > TEXT_UNITS:
        raise bad_request("MESSAGE_TOO_LONG" if edit else "message is too long")
    return text, entities


def caption_text(raw: str, parse_mode: str, *, edit: bool = False) -> tuple[str, list[dict[str, Any]]]:
    text, entities = formatted(raw, parse_mode)
    if utf16_length(text) > CAPTION_UNITS:
        raise bad_request("MEDIA_CAPTION_TOO_LONG" if edit else "message caption is too long")
    return text, entities


def reply_markup(markup: Any, *, private: bool) -> dict[str, Any] | None:
    """The keyboard as it is stored; None for none.

    Raises:
        RefusalError: something in it that the real server refuses.
    """
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"], private)
    if "keyboard" in markup:
        _reply_keyboard(markup["keyboard"], private)
        return None  # it isn't part of the message
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return None
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(rows: Any, field_name: str) -> Sequence[Sequence[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'Field "{field_name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'Field "{field_name}" must be an Array of Arrays')
    return [row for row in rows if row]


def _inline_keyboard(rows: Any, private: bool) -> dict[str, Any] | None:
    kept = [[_inline_button(button, private) for button in row] for row in _rows(rows, "inline_keyboard")]
    if sum(map(len, kept)) > BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: Any, private: bool) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse InlineKeyboardButton: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse InlineKeyboardButton: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    action = next(
        (name for name in _ACTIONS if button.get(name) not in (None, "") or _empty(button, name)), ""
    )
    if not action:
        raise bad_request("Text buttons are not allowed in the inline keyboard")
    if action == "callback_data" and len(str(button[action]).encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(str(button["url"]))
    if action == "web_app" and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    return {"text": button["text"], action: button[action]}


def _empty(button: dict[str, Any], name: str) -> bool:
    """An inline query may be empty, and an object without fields is one."""
    return name.startswith("switch_inline_query") and button.get(name) == ""


def _check_url(url: str) -> None:
    if not re.match(r"(?:https?://[^\s/?#]+\.[^\s]+|https?://localhost|tg://\S+|[\w-]+(?:\.[\w-]+)+)", url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_keyboard(rows: Any, private: bool) -> None:
    for button in (button for row in _rows(rows, "keyboard") for button in row):
        text = button if isinstance(button, str) else button.get("text", "")
        if not text:
            raise bad_request("can't parse KeyboardButton: Can't find field \"text\"")
        if not private and isinstance(button, dict) and {"request_contact", "request_location"} & {*button}:
            raise bad_request(
                "can't parse KeyboardButton: phone number and location can be requested in private chats only"
            )


def commands(listed: Any) -> list[dict[str, str]]:
    if not isinstance(listed, list):
        raise bad_request("can't parse commands JSON object: expected an Array of BotCommand")
    if len(listed) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in listed:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def parsed_json(value: Any, what: str) -> Any:
    """Forms carry JSON as text, JSON bodies carry it as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise bad_request(f"can't parse {what} JSON object") from None


@dataclass
class Rates:
    """At most `overall_per_second` messages, and `group_per_minute` to one group."""

    overall_per_second: int = 30
    group_per_minute: int = 20
    _overall: deque[float] = field(default_factory=deque)
    _groups: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, chat: int) -> None:
        now = time.monotonic()
        windows = [(self._overall, self.overall_per_second, 1.0)]
        if chat < 0:
            windows.append((self._groups[chat], self.group_per_minute, 60.0))
        for sent, most, seconds in windows:
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= most:
                raise too_many_requests(max(1, round(sent[0] + seconds - now)))
        for sent, _, _ in windows:
            sent.append(now)
