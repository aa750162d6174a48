"""Where cases lie: banners, townships and villages with how many there are, from large to small."""

from __future__ import annotations

from collections import Counter

from db import case_lists
from db.access import LEVEL_OF_LENGTH
from handlers import case_view, paging
from handlers import wording_cases as wording
from handlers.account import area_path
from handlers.turn import Button, Desk, Reply

ROUTE = "cases:villages"
_CHOSEN_FROM = ("banner", "township", "village")
_DIGITS = tuple(digits for digits, level in LEVEL_OF_LENGTH.items() if level in _CHOSEN_FROM)
_VILLAGE_DIGITS = _DIGITS[-1]


def show(page: int, scope: str, desk: Desk) -> Reply:
    """The areas below `scope` with cases; "" for where the person begins."""
    assert desk.person is not None  # visitors were turned away
    counted = case_lists.areas(desk.session, desk.person)
    scope = scope or _own_scope(desk.person.area)
    below = _below(counted, scope)
    pages = paging.pages_of(list(below.items()))
    page = min(page, len(pages) - 1)
    rows = [(_way_into(area, number, desk),) for area, number in pages[page]]
    whole = sum(number for area, number in counted if area.startswith(scope))
    everything = Button(wording.counted(wording.WHOLE_AREA, whole), _cases_in(scope))
    turning = paging.turning(page, len(pages), lambda to: f"{ROUTE}:{to}:{scope}")
    ends = (turning, (everything,) if whole else (), (Button(wording.TO_OVERVIEW, "cases:"),))
    return Reply(_text(scope, whole, desk), tuple(filter(None, (*rows, *ends))), edit=True)


def name(area: str, desk: Desk) -> str:
    """With the one above it, both in short."""
    names = area_path(desk.library.areas, area).split()[-2:]
    return " ".join(case_view.short_place(name) for name in names)


def way_back(area: str) -> Button:
    """From the cases of an area to the list that it stands in."""
    above = max((digits for digits in (0, *_DIGITS) if digits < len(area)), default=0)
    return Button(wording.TO_VILLAGES, f"{ROUTE}:0:{area[:above]}" if above else f"{ROUTE}:0")


def _own_scope(area: str) -> str:
    """Whoever covers one village chooses among those of the township: it is the only one there."""
    return area[: _DIGITS[-2]]


def _below(counted: list[tuple[str, int]], scope: str) -> Counter[str]:
    """Cases whose village the register does not have lie in a larger area, and count only for the whole."""
    digits = next((digits for digits in _DIGITS if digits > len(scope)), _VILLAGE_DIGITS)
    below: Counter[str] = Counter()
    for area, number in counted:
        if area.startswith(scope) and len(area) >= digits:
            below[area[:digits]] += number
    return below


def _way_into(area: str, number: int, desk: Desk) -> Button:
    data = _cases_in(area) if len(area) == _VILLAGE_DIGITS else f"{ROUTE}:0:{area}"
    return Button(wording.counted(name(area, desk), number), data)


def _cases_in(area: str) -> str:
    return f"cases:all:0:{area}" if area else "cases:all:0"


def _text(scope: str, whole: int, desk: Desk) -> str:
    if not whole:
        return wording.NO_VILLAGES
    return wording.choose_place(area_path(desk.library.areas, scope)) if scope else wording.CHOOSE_VILLAGE
