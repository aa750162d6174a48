"""Word's automatic numbering: the labels that stand on the page but not in the text.

Source: ECMA-376-1:2016, 17.9 Numbering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from docx.oxml.ns import qn

from knowledge.reading.numerals import printed

LEVELS = 9
PLACEHOLDER = re.compile(r"%([1-9])")
DASHES = re.compile(r"[—–-]+")
MAX_STYLE_CHAIN = 50
VAL = qn("w:val")

# lxml has no types: an element of the document is Any.
Element = Any


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered. `restart_after` is the 1-based level that resets it; 0: never."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart_after: int | None = None
    is_legal: bool = False
    has_gap: bool = True
    style: str = ""


@dataclass(slots=True)
class _List:
    """A numbering instance: its levels, and the counters that it shares with others."""

    levels: dict[int, Level]
    counters: list[int | None]
    overrides: dict[int, int] = field(default_factory=dict)  # level → start, applied at its first use


class Numbering:
    """Labels for the paragraphs of one document, asked for in document order."""

    def __init__(self, numbering: Element | None, styles: Element) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in styles.iterchildren(qn("w:style"))}
        self._default_style = next(
            (key for key, style in self._styles.items() if _is_default_paragraph(style)), None
        )
        self._lists = _lists(numbering, self._styles) if numbering is not None else {}

    def style_name(self, paragraph: Element) -> str:
        """The name of the paragraph's style, "" without one."""
        style = self._styles.get(self._style_id(paragraph))
        return _value(style, "w:name") or "" if style is not None else ""

    def label(self, paragraph: Element) -> str:
        """The printed label with the gap that separates it from the text; "" if there is none.

        Counts: ask once for each paragraph.
        """
        list_id, level = self._place(paragraph)
        found = self._lists.get(list_id or "")
        if found is None or level not in found.levels:
            return ""
        _advance(found, level)
        return _label(found, level)

    def _style_id(self, paragraph: Element) -> str | None:
        return _value(paragraph.find(qn("w:pPr")), "w:pStyle") or self._default_style

    def _place(self, paragraph: Element) -> tuple[str | None, int]:
        """The list and the level of a paragraph: its own, or those of its style."""
        list_id, level = _num_pr(paragraph)
        style_id = self._style_id(paragraph)
        for _ in range(MAX_STYLE_CHAIN):
            style = self._styles.get(style_id)
            if style is None or (list_id is not None and level is not None):
                break
            style_list, style_level = _num_pr(style)
            if list_id is None and style_list is not None:
                list_id = style_list
                style_level = self._level_of_style(style_list, style_id, style_level)
            level = style_level if level is None else level
            style_id = _value(style, "w:basedOn")
        return list_id, level or 0

    def _level_of_style(self, list_id: str, style_id: str | None, level: int | None) -> int | None:
        """A level may name its style, and then the style need not name its level."""
        found = self._lists.get(list_id)
        if level is not None or found is None:
            return level
        return next((index for index, entry in found.levels.items() if entry.style == style_id), None)


def _advance(numbered: _List, level: int) -> None:
    counters = numbered.counters
    current = counters[level]
    override = numbered.overrides.pop(level, None)
    if override is not None:
        counters[level] = override
    else:
        counters[level] = numbered.levels[level].start if current is None else current + 1
    for index in range(level):
        if counters[index] is None:
            counters[index] = numbered.levels.get(index, Level()).start
    for index in range(level + 1, LEVELS):
        after = numbered.levels.get(index, Level()).restart_after
        if after is None or 0 < level + 1 <= after:
            counters[index] = None


def _label(numbered: _List, level: int) -> str:
    entry = numbered.levels[level]
    if entry.format == "bullet":
        return entry.text if DASHES.fullmatch(entry.text) else ""

    def number(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        number_format = numbered.levels.get(index, Level()).format
        if entry.is_legal and number_format != "decimalZero":
            number_format = "decimal"
        return printed(numbered.counters[index] or 0, number_format)

    label = PLACEHOLDER.sub(number, entry.text)
    # “1.” and “5亿元” must not become 1.5亿元; after 、 and ） nothing is written, as in typed labels.
    gap = entry.has_gap and label[-1:] not in ("、", "）", ")", "．", "")
    return f"{label} " if gap or label[-1:].isdigit() or label.endswith(".") else label


# --- reading numbering.xml --------------------------------------------------------------------


def _lists(numbering: Element, styles: dict[str, Element]) -> dict[str, _List]:
    abstracts = {
        node.get(qn("w:abstractNumId")): node for node in numbering.iterchildren(qn("w:abstractNum"))
    }
    instances = {node.get(qn("w:numId")): node for node in numbering.iterchildren(qn("w:num"))}
    counters: dict[str | None, list[int | None]] = {key: [None] * LEVELS for key in abstracts}
    lists = {}
    for list_id, instance in instances.items():
        key = _value(instance, "w:abstractNumId")
        key = _linked(key, abstracts, instances, styles)
        if list_id and list_id != "0" and key in abstracts:
            lists[list_id] = _list(instance, abstracts[key], counters[key])
    return lists


def _linked(
    key: str | None, abstracts: dict[str, Element], instances: dict[str, Element], styles: dict[str, Element]
) -> str | None:
    """Follow w:numStyleLink: a definition that only points to the list of a style."""
    link = _value(abstracts.get(key or ""), "w:numStyleLink")
    if not link or link not in styles:
        return key
    list_id, _ = _num_pr(styles[link])
    return _value(instances.get(list_id or ""), "w:abstractNumId") or key


def _list(instance: Element, abstract: Element, counters: list[int | None]) -> _List:
    levels = {}
    for node in abstract.iterchildren(qn("w:lvl")):
        levels[_level_index(node)] = _level(node, Level())
    overrides = {}
    for node in instance.iterchildren(qn("w:lvlOverride")):
        index = _level_index(node)
        replaced = node.find(qn("w:lvl"))
        if replaced is not None:
            levels[index] = _level(replaced, levels.get(index, Level()))
        start = _value(node, "w:startOverride")
        if start is not None:
            overrides[index] = int(start)
    return _List(levels, counters, overrides)


def _level(node: Element, base: Level) -> Level:
    start, restart = _value(node, "w:start"), _value(node, "w:lvlRestart")
    legal = node.find(qn("w:isLgl"))
    return replace(
        base,
        start=int(start) if start is not None else base.start,
        format=_value(node, "w:numFmt") or "decimal",
        text=_value(node, "w:lvlText") or "",
        restart_after=int(restart) if restart is not None else None,
        is_legal=legal is not None and legal.get(VAL) not in ("0", "false"),
        has_gap=_value(node, "w:suff") != "nothing",
        style=_value(node, "w:pStyle") or "",
    )


def _level_index(node: Element) -> int:
    return min(max(int(node.get(qn("w:ilvl"), "0")), 0), LEVELS - 1)


def _num_pr(node: Element) -> tuple[str | None, int | None]:
    properties = node.find(qn("w:pPr"))
    entry = properties.find(qn("w:numPr")) if properties is not None else None
    level = _value(entry, "w:ilvl")
    return _value(entry, "w:numId"), None if level is None else min(max(int(level), 0), LEVELS - 1)


def _is_default_paragraph(style: Element) -> bool:
    return style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true")


def _value(node: Element | None, tag: str) -> str | None:
    child = node.find(qn(tag)) if node is not None else None
    value = child.get(VAL) if child is not None else None
    return None if value is None else str(value)
