"""HTML parse mode, as strict as the real server: a closed list of tags, every tag closed in order.

It follows `parse_html` of TDLib; byte offsets are those of the UTF-8 text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=]*")
_EXPANDABLE = re.compile(r"expandable(?=[\s>])")
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


class MarkupError(Exception):
    """The text can't be parsed; the message is the part after "can't parse entities: "."""


@dataclass(frozen=True)
class _Open:
    tag: str
    argument: str
    start: int
    """In UTF-16 code units of the plain text."""
    part: int
    """Where its content starts in the list of plain parts."""


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities of a text with tags.

    Raises:
        MarkupError: a tag that isn't on the list, isn't closed, or closes in the wrong order.
    """
    if "<" not in html and "&" not in html:
        return html, []
    return _Parser(html).run()


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        while (found := self._next_special()) < len(self.html):
            self._plain(self.html[self.at : found])
            self.at = found
            if self.html[found] == "&":
                self._plain(self._reference())
            elif self.html.startswith("</", found):
                self._end_tag()
            else:
                self._start_tag()
        self._plain(self.html[self.at :])
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _next_special(self) -> int:
        places = (self.html.find(mark, self.at) for mark in "<&")
        return min((place for place in places if place >= 0), default=len(self.html))

    def _plain(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def _reference(self) -> str:
        """The character meant by the reference here; an unknown one stands for itself."""
        match = _REFERENCE.match(self.html, self.at)
        character = _character(match) if match else ""
        self.at = match.end() if match and character else self.at + 1
        return character or "&"

    def _start_tag(self) -> None:
        begin = self.at
        tag = self._word(_NAME, begin + 1).lower()
        if self.at >= len(self.html):
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in ENTITY_OF_TAG:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append(_Open(tag, argument, self.length, len(self.parts)))

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        tag = self._word(_NAME, begin + 2).lower()
        self._skip_space()
        if self.html[self.at : self.at + 1] != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise MarkupError(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.length > opened.start:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind = ENTITY_OF_TAG[opened.tag]
        entity = {"type": kind, "offset": opened.start, "length": self.length - opened.start}
        if kind == "text_link":
            entity["url"] = opened.argument or "".join(self.parts[opened.part :])
            if "." not in str(entity["url"]) and "://" not in str(entity["url"]):
                return  # the real server drops a link that is none, the text stays
        elif kind == "custom_emoji":
            if not opened.argument.isdigit():
                raise MarkupError("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        elif kind == "blockquote" and opened.argument == "expandable":
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def _attributes(self, tag: str, begin: int) -> str:
        """Reads up to and with ">"; the one attribute that means something for the tag, or ""."""
        argument = ""
        while True:
            self._skip_space()
            if self.at >= len(self.html):
                raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if self.html[self.at] == ">":
                self.at += 1
                return argument
            argument = self._attribute(tag, begin) or argument

    def _attribute(self, tag: str, begin: int) -> str:
        if tag == "blockquote" and (match := _EXPANDABLE.match(self.html, self.at)):
            self.at = match.end()
            return "expandable"
        name = self._word(_ATTRIBUTE_NAME, self.at)
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
        self._skip_space()
        if self.html[self.at : self.at + 1] != "=":
            raise MarkupError(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                f"at byte offset {self._byte(begin)}"
            )
        self.at += 1
        self._skip_space()
        return _meaning(tag, name, self._value(tag, begin))

    def _value(self, tag: str, begin: int) -> str:
        if self.at >= len(self.html):
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        quote = self.html[self.at]
        if quote not in "'\"":
            start = self.at
            token = self._word(_TOKEN, start).lower()
            if self.at < len(self.html) and not re.match(r"[\s>]", self.html[self.at]):
                raise MarkupError(f"Unexpected end of name token at byte offset {self._byte(start)}")
            return token
        end = self.html.find(quote, self.at + 1)
        if end < 0:
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        raw = self.html[self.at + 1 : end]
        self.at = end + 1
        return _REFERENCE.sub(lambda match: _character(match) or match[0], raw)

    def _word(self, pattern: re.Pattern[str], at: int) -> str:
        match = pattern.match(self.html, at)
        assert match  # each pattern fits the empty text
        self.at = match.end()
        return match[0]

    def _skip_space(self) -> None:
        self._word(_SPACE, self.at)

    def _byte(self, at: int) -> int:
        return len(self.html[:at].encode())


def _meaning(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
