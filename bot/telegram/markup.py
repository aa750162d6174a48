"""Telegram's HTML, and texts cut to what one message holds.

Texts are cut before they are marked up, so that no tag is cut.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from handlers.turn import bold, plain, spans

MAX_TEXT = 4096  # UTF-16 code units of a message, markup not counted
MAX_CAPTION = 1024
MAX_HTML_BYTES = 32_768
# Where a text is best cut: after a sentence or a line, else after a part of a sentence.
_CUTS = (re.compile(r"[。！？!?…]+[”』」）)]*|\n"), re.compile(r"[；;，,、：:\s]"))
_FULLEST = 0.5  # rather than a part emptier than this, the next kind of cut

Span = tuple[str, bool]  # a text and whether it is bold


def to_html(text: str) -> str:
    """Everything escaped, marked parts bold."""
    return "".join(_element(part, strong) for part, strong in spans(text))


def units(text: str) -> int:
    """The length of a text without its marks, as Telegram counts it."""
    return sum(1 + (character > "\uffff") for character in plain(text))


def split(text: str, limit: int = MAX_TEXT) -> list[str]:
    """Cut a marked text into parts of at most `limit` units; none when nothing can be seen of it."""
    parts = [part for part in _parts(text, limit) if plain(part).strip()]
    if any(len(to_html(part).encode()) > MAX_HTML_BYTES for part in parts):
        return split(text, limit // 2)
    return parts


def _element(part: str, strong: bool) -> str:
    escaped = html.escape(part, quote=False)
    return f"<b>{escaped}</b>" if strong else escaped


def _parts(text: str, limit: int) -> Iterator[str]:
    """What is bold across a cut is bold on both sides."""
    rest = spans(text)
    while rest:
        length = _first_length("".join(part for part, _ in rest), limit)
        taken, rest = _divide(rest, length)
        yield "".join(bold(part) if strong else part for part, strong in taken)


def _first_length(text: str, limit: int) -> int:
    """How many characters the first part takes."""
    fitting = _fitting(text, limit)
    if fitting == len(text):
        return fitting
    for cut in _CUTS:
        ends = [match.end() for match in cut.finditer(text, 0, fitting)]
        if ends and ends[-1] > fitting * _FULLEST:
            return ends[-1]
    return fitting


def _fitting(text: str, limit: int) -> int:
    """How many characters have at most `limit` units; at least one, or cutting would never end."""
    used = 0
    for position, character in enumerate(text):
        used += 1 + (character > "\uffff")
        if used > limit:
            return max(position, 1)
    return len(text)


def _divide(parts: list[Span], length: int) -> tuple[list[Span], list[Span]]:
    """The first `length` characters, and the rest."""
    taken: list[Span] = []
    for position, (part, strong) in enumerate(parts):
        if length < len(part):
            taken.append((part[:length], strong))
            return [span for span in taken if span[0]], [(part[length:], strong), *parts[position + 1 :]]
        taken.append((part, strong))
        length -= len(part)
    return taken, []
