"""One file → its documents: a notice carries annexes, each with its own title and outline."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Grid, Line, SourceText
from knowledge.parsing import numbering

_ANNEX = re.compile(rf"附件\s*[\d{numbering.NUMERAL}]{{0,3}}\s*[：:]?$")
_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,15}[〔\[［(（]\s*(?:19|20)\d\d\s*[〕\]］)）]\s*第?\s*\d+\s*号")
_DATE = re.compile(r"((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_NAMED = re.compile(r"《([^《》]{4,80})》")
_BROKEN_TITLE = 45  # characters of a title line; longer lines are text
HEAD_LINES = 40  # where title, number and date are looked for


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one document with what its head says about it."""

    label: str
    title: str
    number: str | None
    date: dt.date | None
    blocks: tuple[Line | Grid, ...]


def split(source: SourceText) -> list[Part]:
    """At `附件N` alone on a line, and at a title alone on a line that the notice has named in 《》."""
    starts = list(_starts(source.blocks))
    bounds = [*starts, len(source.blocks)]
    parts = [_part(source.blocks[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    parts = [part for part in parts if part.blocks] or [_part(source.blocks)]
    number = next((p.number for p in parts if p.number), None)
    date = next((p.date for p in parts if p.date), None)
    fallback = source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return [
        Part(p.label, p.title or fallback, p.number or number, p.date or date, p.blocks) for p in parts
    ]


def _starts(blocks: Sequence[Line | Grid]) -> Iterator[int]:
    yield 0
    named: set[str] = set()
    seen_text = after_annex = False
    for at, block in enumerate(blocks):
        if isinstance(block, Grid):
            continue
        text = _squeeze(block.text)
        if not text:
            continue
        if _ANNEX.match(text) and at:
            after_annex = True
            yield at
        elif text in named and seen_text and not after_annex:
            yield at
        elif len(named) < 50 and "《" in text and at < 4 * HEAD_LINES:
            named |= {_squeeze(found) for found in _NAMED.findall(text)}
        seen_text = seen_text or len(text) > _BROKEN_TITLE


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _part(blocks: Sequence[Line | Grid]) -> Part:
    """Title, number and date stand in the first lines; a title may be broken over several."""
    label, title, at = "", "", 0
    head = [(k, b.text.strip()) for k, b in enumerate(blocks[:HEAD_LINES]) if isinstance(b, Line) and b.text.strip()]
    if head and _ANNEX.match(_squeeze(head[0][1])):
        label = _squeeze(head[0][1]).rstrip("：:")
        head = head[1:]
        at = head[0][0] if head else len(blocks)
    for k, text in head:
        if _NUMBER.fullmatch(_squeeze(text)):
            continue
        if not _is_title_line(text, title):
            break
        title, at = title + _squeeze(text.lstrip("# ")), k + 1
        if text.startswith("#") or title.endswith(("的通知", "的意见", "的决定", "的公告", "的批复")):
            break
    joined = "\n".join(text for _, text in head)
    number = _NUMBER.search(_squeeze(joined.replace("\n", "\x00")).replace("\x00", "\n"))
    title = re.sub(r"[（(][^（）()]*\d+年[^（）()]*[）)]$", "", title)
    return Part(label, title, number[0] if number else None, _date(joined, blocks), tuple(blocks[at:]))


def _is_title_line(text: str, title: str) -> bool:
    if text.startswith("# "):
        return not title
    if text.endswith(("：", ":", "。", "；", "，")) or "\t" in text or len(text) > _BROKEN_TITLE * 2:
        return False
    if numbering.opener(text) or _DATE.fullmatch(_squeeze(text)):
        return False
    return len(text) <= _BROKEN_TITLE or not title


def _date(head: str, blocks: Sequence[Line | Grid]) -> dt.date | None:
    """The date alone on a line (signature), else the first one in the head."""
    for block in blocks[: 4 * HEAD_LINES]:
        if isinstance(block, Line) and (found := _DATE.fullmatch(_squeeze(block.text))):
            return _valid_date(found)
    dates = [found for found in (_valid_date(m) for m in _DATE.finditer(head)) if found]
    return max(dates, default=None)


def _valid_date(found: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
