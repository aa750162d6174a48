"""One file → its documents: a notice carries annexes, each with its own title and outline."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Grid, Line, SourceText
from knowledge.parsing import numbering
from knowledge.parsing.dates import date_in_file_name, date_of
from knowledge.parsing.numbers import NUMBER, number_of

_ANNEX = re.compile(rf"附件\s*[\d{numbering.NUMERAL}]{{0,3}}\s*[：:]?$")
_ANNEX_WITH_TITLE = re.compile(
    rf"(附件[\d{numbering.NUMERAL}]{{0,3}})(?:[：:]|\s|(?<=\d))\s*(?=[^\d：:、.．])"
)
_NAMED = re.compile(r"《([^《》]{4,80})》")
_ADOPTED = re.compile(
    r"[（(][^（）()]*(?:\d|[一二三四五六七八九〇○])年[^（）()]*"
    r"(?:通过|修订|修正|公布|发布|印发|施行|起|日)[）)]$"
)
_RED_HEAD = re.compile(r"[\u4e00-\u9fff\s]{4,40}文件$")
_SECRECY = re.compile(
    "(?:签发人|密级|紧急程度|主送|发文机关|索引号|公开方式|发布日期|成文日期|发文字号|文号|来源)[：:]"
)
_GENRE = ("的通知", "的意见", "的决定", "的公告", "的批复", "的通告", "的函", "的报告")
_NOUNS = re.compile(
    "(?:办法|规定|细则|条例|法|意见|通知|方案|规划|计划|措施|制度|规则|规范|标准|准则|章程|目录|名单|清单|指标|"
    "一览表|明细表|表|图|范围|要点|纲要|解释|决定|报告|指南|规程|样式|图案|职责|说明)(?:[（(][^（）()]*[）)])?$"
)
_GOES_ON = ("的", "及", "和", "与", "暨", "、")
_END_OF_LINE = ("：", ":", "。", "；", "，")
_MAX_TITLE_LINES = 5
_BROKEN_TITLE = 45  # characters of a title line; longer lines are text
HEAD_LINES = 40  # where title, number and date are looked for
_WITHIN_ANNEX = 2  # lines that follow an annex's heading; a list of annexes has none


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one document with what its head says about it."""

    label: str
    title: str
    number: str | None
    date: dt.date | None
    blocks: tuple[Line | Grid, ...]


def split(source: SourceText) -> list[Part]:
    """At `附件N`, and at a title alone on a line that the notice has named in 《》."""
    bounds = [*_starts(source.blocks), len(source.blocks)]
    parts = [_part(source.blocks[a:b]) for a, b in itertools.pairwise(bounds)]
    parts = [part for part in parts if part.blocks or part.label or part.title] or [_part(source.blocks)]
    number = next((p.number for p in parts if p.number), None)
    date = next((p.date for p in parts if p.date), None) or date_in_file_name(source.path)
    fallback = source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return [Part(p.label, p.title or fallback, p.number or number, p.date or date, p.blocks) for p in parts]


def _starts(blocks: Sequence[Line | Grid]) -> Iterator[int]:
    yield 0
    named: set[str] = set()
    seen_text = after_annex = False
    annexes = _titled_annexes(blocks)
    for at, block in enumerate(blocks):
        if isinstance(block, Grid):
            continue
        text = block.text
        if len(text) > 2 * _BROKEN_TITLE:  # no heading is as long, and most lines of a law are
            seen_text = True
            if "《" in text and at < 4 * HEAD_LINES and len(named) < 50:
                named |= {_squeeze(found) for found in _NAMED.findall(text)}
            continue
        text = _squeeze(text)
        if not text:
            continue
        if at and (at in annexes or (text[:2] == "附件" and _ANNEX.match(text))):
            after_annex = True
            yield at
        elif text in named and seen_text and not after_annex:
            yield at
        elif len(named) < 50 and "《" in text and at < 4 * HEAD_LINES:
            named |= {_squeeze(found) for found in _NAMED.findall(text)}
        seen_text = seen_text or len(text) > _BROKEN_TITLE or text.endswith("。")


def _titled_annexes(blocks: Sequence[Line | Grid]) -> set[int]:
    """`附件1：某某办法` opens an annex where it stands for the last time and text follows."""
    texts = (block.text.strip() if isinstance(block, Line) else "\x00" for block in blocks)
    lines = [(at, text) for at, text in enumerate(texts) if text]
    last: dict[str, tuple[int, int]] = {}
    for position, (at, text) in enumerate(lines):
        if text[:2] == "附件" and len(text) <= 2 * _BROKEN_TITLE and not text.endswith("。"):
            found = _ANNEX_WITH_TITLE.match(text)
            label = found[1] if found else _squeeze(text).rstrip("：:")
            last[label] = (position, at) if found else (-1, -1)
    return {at for position, at in last.values() if position > 0 and _has_own_text(lines, position)}


def _has_own_text(lines: Sequence[tuple[int, str]], position: int) -> bool:
    after = [text for _, text in lines[position + 1 : position + 1 + _WITHIN_ANNEX]]
    signed = any(date_of([Line(text)], ()) for text in after)
    listed = any(text.startswith("附件") or re.match(r"\d[.．、]", text) for text in after[:1])
    return bool(after) and not signed and not listed


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _part(blocks: Sequence[Line | Grid]) -> Part:
    """Title, number and date stand in the first lines; a title may be broken over several."""
    head = [(k, b.text.strip()) for k, b in enumerate(blocks[:HEAD_LINES]) if isinstance(b, Line)]
    head = [(k, text) for k, text in head if text]
    label, title, at, head = _label(head, len(blocks))
    lines_of_title = 0
    for k, text in head:
        if _is_furniture(text):
            continue
        if lines_of_title == _MAX_TITLE_LINES or not _is_title_line(text, title):
            break
        title, at, lines_of_title = title + _squeeze(text.lstrip("# ")), k + 1, lines_of_title + 1
        if text.startswith("#") or title.endswith(_GENRE):
            break
    first = blocks[0] if blocks else None
    if not title and isinstance(first, Grid):  # a sheet has no other
        title = _squeeze(first.title)
    lines = [text for _, text in head]
    title = _ADOPTED.sub("", title)
    return Part(label, title, number_of(lines), date_of(blocks, lines), tuple(blocks[at:]))


def _label(head: list[tuple[int, str]], end: int) -> tuple[str, str, int, list[tuple[int, str]]]:
    """`附件2` and the title behind it, where the text goes on, and the lines that are left of the head."""
    if not head:
        return "", "", 0, head
    at, first = head[0]
    if _ANNEX.match(_squeeze(first)):
        return _squeeze(first).rstrip("：:"), "", head[1][0] if len(head) > 1 else end, head[1:]
    if found := _ANNEX_WITH_TITLE.match(first):
        return found[1], _squeeze(first[found.end() :]), at + 1, head[1:]
    return "", "", 0, head


def _is_furniture(text: str) -> bool:
    """Lines around a title that are no part of it: red head, number, who signed."""
    squeezed = _squeeze(text)
    return bool(NUMBER.fullmatch(squeezed) or _RED_HEAD.fullmatch(text) or _SECRECY.match(squeezed)) or (
        not squeezed.strip("-—_=*★") or squeezed.startswith("<!--")
    )


def _is_title_line(text: str, title: str) -> bool:
    if text.startswith("# "):
        return not title
    if text.startswith("#") or text.endswith(_END_OF_LINE) or "\t" in text or len(text) > _BROKEN_TITLE * 2:
        return False
    if _ADOPTED.fullmatch(text) or numbering.opener(text) or date_of([Line(text)], ()):
        return False
    if title and (text.startswith(("（", "(")) or _NAMED.fullmatch(text)):
        return False
    if _NOUNS.search(title) and not text.startswith(_GOES_ON):
        return False
    return len(text) <= _BROKEN_TITLE or not title
