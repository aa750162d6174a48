"""What a refusal of Telegram means for a reply: try later, never, or not to this chat any more."""

from __future__ import annotations

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.sending import RefusedError, TryLaterError, UnreachableError

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# Parts of descriptions, in lower case; the server has no codes for them.
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
    "group chat was deleted",
    "chat_write_forbidden",
    "chat_restricted",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights",
    "topic_deleted",
    "message thread not found",
)
_TOO_LARGE = "entity too large"


class TelegramSetupError(Exception):
    """Telegram cannot be used as configured; the message says why and what to do."""


def growing_pause(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return float(min(FIRST_PAUSE_SECONDS * 2 ** min(max(failures - 1, 0), 10), LONGEST_PAUSE_SECONDS))


def flood_seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone; a little more, as its seconds are rounded."""
    return error._retry_after.total_seconds() + 0.1  # the public one changes its type by an environment


def meaning(error: TelegramError | TimeoutError, failures: int) -> Exception:
    """The error as delivery knows it. `failures` counts those of this reply, this one included."""
    if isinstance(error, TimeoutError):
        return TryLaterError(growing_pause(failures))
    told = f"{type(error).__name__}: {error.message}"
    if isinstance(error, RetryAfter):
        return TryLaterError(flood_seconds(error))
    if is_gone(error):
        return UnreachableError(told)
    if isinstance(error, BadRequest) or says(error, _TOO_LARGE):
        return RefusedError(told)
    return TryLaterError(growing_pause(failures))


def is_gone(error: TelegramError) -> bool:
    """Whether nothing can be sent to the chat any more."""
    return isinstance(error, Forbidden) or says(error, *_GONE)


def says(error: TelegramError, *parts: str) -> bool:
    return any(part in error.message.lower() for part in parts)
