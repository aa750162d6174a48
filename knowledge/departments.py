"""Departments as printed, as one body each, and as people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from knowledge.lexicon import Lexicon
from knowledge.text import squeeze

_PREFIX = re.compile("^(?:内蒙古自治区|自治区|内蒙古|中国)(?=.{2})")
_REMARK = re.compile(r"[（(].*?[）)]|提供数据$")
# The same body under two printed names, where neither is a shortened form of the other.
_LONG_FORMS = {
    "人力资源和社会保障厅": "人社厅",
    "交通厅": "交通运输厅",
    "发改委": "发展改革委",
    "国家统计局": "国家统计局内蒙古调查总队",
    "调查总队": "国家统计局内蒙古调查总队",
    "国家统计局内蒙古调查总队": "国家统计局内蒙古调查总队",
}
_PARTY = ("组织部", "宣传部", "农牧办", "网信办", "编办", "政法委")


def canonical(printed: str) -> str:
    """One name for a body: `自治区党委组织部`, `组织部` → `党委组织部`; `内蒙古银保监局` → `银保监局`."""
    name = _REMARK.sub("", printed).strip()
    bare = _PREFIX.sub("", name)
    if bare in _PARTY:
        bare = "党委" + bare
    return _LONG_FORMS.get(name) or _LONG_FORMS.get(bare, bare)


class DepartmentNames:
    """Finds the departments of a library in a question."""

    def __init__(self, printed: Iterable[str], lexicon: Lexicon) -> None:
        printed = tuple(printed)
        names = {canonical(name): None for name in printed}
        self.known = tuple(names)
        self._lexicon = lexicon
        forms = {squeeze(name): canonical(name) for name in printed}
        for name in names:
            forms[squeeze(name)] = name
            if name.startswith("党委"):
                forms[squeeze(name[2:])] = name
            if name.endswith(("厅", "局", "委", "办")) and len(name) > 3:
                forms.setdefault(squeeze(name[:-1]), name)
        forms["调查总队"] = forms.get("国家统计局内蒙古调查总队", "国家统计局内蒙古调查总队")
        self._find = lru_cache(maxsize=64)(self._found)  # several kinds of answer ask for one question
        self._forms = sorted(forms.items(), key=lambda item: -len(item[0]))

    def find(self, text: str) -> tuple[tuple[str, str], ...]:
        """(canonical name, the words used), by place; a shorter name inside a longer one does not count."""
        return self._find(text)

    def _found(self, text: str) -> tuple[tuple[str, str], ...]:
        taken: list[tuple[int, int, str, str]] = []
        for form, name in self._forms:
            at = text.find(form)
            while at >= 0:
                _take(taken, at, at + len(form), name, form)
                at = text.find(form, at + 1)
        for name in self.known:
            for start in _nearly(name, text):
                _take(taken, start, start + len(name), name, text[start : start + len(name)])
        for expansion in self._lexicon.expansions(text):
            if expansion.section == "departments" and canonical(expansion.term) in self.known:
                _take(taken, expansion.start, expansion.end, canonical(expansion.term), expansion.word)
        found_names = {name: word for _, _, name, word in sorted(taken)}
        return tuple(found_names.items())


def _nearly(name: str, text: str) -> Iterator[int]:
    """Where a long name stands with one character wrong."""
    size = len(name)
    half = size // 2
    if size < 5 or (name[:half] not in text and name[half:] not in text):
        return  # with one character wrong, one half is right
    for start in range(len(text) - size + 1):
        if sum(a != b for a, b in zip(name, text[start : start + size], strict=True)) == 1:
            yield start


def _take(taken: list[tuple[int, int, str, str]], start: int, end: int, name: str, word: str) -> None:
    overlapping = [t for t in taken if start < t[1] and t[0] < end]
    if all(end - start > t[1] - t[0] for t in overlapping):
        for other in overlapping:
            taken.remove(other)
        taken.append((start, end, name, word))


def same_bodies(names: Sequence[str]) -> frozenset[str]:
    """Canonical names of several printed ones."""
    return frozenset(canonical(name) for name in names)
