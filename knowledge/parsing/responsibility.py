"""Which bodies a clause names as responsible, at its end or after a label."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DEPARTMENTS = re.compile(
    r"[（(](?P<names>[^（）()]{2,300}?)(?:按(?:照)?(?:各自)?职责(?:分工)?)?"
    r"(?:共同|分别|牵头|具体|组织)?负责(?:落实|实施)?[）)][。；]?\s*$"
)
_LED = re.compile(
    r"[（(](?P<names>[^（）()，；]{2,60}?)(?:负责)?牵头(?:负责)?[，,；](?P<others>[^（）()]{2,300}?)(?:等?(?:部门|单位)?)"
    r"(?:(?:按职责分工)?(?:配合|参与|协同|负责)+)[）)][。；]?\s*$"
)
_LED_IN_TEXT = re.compile(
    r"由(?P<names>[^，。；（）由]{2,40}?)(?:负责)?牵头(?:负责)?[，,](?P<others>[^，。；（）]{2,200}?)(?:等(?:部门|单位))?"
    r"(?:配合|参与|协同)(?:实施|落实|负责)?。?$"
)
_BARE = re.compile(r"[（(](?P<names>[^（）()]{3,300})[）)]\s*$")
_ORGAN = re.compile("(?:局|厅|委|办|部|政府|院|联合会|供销社|法院|检察院|总队|中心|公司)$")
_LABEL = (
    r"(?:主要|第一)?(?:责任|牵头|配合|负责|主责|参与|协同|协办|主办|实施|落实|参加)(?:责任)?"
    r"(?:单位|部门)(?:及(?:配合)?(?:单位|部门))?"
)
_LABELLED = re.compile(
    rf"{_LABEL}\s*[：:]\s*(?P<names>.{{2,300}}?)"
    rf"(?=[。；;）)\]】\n]|\s+{_LABEL}|[，,、]?{_LABEL}\s*[：:]|$)"
)
_SEPARATOR = re.compile(r"[、，,;；/]|\s{2,}|(?<=[局委办厅部院会社])[和及与](?=[\u4e00-\u9fff]{2,})")
_NOTE = re.compile("负责[^）)]{0,4}[）)]|(?:单位|部门)\\s*[：:]|(?:配合|参与|协同)[^，。]{0,4}(?:[）)]|。?$)")
_MAX_NAME = 30  # characters


def departments(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The bodies named as responsible at the end of a clause, in the order and wording printed."""
    names: list[str] = []
    for text in paragraphs[-3:]:  # 牵头 and 配合 may stand on lines of their own
        if text.endswith(("）", ")")) or _NOTE.search(text, max(len(text) - 400, 0)):
            names += _named_in(text, last=text is paragraphs[-1])
    return tuple(dict.fromkeys(names))


def _named_in(text: str, *, last: bool) -> tuple[str, ...]:
    if last and (found := _LED.search(text) or _LED_IN_TEXT.search(text)):
        return _bodies(found["names"] + "、" + found["others"])
    if last and (found := _DEPARTMENTS.search(text)):
        return _bodies(found["names"])
    labelled = [name for found in _LABELLED.finditer(text) for name in _bodies(found["names"])]
    return tuple(labelled) or (_bare_bodies(text) if last else ())


def _bare_bodies(text: str) -> tuple[str, ...]:
    """`（市农牧局、市财政局）`: brackets at the end of a clause that hold nothing but bodies."""
    found = _BARE.search(text)
    names = _bodies(found["names"]) if found else ()
    return names if all(_ORGAN.search(name) for name in names) else ()


def departments_quote(text: str) -> str:
    """The responsibility note as printed, brackets included; "" when there is none."""
    found = _LED.search(text) or _LED_IN_TEXT.search(text) or _DEPARTMENTS.search(text)
    if found:
        return found[0].strip()
    labelled = list(_LABELLED.finditer(text))
    if labelled:
        return text[labelled[0].start() : labelled[-1].end()].strip()
    bare = _BARE.search(text)
    return bare[0].strip() if bare and _bare_bodies(text) else ""


def _bodies(text: str) -> tuple[str, ...]:
    names = (part.strip(" \u3000").removeprefix("由").removesuffix("等") for part in _SEPARATOR.split(text))
    return tuple(name for name in names if name and len(name) <= _MAX_NAME)
