"""Lists of places under a designation, and procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.model import PlaceList, Table
from knowledge.parsing.responsibility import departments, departments_quote

__all__ = ["PLACE", "departments", "departments_quote", "listed_in_tables", "place_lists", "procedure_steps"]

PLACE = re.compile(r"(?:自治区|旗|区|县|市|盟|镇|乡|苏木|村|嘎查|社区|街道|村委会|管委会)$")
AREA_GROUP = re.compile(r"^[\u4e00-\u9fff]{1,12}(?:旗|区|县|市|盟|镇|乡|苏木|街道)$")
_NUMBERED = r"(?:共|合计|计)?\s*(?P<n>\d+)\s*个(?:嘎查村|嘎查|村|苏木乡镇|苏木镇|苏木|乡镇|旗区|旗县)?"
_HEAD_ONLY = re.compile(rf"^(?P<name>[^，。：:；\d（(]{{2,30}}?)[（(]?{_NUMBERED}[）)]?[。：:，,]?\s*$")
_NAME_OF_HEAD = re.compile(
    rf"^(?P<name>[^，。：:；\d（(]{{2,30}}?)(?:[（(]?{_NUMBERED}[）)]?)?(?:[。，,；].*|分别是|分别为|包括|为|有|是)?$"
)
_NAMES = re.compile(r"^(?P<head>[^：:]{2,120})[：:]\s*(?P<names>[^：:]+?)[。；;.]?$")
_OPENING = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d+[.、．]|[-*•●·◆■]|——)\s*"
)
_PIECE = re.compile(r"[。；;]\s*")
_SEPARATOR = re.compile(r"[、，,]|\s{1,}")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_STEPS = re.compile(
    r"按照?(?P<steps>[^，。；：、]{2,14}(?:、[^，。；：、]{2,14}){2,})(?:的|等)+(?:程序|步骤|流程)"
)
_CHAIN = re.compile(r"(?P<steps>[^，。；：→\s]{2,14}(?:\s*(?:→|—>|->|－>)\s*[^，。；：→\s]{2,14}){2,})")
_VILLAGE_COLUMN = re.compile("嘎查|村名|村（|行政村|^村$|苏木乡镇|乡镇名|名单|地区名称")
_GROUP_COLUMN = re.compile("旗|县|区|盟市|苏木|乡镇|地区")
_KINDS = ("旗区", "旗县", "苏木乡镇", "苏木镇", "乡镇")  # of areas, so the head of a list of its own
_LISTS_PLACES = re.compile("(?:村|嘎查|苏木|镇|旗|名单)$")
_NO_HEADS = ("分别", "包括", "具体", "名单", "即", "其中")
MAX_PLACE = 14  # characters


def place_lists(paragraphs: Sequence[str], path: tuple[str, ...], title: str = "") -> Iterator[PlaceList]:
    """Lists in order; a heading such as `重点帮扶嘎查村67个。` names the groups that follow it."""
    own = _HEAD_ONLY.match(title)
    heading = (own["name"], int(own["n"])) if own else None
    if heading:
        yield PlaceList(heading[0], "", heading[1], (), path, title)
    for text in paragraphs:
        if "：" not in text and ":" not in text and "个" not in text[-8:]:
            continue
        for piece in _pieces(text):
            if only := _HEAD_ONLY.match(piece):
                heading = (only["name"].strip(), int(only["n"]))
                yield PlaceList(heading[0], "", heading[1], (), path, piece)
            elif listed := _listed(piece, heading, path):
                yield listed
                heading = heading if listed.group else None


def _pieces(text: str) -> list[str]:
    """A paragraph without its number, cut where it lists one group after the other."""
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    if text.count("：") + text.count(":") < 2 and not _opens_groups(text):
        return [text]
    return [piece for piece in _PIECE.split(text) if piece] if _is_grouped(text) else [text]


def _opens_groups(text: str) -> bool:
    """`重点帮扶嘎查村12个。达拉特旗3个：…`: a heading and its first group in one paragraph."""
    first, mark, rest = text.partition("。")
    return bool(mark and _HEAD_ONLY.match(first) and _has_short_head(rest))


def _is_grouped(text: str) -> bool:
    pieces = [piece for piece in _PIECE.split(text) if piece]
    return all(_HEAD_ONLY.match(piece) or _has_short_head(piece) for piece in pieces)


def _has_short_head(text: str) -> bool:
    """`达拉特旗3个：…`, not `分别是：…`."""
    found = _NAMES.match(text.split("；", maxsplit=1)[0].split("。", maxsplit=1)[0])
    head = _NAME_OF_HEAD.match(found["head"]) if found else None
    return bool(head and len(head["name"]) <= MAX_PLACE and not head["name"].startswith(_NO_HEADS))


def _listed(text: str, heading: tuple[str, int] | None, path: tuple[str, ...]) -> PlaceList | None:
    found = _NAMES.match(text)
    names = _places(found["names"]) if found else ()
    if not found or not names:
        return None
    name, stated = _head(found["head"])
    if AREA_GROUP.match(name) and not name.endswith(_KINDS):
        designation = heading[0] if heading else _designation_above(path)
        if designation:
            return PlaceList(designation, name, stated, names, path, text)
    return PlaceList(name, "", stated, names, path, text)


def _designation_above(path: tuple[str, ...]) -> str:
    """`二、示范嘎查村` over `（一）东胜区：…`: what the nearest heading above lists; "" for nothing."""
    bare = (_BRACKETED.sub("", _OPENING.sub("", heading)).strip() for heading in reversed(path))
    return next((heading for heading in bare if _LISTS_PLACES.search(heading)), "")


def _places(text: str) -> tuple[str, ...]:
    """The names, when most of them look like places; `锡尼镇、…、塔然高勒` may lack a suffix once."""
    parts = (_BRACKETED.sub("", part).strip() for part in _SEPARATOR.split(text))
    names = tuple(name for name in parts if name)
    if not names or any(len(name) > MAX_PLACE for name in names):
        return ()
    like = sum(bool(PLACE.search(name)) for name in names)
    return names if like * 2 > len(names) else ()


def _head(text: str) -> tuple[str, int | None]:
    found = _NAME_OF_HEAD.match(text)
    if not found:
        return text.strip(), None
    return found["name"].strip(), int(found["n"]) if found["n"] else None


def listed_in_tables(tables: Sequence[Table]) -> Iterator[PlaceList]:
    """A table whose rows name villages is a list, grouped by the column before them."""
    for table in tables:
        names = _place_column(table)
        if names is None:
            continue
        group = next((k for k in range(names) if _GROUP_COLUMN.search(table.header[k])), None)
        groups: dict[str, list[str]] = {}
        raw: dict[str, list[str]] = {}
        current = ""
        for row in table.rows:
            current = (row.cells[group] or current) if group is not None else ""
            groups.setdefault(current, []).extend(_places(row.cells[names]))
            raw.setdefault(current, []).append(row.raw)
        for name, places in groups.items():
            if places:
                unique = tuple(dict.fromkeys(places))
                yield PlaceList(table.title, name, None, unique, table.path, "\n".join(raw[name]))


def _place_column(table: Table) -> int | None:
    """The last column that is headed as places and holds nothing else."""
    for column in reversed(range(len(table.header))):
        cells = [row.cells[column] for row in table.rows if row.cells[column]]
        if cells and _VILLAGE_COLUMN.search(table.header[column]) and all(_places(cell) for cell in cells):
            return column
    return None


def procedure_steps(sentence: str) -> tuple[str, ...]:
    """`按照甲、乙、丙的程序` → its steps in order; () when the sentence orders none."""
    if found := _STEPS.search(sentence):
        return tuple(found["steps"].split("、"))
    if found := _CHAIN.search(sentence):
        return tuple(part.strip() for part in re.split(r"→|—>|->|－>", found["steps"]))
    return ()
