"""Telling others about a case, in the transaction that changed it."""

from __future__ import annotations

from collections.abc import Iterable

from db import audience, outbox
from db.access import Role
from db.models import Person
from db.models_cases import Case
from db.people import known_id
from handlers.turn import Desk, Reply

_LADDER = (Role.TOWNSHIP_REVIEWER, Role.BANNER_REVIEWER)


def tell(desk: Desk, people: Iterable[Person | int], reply: Reply, *, reason: str) -> None:
    """Send it to every private chat of these people. The same reason is told nobody twice."""
    numbers = [person if isinstance(person, int) else known_id(person) for person in people]
    for number in sorted(set(numbers)):  # one order for all writers: each chat is locked
        for chat in audience.chats(desk.session, number):
            outbox.tell(desk.session, chat, [reply.to_json()], reason=f"{reason}:{chat}", now=desk.now)


def reviewers(desk: Desk, case: Case) -> list[Person]:
    """Who looks at what a village reports: the township; where nobody is registered there, the banner."""
    for role in _LADDER:
        if found := audience.of_roles(desk.session, {role}, case.area):
            return found
    return []


def in_charge(desk: Desk, case: Case) -> list[Person]:
    """Who acts next, whoever has just acted left out."""
    own = known_id(desk.person) if desk.person else None
    return [person for person in audience.in_charge(desk.session, case) if person.id != own]


def acting(desk: Desk, case: Case) -> list[Person]:
    """Everybody who can pass the case on."""
    return audience.in_charge(desk.session, case)


def of_roles(desk: Desk, roles: set[Role], case: Case) -> list[Person]:
    return audience.of_roles(desk.session, roles, case.area) if roles else []
