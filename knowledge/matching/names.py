"""What a name is made of: the core that tells it apart, the suffix of its kind, its spellings."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from knowledge.text import normalise, squeeze

# Suffixes by the kind of body; the longest that fits is taken off. 嘎查村 and 村委会 are written for
# the same body as 嘎查 and 村, so they share a kind.
_KINDS: dict[str, tuple[str, ...]] = {
    "嘎查": ("嘎查村民委员会", "嘎查村委员会", "嘎查村委会", "嘎查委员会", "嘎查委会", "嘎查村", "嘎查"),
    "村": ("村村民委员会", "村民委员会", "村村委会", "村委会", "村委", "村"),
    "社区": ("社区居民委员会", "社区居委会", "居民委员会", "社区委员会", "居委会", "社区"),
    "街道": ("街道办事处", "街道办", "街道", "办事处"),
    "镇": ("镇人民政府", "镇政府", "镇"),
    "苏木": ("苏木人民政府", "苏木政府", "苏木"),
    "乡": ("民族乡", "乡人民政府", "乡政府", "乡"),
    "旗": ("自治旗", "旗"),
    "区": ("区",),
    "县": ("县",),
    "市": ("市",),
    "盟": ("盟",),
}
_LEVELS = {
    **dict.fromkeys(("嘎查", "村", "社区"), "village"),
    **dict.fromkeys(("街道", "镇", "苏木", "乡"), "township"),
    **dict.fromkeys(("旗", "区", "县"), "banner"),
    **dict.fromkeys(("市", "盟"), "league"),
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}
SUFFIXES = tuple(sorted(_KIND_OF, key=len, reverse=True))
_LONGEST = len(SUFFIXES[0])
_PLAIN = re.compile("[\u4e00-\u9fff]+")


class Name(NamedTuple):  # a tuple, because the register makes 16,000 of them at once
    """A name taken apart: 圐圙嘎查村委会 is the core 圐圙 and the kind 嘎查."""

    text: str
    core: str
    kind: str

    @property
    def level(self) -> str:
        """village, township, banner or league by the suffix; "" without one."""
        return _LEVELS.get(self.kind, "")


@cache
def _variants() -> tuple[re.Pattern[str], dict[str, str], dict[int, str]]:
    with Path(__file__).with_name("variants.toml").open("rb") as file:
        data = tomllib.load(file)
    first = {word: group[0] for group in data["groups"] for word in group}
    words = "|".join(sorted(first, key=len, reverse=True))
    characters = {ord(c): group[0] for group in data["characters"] for c in group}
    return re.compile(words), first, characters


def canonical(core: str) -> str:
    """The core with every known word and character in its first spelling."""
    words, first, characters = _variants()
    text = words.sub(lambda match: first[match[0]], core)
    return text.translate(characters)


def tidy(text: str) -> str:
    """Width, case, spaces, quotation marks and punctuation do not tell names apart."""
    if _PLAIN.fullmatch(text):  # nearly every name; spares the register 0.1 s
        return text
    return squeeze(normalise(text))


def split_suffix(text: str) -> tuple[str, str]:
    """A tidy name as core and kind; the kind is "" when it has no suffix.

    The core keeps at least one character: 嘎查 alone is no name with an empty core.
    """
    for size in range(min(len(text) - 1, _LONGEST), 0, -1):
        if kind := _KIND_OF.get(text[-size:]):
            return text[:-size], kind
    return text, ""


def parse_name(text: str) -> Name:
    """Take a name apart, in whatever width, case or spacing it was typed."""
    text = tidy(text)
    return Name(text, *split_suffix(text))
