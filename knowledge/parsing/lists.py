"""Lists of places under a designation, procedures, and departments responsible for a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.model import PlaceList

PLACE = re.compile(r"(?:自治区|旗|区|县|市|盟|镇|乡|苏木|村|嘎查|社区|街道)$")
AREA_GROUP = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:旗|区|县|市|盟|镇|乡|苏木)$")
_STATED = re.compile(r"(\d+)\s*个")
_NAMES = re.compile(r"^(?P<head>[^：:]{2,120})[：:]\s*(?P<names>[^：:]+?)[。；;.]?$")
_HEAD_ONLY = re.compile(r"^(?P<name>[^，。：:；\d]{2,30}?)(?P<n>\d+)个[。：:]?\s*$")
_NAME_OF_HEAD = re.compile(r"^(?P<name>[^，。：:；\d]{2,30}?)(?:共?(?P<n>\d+)\s*个)?(?:[。，,；].*|分别是|包括|为|有)?$")
_STEPS = re.compile(r"按照?(?P<steps>[^，。；：、]{2,14}(?:、[^，。；：、]{2,14}){2,})(?:的|等)+(?:程序|步骤|流程)")
_DEPARTMENTS = re.compile(r"[（(](?P<names>[^（）()]{2,300}?)(?P<joint>按(?:照)?职责分工)?(?:共同|分别|牵头)?负责[）)]\s*$")
_LABELLED = re.compile(r"(?:责任单位|责任部门|牵头单位|牵头部门|配合单位|负责单位)[：:]\s*(?P<names>[^。；)）\n]{2,200})")
MIN_STEPS = 3
MAX_PLACE = 14  # characters


def place_lists(paragraphs: Sequence[str], path: tuple[str, ...]) -> Iterator[PlaceList]:
    """Lists in order; a heading such as `重点帮扶嘎查村67个。` names the groups that follow it."""
    heading: tuple[str, int] | None = None
    for text in paragraphs:
        if only := _HEAD_ONLY.match(text):
            heading = (only["name"], int(only["n"]))
            yield PlaceList(only["name"], "", heading[1], (), path, text)
            continue
        found = _NAMES.match(text)
        names = _places(found["names"]) if found else ()
        if not found or not names:
            continue
        name, stated = _head(found["head"])
        if heading and AREA_GROUP.match(name):
            yield PlaceList(heading[0], name, stated, names, path, text)
        else:
            heading = None
            yield PlaceList(name, "", stated, names, path, text)


def _places(text: str) -> tuple[str, ...]:
    """The names, when most of them look like places; `锡尼镇、…、塔然高勒` may lack a suffix once."""
    names = tuple(n for n in (part.strip() for part in re.split(r"[、，,]", text)) if n)
    if not names or any(len(n) > MAX_PLACE for n in names):
        return ()
    like = sum(bool(PLACE.search(n)) for n in names)
    return names if like * 2 > len(names) else ()


def _head(text: str) -> tuple[str, int | None]:
    found = _NAME_OF_HEAD.match(text)
    if not found:
        return text.strip(), None
    return found["name"].strip(), int(found["n"]) if found["n"] else None


def procedure_steps(sentence: str) -> tuple[str, ...]:
    """`按照甲、乙、丙的程序` → its steps in order; () when the sentence orders none."""
    found = _STEPS.search(sentence)
    return tuple(found["steps"].split("、")) if found else ()


def departments(text: str) -> tuple[str, ...]:
    """The bodies named as responsible at the end of a clause, in the order and wording printed."""
    found = _DEPARTMENTS.search(text)
    if found:
        return _bodies(found["names"])
    return tuple(name for labelled in _LABELLED.finditer(text) for name in _bodies(labelled["names"]))


def departments_quote(text: str) -> str:
    """The responsibility note as printed, brackets included; "" when there is none."""
    found = _DEPARTMENTS.search(text) or _LABELLED.search(text)
    return found[0].strip() if found else ""


def _bodies(text: str) -> tuple[str, ...]:
    return tuple(n for n in (part.strip() for part in re.split(r"[、，,;；]", text)) if n)
