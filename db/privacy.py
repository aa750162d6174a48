"""What of a text must not be kept."""

from __future__ import annotations

import re

_LONG_NUMBER = re.compile(r"\d{7,}[Xx]?")  # telephone, identity card, bank account


def without_long_numbers(text: str) -> str:
    return _LONG_NUMBER.sub("***", text)
