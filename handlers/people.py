"""`/people`: an administrator looks at the list, changes somebody, switches somebody off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db import administration, people
from db.access import AREA_LEVELS, INVITED, Role, fits, role_of
from db.administration import LastAdministratorError
from db.models import Person
from handlers import wording_people as wording
from handlers.account import area_path, described
from handlers.guards import administrators
from handlers.invite import MAX_NAME_BYTES, area_buttons, role_number
from handlers.turn import Button, Desk, Reply, Turn
from knowledge.places.choosing import areas_meant

PAGE = 8

_OfPerson = Callable[[Person, list[str], Desk], tuple[Reply, ...]]
_Rows = tuple[tuple[Button, ...], ...]


@administrators
def manage(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`/people`, `/people ID`, `/people ID 身份 地区`, `/people ID 身份`, `… 地区`, `… 姓名 张三`."""
    _, *words = (turn.text or "").split()
    if not words:
        return (_list(0, desk),)
    person = _person(words[0], desk)
    if person is None:
        return (Reply(wording.NO_SUCH_PERSON),)
    return _move(person, words[1:], desk) if words[1:] else (_card(person, desk),)


@administrators
def turn_page(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`people:PAGE`."""
    page = (turn.button or "").partition(":")[2]
    return (_list(int(page) if page.isascii() and page.isdigit() else 0, desk, edit=True),)


def _of_person(work: _OfPerson) -> Callable[[Turn, Desk], tuple[Reply, ...]]:
    """A handler for `name:ID:…` that gets the person and the rest."""

    def handler(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
        _, number, *rest = [*(turn.button or "").split(":"), "", "", ""]
        person = _person(number, desk)
        return work(person, rest, desk) if person else (Reply(wording.NO_SUCH_PERSON),)

    return administrators(handler)


def _show(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    return (_card(person, desk, edit=True),)


def _offer_roles(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    choices = tuple(
        (Button(wording.ROLE_NAMES[role], f"set-role:{person.id}:{number}"),)
        for number, role in enumerate(INVITED)
        if role is not role_of(person)
    )
    back = (Button(wording.BACK, "people:0"),)
    text = f"{described(person, desk.library.areas)}\n{wording.CHOOSE_ROLE}"
    return (Reply(text, (*choices, back), edit=True),)


def _set_role(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    role = role_number(rest[0])
    (reply,) = _change(person, role, "", desk) if role else (_card(person, desk),)
    return (replace(reply, edit=True),)


def _explain_area(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    role = role_of(person)
    wanted = role in AREA_LEVELS
    told = wording.how_to_move(people.known_id(person), role) if wanted else wording.no_area_wanted(role)
    return (Reply(told),)


def _set_area(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    """`set-area:ID:N:AREA`."""
    role, area = role_number(rest[0]), rest[1]
    if role is None or not fits(role, area) or area not in desk.library.areas.by_code:
        return (_card(person, desk, edit=True),)
    return (_apply(person, role, area, desk, edit=True),)


def _ask_to_switch_off(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    really = Button(wording.REALLY_OFF, f"switch-off-now:{person.id}")
    leave = Button(wording.LEAVE, f"person:{person.id}")
    text = wording.really_off(described(person, desk.library.areas))
    return (Reply(text, ((really, leave),), edit=True),)


def _switch_off(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    try:
        administration.switch_off(desk.session, person, now=desk.now)
    except LastAdministratorError:
        return (Reply(wording.LAST_ADMINISTRATOR),)
    return (_card(person, desk, edit=True),)


def _switch_on(person: Person, rest: list[str], desk: Desk) -> tuple[Reply, ...]:
    administration.switch_on(desk.session, person)
    return (_card(person, desk, edit=True),)


show = _of_person(_show)
offer_roles = _of_person(_offer_roles)
set_role = _of_person(_set_role)
explain_area = _of_person(_explain_area)
set_area = _of_person(_set_area)
ask_to_switch_off = _of_person(_ask_to_switch_off)
switch_off = _of_person(_switch_off)
switch_on = _of_person(_switch_on)


# --- changing -------------------------------------------------------------------------------


def _move(person: Person, words: list[str], desk: Desk) -> tuple[Reply, ...]:
    if words[0] == wording.NAME:
        return (_rename(person, " ".join(words[1:]), desk),)
    role = wording.role_named(words[0])
    place = " ".join(words[1:] if role else words)
    return _change(person, role or role_of(person), place, desk)


def _rename(person: Person, name: str, desk: Desk) -> Reply:
    if len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        return Reply(wording.name_too_long(MAX_NAME_BYTES // 3))
    administration.change(desk.session, person, name=name)
    return _card(person, desk)


def _change(person: Person, role: Role, place: str, desk: Desk) -> tuple[Reply, ...]:
    """Give the person the role, in the place that was typed; without one in the area there is."""
    level = AREA_LEVELS.get(role)
    if place and level is None:
        return (Reply(wording.no_area_wanted(role)),)
    if not place or level is None:
        area = person.area if level else ""
        if not fits(role, area):
            return (Reply(wording.how_to_move(people.known_id(person), role)),)
        return (_apply(person, role, area, desk),)
    choice = areas_meant(desk.library.areas, place, level)
    if choice.sure:
        return (_apply(person, role, choice.sure.code, desk),)
    if not choice.areas:
        return (Reply(wording.area_not_found(place, role)),)
    data = f"set-area:{person.id}:{INVITED.index(role)}:{{}}"
    return (Reply(wording.CHOOSE_AREA, area_buttons(choice.areas, data, desk)),)


def _apply(person: Person, role: Role, area: str, desk: Desk, *, edit: bool = False) -> Reply:
    try:
        administration.change(desk.session, person, role=role, area=area)
    except LastAdministratorError:
        return Reply(wording.LAST_ADMINISTRATOR)
    return _card(person, desk, edit=edit)


# --- showing --------------------------------------------------------------------------------


def _person(text: str, desk: Desk) -> Person | None:
    known = text.isascii() and text.isdigit() and len(text) < 10  # what an integer of the database holds
    return people.get(desk.session, int(text)) if known else None


def _list(page: int, desk: Desk, *, edit: bool = False) -> Reply:
    count = people.count(desk.session)
    pages = max(1, -(-count // PAGE))
    page = min(page, pages - 1)
    found = people.listed(desk.session, offset=page * PAGE, limit=PAGE)
    rows = tuple((Button(_entry(person, desk), f"person:{person.id}"),) for person in found)
    turning = _turning(page, pages)
    return Reply(wording.listed(count, page + 1, pages), (*rows, *turning), edit=edit)


def _turning(page: int, pages: int) -> _Rows:
    back = (Button(wording.EARLIER, f"people:{page - 1}"),) if page > 0 else ()
    on = (Button(wording.LATER, f"people:{page + 1}"),) if page + 1 < pages else ()
    return ((*back, *on),) if back or on else ()


def _entry(person: Person, desk: Desk) -> str:
    area = area_path(desk.library.areas, person.area).rpartition(" ")[2]
    number = people.known_id(person)
    return wording.list_entry(number, person.name, role_of(person), area, active=person.active)


def _card(person: Person, desk: Desk, *, edit: bool = False) -> Reply:
    area = area_path(desk.library.areas, person.area)
    card = wording.card(person.name, role_of(person), area, people.channels(desk.session, person))
    text = wording.person_card(people.known_id(person), card, active=person.active)
    return Reply(text, _card_buttons(person), edit=edit)


def _card_buttons(person: Person) -> _Rows:
    role = Button(wording.CHANGE_ROLE, f"person-role:{person.id}")
    area = (
        (Button(wording.CHANGE_AREA, f"person-area:{person.id}"),) if role_of(person) in AREA_LEVELS else ()
    )
    off = Button(wording.SWITCH_OFF, f"switch-off:{person.id}")
    on = Button(wording.SWITCH_ON, f"switch-on:{person.id}")
    return ((role, *area), (off if person.active else on, Button(wording.BACK, "people:0")))
