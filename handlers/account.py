"""Who I am here, and the codes that make me somebody."""

from __future__ import annotations

from db import codes, people
from db.access import Action, Role, may, role_of
from db.codes import Refusal
from db.models import Person
from handlers import wording_people as wording
from handlers.guards import private
from handlers.turn import Desk, Reply, Turn
from knowledge.places import PlaceRegister


@private
def me(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """Role, area, channels, and what I may do."""
    person = desk.person
    if person is None:
        return (Reply(_about_visitor(turn, desk)),)
    channels = people.channels(desk.session, person)
    card = wording.card(person.name, role_of(person), area_path(desk.library.areas, person.area), channels)
    return (Reply(f"{card}\n{wording.rights(role_of(person))}"),)


def _about_visitor(turn: Turn, desk: Desk) -> str:
    if people.owner(desk.session, turn.person):
        return wording.SWITCHED_OFF
    asking = (wording.rights(Role.VISITOR),) if desk.visitors_may_ask else ()
    return "\n".join((wording.VISITOR, *asking, wording.HOW_TO_REGISTER))


def link(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`/link` makes a code for another channel, `/link CODE` takes one."""
    return redeem(turn, desk) if len(_words(turn)) > 1 else _make_link(turn, desk)


@private
def _make_link(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    if desk.person is None or not may(desk.person, Action.LINK_CHANNEL):
        return (Reply(_about_visitor(turn, desk)),)
    code = codes.link(desk.session, people.known_id(desk.person), now=desk.now)
    return (Reply(wording.link_made(wording.ways_in(code, desk.web_url, desk.telegram_name))),)


def redeem(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`/start CODE` or `/link CODE`. What a group has seen anybody there could use, so it is void."""
    code = _words(turn)[1]
    if turn.group:
        codes.revoke(desk.session, code, now=desk.now)
        return (Reply(wording.SEEN_BY_OTHERS),)
    person = codes.redeem(desk.session, code, turn.person, now=desk.now)
    if isinstance(person, Refusal):
        return (Reply(wording.refused(person)),)
    return (Reply(wording.registered(described(person, desk.library.areas))),)


def described(person: Person, areas: PlaceRegister) -> str:
    return wording.described(person.name, role_of(person), area_path(areas, person.area))


def area_path(areas: PlaceRegister, code: str) -> str:
    """Names from the league down; the code itself when this version's register does not have it."""
    area = areas.by_code.get(code)
    return " ".join(areas.path(area)) if area else code


def _words(turn: Turn) -> list[str]:
    return (turn.text or "").split()
