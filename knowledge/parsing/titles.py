"""The title of a unit: on a line of its own, as the first sentence of its text, or over two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.model import Grid
from knowledge.parsing.marks import SENTENCE_END, Mark
from knowledge.parsing.numbering import ANNEX, ARTICLE, BOX, ITEM, LIST, POINT, SECTION, Opener

MAX_TITLE = 40  # characters; a longer first sentence is text, not a title
_BREAKS = re.compile(r"[。；：，,;:]")
_SPACES = re.compile(r"\s+")
_NAMED = re.compile(r"[【（(]([^】）)]{2,30})[】）)]")
_SPACED_OUT = 12  # characters: `背 景`, `附　则` are spread for looks, longer titles keep their spaces


def title_and_body(
    opener: Opener, rest: str, following: Sequence[Mark | Grid], is_heading: bool
) -> tuple[str, str]:
    """`（一）优化产业布局。指导…` → (`优化产业布局`, all of it); a line without text is title only."""
    if opener.rank == BOX or opener.rank <= SECTION or is_heading:
        return _tight(rest), ""
    if opener.rank == ARTICLE:
        named = _NAMED.match(rest)
        return (named[1] if named and len(rest) > named.end() else ""), rest
    found = _BREAKS.search(rest)
    if not found:
        short = len(rest) <= MAX_TITLE and (opener.rank in (LIST, ITEM) or _has_content(opener, following))
        return (_tight(rest), "") if short else ("", rest)
    if found[0] == "。" and found.start() <= MAX_TITLE and found.end() < len(rest):
        return rest[: found.start()], rest
    if found[0] in "：:" and opener.rank >= POINT and found.start() <= MAX_TITLE:
        return rest[: found.start()], rest
    return "", rest


def _tight(title: str) -> str:
    return _SPACES.sub("", title) if len(title) < _SPACED_OUT and not title.isascii() else title


def _has_content(opener: Opener, following: Sequence[Mark | Grid]) -> bool:
    """A short line is a title if text or a deeper unit follows, and an entry of a list if not."""
    after = following[0] if following else None
    if not isinstance(after, Mark) or after.tabbed:
        return False
    if after.opener is None:
        return after.line.text.endswith(SENTENCE_END)
    return opener.rank < after.opener.rank < BOX


def continuation(rank: float, following: Sequence[Mark | Grid]) -> Mark | None:
    """The second half of a title broken over two lines: short, ends no sentence, and a unit follows."""
    line = following[0] if following else None
    if rank > LIST or not isinstance(line, Mark) or line.opener or line.tabbed or line.heading_level:
        return None
    text = line.line.text
    if len(text) > MAX_TITLE or _BREAKS.search(text) or text.endswith(SENTENCE_END):
        return None
    if rank == ANNEX:
        return line
    after = following[1] if len(following) > 1 else None
    opens_inside = isinstance(after, Mark) and after.opener is not None and after.opener.rank > rank
    return line if opens_inside else None
