"""Keeping secrets out of the log.

httpx prints the address of every request, which holds the token; python-telegram-bot quotes a refused
token in its error, an answer that is no JSON in its log, and at DEBUG what people write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

REDACTED = "[…]"
_SHORTEST = 8  # a secret; anything shorter would be found in innocent words
_SILENT = logging.CRITICAL + 1
_LEVELS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.INFO,
    "telegram.request.BaseRequest": _SILENT,  # quotes answers that are no JSON
    "telegram.ext.AIORateLimiter": _SILENT,  # a traceback for each 429; the outbox waits these out
}
_FORMATTER = logging.Formatter()


def keep_out_of_logs(*secrets: str) -> None:
    """Redact every record from now on, whatever handler prints it, and let the libraries say less."""
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _RedactingFactory):
        factory = _RedactingFactory(factory)
        logging.setLogRecordFactory(factory)
    factory.secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def secrets_of(token: str) -> tuple[str, str]:
    """The token, and the part of it that is secret: before the colon stands the bot's number."""
    return token, token.partition(":")[2]


class _RedactingFactory:
    """Makes log records without the secrets; others are left as they are."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self.secrets: set[str] = set()
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        _settle_message(record)
        message = record.getMessage()
        if (redacted := self._redact(message)) != message:
            record.msg, record.args = redacted, None
        if record.exc_info and record.exc_info[0]:
            trace = _FORMATTER.formatException(record.exc_info)
            if (redacted := self._redact(trace)) != trace:
                record.exc_text, record.exc_info = redacted, None  # else it would be formatted anew
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return record

    def _redact(self, text: str) -> str:
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, REDACTED)
        return text


def _settle_message(record: logging.LogRecord) -> None:
    """A wrong call would be complained of on stderr, arguments and all; it is printed as it is instead."""
    try:
        record.getMessage()
    except (TypeError, ValueError):
        record.msg, record.args = f"{record.msg} {record.args}", None
