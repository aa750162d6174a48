"""The library as lists to choose from, for those who would rather tap than type.

    root = shelf(library)
    trail = walk(root, (INDICATORS, 3, 1))     # root → 查指标 → 治理有效 → 第33项
    trail[-1].answer().answer.text             # what asking for it would have given

Every entry is found again by its path: the place in each list on the way. A path holds as long as
the documents stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from knowledge.browse.documents import documents
from knowledge.browse.entry import Entry, Said
from knowledge.browse.indicators import indicators, path_of
from knowledge.browse.lists import lists
from knowledge.library import KnowledgeBase

POLICIES, INDICATORS, LISTS = range(3)  # the first step of a path

__all__ = ["INDICATORS", "LISTS", "POLICIES", "Entry", "Said", "path_of_indicator", "shelf", "walk"]


def shelf(library: KnowledgeBase) -> Entry:
    """The root: what there is of each kind. In a large library only documents are to be chosen from."""
    return Entry("", below=lambda: [Entry("", below=partial(kind, library)) for kind in _KINDS])


_KINDS = (documents, indicators, lists)


def walk(root: Entry, path: Sequence[int]) -> list[Entry] | None:
    """The entries on the way, the root first; None where the path leads nowhere."""
    trail = [root]
    for place in path:
        below = trail[-1].below()
        if place >= len(below):
            return None
        trail.append(below[place])
    return trail


def path_of_indicator(library: KnowledgeBase, number: int) -> tuple[int, ...] | None:
    """The path of the first row with this number."""
    found = path_of(library, number)
    return (INDICATORS, *found) if found else None
