"""`/cases`: what there is to do, what I reported, what lies where; and looking for a household."""

from __future__ import annotations

from collections.abc import Sequence

from db import case_lists, cases
from db.access import Action, level_of, may
from db.cases import Listing
from db.days import today_of
from db.models_cases import Case
from handlers import case_places, case_view, paging
from handlers import wording_cases as wording
from handlers.account import area_path
from handlers.case_access import Replies, count, find, members
from handlers.form_view import in_rows
from handlers.paging import PER_PAGE
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.places.register import Area

VILLAGES = "villages"
_MOST_PLACES = 6
_ALIKE = 80.0  # a place that what was typed merely resembles is not meant
Rows = tuple[tuple[Button, ...], ...]


@members
def start(turn: Turn, desk: Desk) -> Replies:
    """`/cases`, or `/cases` with a number, a name or a place."""
    wanted = " ".join((turn.text or "").split()[1:])
    return (_search(wanted, desk) if wanted else _overview(desk),)


@members
def turn_page(turn: Turn, desk: Desk) -> Replies:
    """`cases:LISTING:PAGE[:AREA]`, `cases:villages:PAGE[:AREA]`; `cases:` alone is the start."""
    _, kind, page, area = [*(turn.button or "").split(":"), "", "", ""][:4]
    number = count(page) or 0
    area = area if level_of(area) else ""
    if kind == VILLAGES:
        return (case_places.show(number, area, desk),)
    if kind not in set(Listing):
        return (_overview(desk, edit=True),)
    return (_list(Listing(kind), number, area, desk),)


# --- the start ------------------------------------------------------------------------------


def _overview(desk: Desk, *, edit: bool = False) -> Reply:
    own = [Listing.TODO, Listing.MINE] if may(desk.person, Action.WORK_ON_CASES) else []
    kinds = (*own, Listing.OVERDUE, Listing.ALL)
    buttons = [Button(wording.listing(kind, _count(kind, "", desk)), _data(kind)) for kind in kinds]
    villages = Button(wording.VILLAGES, f"{case_places.ROUTE}:0")
    return Reply(wording.OVERVIEW, in_rows([*buttons[:-1], villages, buttons[-1]]), edit=edit)


def _count(kind: Listing, area: str, desk: Desk) -> int:
    assert desk.person is not None  # `members` let in nobody else
    return cases.count(desk.session, desk.person, kind, today=today_of(desk.now), area=area)


def _data(kind: Listing, page: int = 0, area: str = "") -> str:
    return f"cases:{kind}:{page}:{area}" if area else f"cases:{kind}:{page}"


# --- lists ----------------------------------------------------------------------------------


def _list(kind: Listing, page: int, area: str, desk: Desk) -> Reply:
    assert desk.person is not None
    number = _count(kind, area, desk)
    pages = max(1, -(-number // PER_PAGE))
    page = min(page, pages - 1)
    found = cases.listed(
        desk.session, desk.person, kind, today=today_of(desk.now), area=area, offset=page * PER_PAGE,
        limit=PER_PAGE,
    )  # fmt: skip
    title = area_path(desk.library.areas, area) if area else wording.LISTING_NAMES[kind]
    text = wording.list_head(title, number, paging.note(page, pages)) if found else wording.EMPTY[kind]
    turning = paging.turning(page, pages, lambda to: _data(kind, to, area))
    back = case_places.way_back(area) if area else _to_overview()
    return Reply(text, tuple(filter(None, (*_case_rows(found, desk), turning, (back,)))), edit=True)


def _case_rows(found: Sequence[Case], desk: Desk) -> Rows:
    return tuple((Button(_line(case, desk), f"case:{case.number}"),) for case in found)


def _line(case: Case, desk: Desk) -> str:
    short = case_lists.short_number(str(case.number))
    line = wording.list_line(
        short, case_view.head(case, desk), case_view.village(case, desk), case_view.step_of(case).label,
        urgent=case.urgent,
    )  # fmt: skip
    return paging.cut(line, 40)


def _to_overview() -> Button:
    return Button(wording.TO_OVERVIEW, "cases:")


# --- looking for one ------------------------------------------------------------------------


def _search(text: str, desk: Desk) -> Reply:
    """By number; else by the head's name; else by place."""
    assert desk.person is not None
    digits = text.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return _one(text, digits, desk)
    found = cases.search(desk.session, desk.person, text, limit=PER_PAGE + 1)
    places = _places(text, desk)
    if not found and len(places) == 1:
        return _list(Listing.ALL, 0, places[0].code, desk)
    if not found and not places:
        return Reply(wording.nothing_found(paging.cut(text, 40)), ((_to_overview(),),))
    rows = [(Button(case_places.name(area.code, desk), _data(Listing.ALL, 0, area.code)),) for area in places]
    shown = found[:PER_PAGE]
    said = [wording.found(text, len(shown)) if shown else wording.found_places(text)]
    said += [wording.FOUND_MORE] if len(found) > PER_PAGE else []
    return Reply("\n".join(said), (*_case_rows(shown, desk), *rows, (_to_overview(),)))


def _one(text: str, digits: str, desk: Desk) -> Reply:
    """The card at once; in a list a number stands by its last digits."""
    assert desk.person is not None
    case = find(desk, digits) or case_lists.by_short_number(desk.session, desk.person, digits)
    if case is None:
        return Reply(wording.nothing_found(paging.cut(text, 40)), ((_to_overview(),),))
    return case_view.show(case, desk)


def _places(text: str, desk: Desk) -> list[Area]:
    """Areas of that name in which the person sees cases."""
    assert desk.person is not None
    seen = [area for area, _ in case_lists.areas(desk.session, desk.person)]
    words = text.split()
    within = words[-2] if len(words) > 1 else None
    meant = [match.area for match in desk.library.areas.find(words[-1], within) if match.score >= _ALIKE]
    return [area for area in meant if any(code.startswith(area.code) for code in seen)][:_MOST_PLACES]
