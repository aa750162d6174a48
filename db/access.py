"""Who may do what where: the one place where the rule stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from db.models import Person


class Role(StrEnum):
    """What somebody is here. A visitor was not invited and is not stored."""

    VISITOR = "visitor"
    VILLAGE_CADRE = "village_cadre"
    TOWNSHIP_REVIEWER = "township_reviewer"
    BANNER_REVIEWER = "banner_reviewer"
    CITY_READER = "city_reader"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    ASK = "ask"
    LINK_CHANNEL = "link_channel"
    MANAGE_PEOPLE = "manage_people"


_MEMBER = frozenset({Action.ASK, Action.LINK_CHANNEL})
ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.VISITOR: frozenset({Action.ASK}),
        Role.VILLAGE_CADRE: _MEMBER,
        Role.TOWNSHIP_REVIEWER: _MEMBER,
        Role.BANNER_REVIEWER: _MEMBER,
        Role.CITY_READER: _MEMBER,
        Role.ADMINISTRATOR: _MEMBER | {Action.MANAGE_PEOPLE},
    }
)
# The level of the area that a role is bound to; the other roles are bound to none.
AREA_LEVELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.VILLAGE_CADRE: "village",
        Role.TOWNSHIP_REVIEWER: "township",
        Role.BANNER_REVIEWER: "banner",
    }
)
EVERYWHERE = (Role.CITY_READER, Role.ADMINISTRATOR)
INVITED = tuple(role for role in Role if role is not Role.VISITOR)
# A statistical code begins with the code of every area that it lies in.
LEVEL_OF_LENGTH: Mapping[int, str] = MappingProxyType(
    {2: "region", 4: "league", 6: "banner", 9: "township", 12: "village"}
)


def may(person: Person | None, action: Action, area: str | None = None) -> bool:
    """Whether the person may do it, and in that area when one is given. None is a visitor."""
    role = role_of(person)
    allowed = action in ACTIONS[role] and (person is None or person.active)
    return allowed and (area is None or _reaches(role, person, area))


def role_of(person: Person | None) -> Role:
    return Role(person.role) if person else Role.VISITOR


def covers(scope: str, area: str) -> bool:
    """Whether the area is the scope or lies in it, both as statistical codes."""
    return level_of(scope) is not None and level_of(area) is not None and area.startswith(scope)


def level_of(area: str) -> str | None:
    """The level of a statistical code; None when it is not one."""
    return LEVEL_OF_LENGTH.get(len(area)) if area.isascii() and area.isdigit() else None


def fits(role: Role, area: str) -> bool:
    """Whether somebody in that role can be bound to the area ("" for none)."""
    return level_of(area) == AREA_LEVELS[role] if role in AREA_LEVELS else area == ""


def _reaches(role: Role, person: Person | None, area: str) -> bool:
    if role in EVERYWHERE:
        return level_of(area) is not None
    return person is not None and covers(person.area, area)
