"""Banners → the lists under them → villages; and the same lists by designation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from knowledge.answers.places import one_place, whole_lists
from knowledge.answers.places.lists import category_of, is_banner_list, read_group
from knowledge.browse.entry import Entry, Said, said
from knowledge.facts import Facts
from knowledge.library import KnowledgeBase
from knowledge.model import Document, PlaceList

Listed = tuple[Document, PlaceList]


def lists(library: KnowledgeBase) -> list[Entry]:
    """The banners that the lists name, then all designations."""
    if library.is_large:
        return []
    facts = library.facts
    named = [(d, p) for d, p in facts.lists if p.names]
    return [
        *(_banner(facts, name) for name in _banners(named)),
        *(_designation(facts, name) for name in dict.fromkeys(p.designation for _, p in named)),
    ]


def _banners(named: Sequence[Listed]) -> list[str]:
    """Those that have a class of their own, then those that only group villages."""
    classed = [name for _, p in named if is_banner_list(p) for name in p.names]
    return list(dict.fromkeys([*classed, *(read_group(p) for _, p in named if p.group)]))


def _banner(facts: Facts, name: str) -> Entry:
    found = [(d, p) for d, p in facts.lists if p.names and read_group(p) == name]
    return Entry(
        name,
        below=partial(_lists_of, facts, found),
        answer=partial(_say_banner, facts, name, found),
    )


def _say_banner(facts: Facts, name: str, found: Sequence[Listed]) -> Said:
    question = f"{name}是哪一类旗区"
    category = category_of(facts, name)
    if category:
        return said(question, whole_lists.categories(facts, [(name, category)]), "places", name)
    return said(question, whole_lists.banner_list(facts.understand(question), facts, found), "places", name)


def _lists_of(facts: Facts, found: Sequence[Listed]) -> list[Entry]:
    return [_list(facts, document, listed, listed.designation) for document, listed in found]


def _list(facts: Facts, document: Document, listed: PlaceList, label: str) -> Entry:
    """The list of one designation in one banner."""
    return Entry(
        f"{label}（{len(listed.names)}个）",
        below=partial(_places, facts, [(document, listed)]),
        answer=partial(_say_list, facts, document, listed),
    )


def _say_list(facts: Facts, document: Document, listed: PlaceList) -> Said:
    banner = read_group(listed)
    question = f"{banner}有哪些{listed.designation}"
    answer = whole_lists.banner_list(facts.understand(question), facts, [(document, listed)])
    return said(question, answer, "places", banner)


def _designation(facts: Facts, name: str) -> Entry:
    found = [(d, p) for d, p in facts.lists if p.designation == name and p.names]
    count = sum(len(listed.names) for _, listed in found)
    return Entry(
        f"{name}（{count}个）",
        below=partial(_under_designation, facts, found),
        answer=partial(_say_designation, facts, name),
    )


def _say_designation(facts: Facts, name: str) -> Said:
    question = f"{name}有哪些"
    proposal = whole_lists.propose_list(facts.understand(question), facts, [name], 1.0)
    return Said(question, proposal)


def _under_designation(facts: Facts, found: Sequence[Listed]) -> list[Entry]:
    """Banner by banner where the list is grouped, else its names."""
    grouped = [_list(facts, d, p, read_group(p)) for d, p in found if p.group]
    return grouped + _places(facts, [(d, p) for d, p in found if not p.group])


def _places(facts: Facts, found: Sequence[Listed]) -> list[Entry]:
    return [
        _banner(facts, name) if is_banner_list(listed) else _place(facts, listed, name)
        for _, listed in found
        for name in listed.names
    ]


def _place(facts: Facts, listed: PlaceList, name: str) -> Entry:
    return Entry(name, answer=partial(_say_place, facts, listed, name))


def _say_place(facts: Facts, listed: PlaceList, name: str) -> Said:
    question = f"{name}在名单里吗"
    same = [p for p in facts.listed if p.name == name and read_group(p.list) == read_group(listed)]
    return said(question, one_place.membership(facts.understand(question), facts, same, ()), "places", name)
