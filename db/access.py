"""Who may do what where: the one place where the rule stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, false, true
from sqlalchemy.orm import Mapped

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
    REPORT = "report"  # a household, and what is found out about it later
    SEE_CASES = "see_cases"  # masked
    WORK_ON_CASES = "work_on_cases"  # as far as the procedure lets the role
    REVEAL = "reveal"  # a masked value, with a reason
    EXPORT = "export"
    MERGE_CASES = "merge_cases"
    MANAGE_PEOPLE = "manage_people"


_MEMBER = frozenset({Action.ASK, Action.LINK_CHANNEL})
_READER = _MEMBER | {Action.SEE_CASES, Action.EXPORT}
_OFFICER = _READER | {Action.REPORT, Action.WORK_ON_CASES, Action.REVEAL}
ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.VISITOR: frozenset({Action.ASK}),
        Role.VILLAGE_CADRE: _OFFICER,
        Role.TOWNSHIP_REVIEWER: _OFFICER,
        Role.BANNER_REVIEWER: _OFFICER,
        Role.CITY_READER: _READER,
        Role.ADMINISTRATOR: _READER | {Action.MERGE_CASES, Action.MANAGE_PEOPLE},
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


def reach(person: Person | None, action: Action, area: Mapped[str]) -> ColumnElement[bool]:
    """The rows on which the person may do it, by their column with a statistical code.

    Every query for something that lies in an area is narrowed by this.
    """
    if person is None or not may(person, action):
        return false()
    if role_of(person) in EVERYWHERE:
        return true()
    return within(person.area, area) if level_of(person.area) else false()


def within(scope: str, area: Mapped[str]) -> ColumnElement[bool]:
    """`covers` for a column. A range and not LIKE, for the index; letters come after digits everywhere."""
    return and_(area >= scope, area < f"{scope}A")


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
