"""`/invite 身份 地区 姓名`: an administrator makes an invitation."""

from __future__ import annotations

from db import codes, people
from db.access import AREA_LEVELS, INVITED, Role, fits
from handlers import wording_people as wording
from handlers.account import area_path
from handlers.guards import administrators
from handlers.turn import MAX_BUTTON_BYTES, Button, Desk, Reply, Turn
from knowledge.places.choosing import areas_meant
from knowledge.places.register import Area

_LONGEST_CODE = "9" * 12
MAX_NAME_BYTES = MAX_BUTTON_BYTES - len(f"invite:0:{_LONGEST_CODE}:")  # a choice of areas carries the name


@administrators
def invite(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """The command with everything, or how to write it."""
    _, *words = (turn.text or "").split()
    if not words:
        return (Reply(wording.INVITE, _role_buttons()),)
    role = wording.role_named(words[0])
    if role is None:
        return (Reply(wording.unknown_role(words[0]), _role_buttons()),)
    return _invite(role, words[1:], desk)


@administrators
def explain_role(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`invite-role:N`."""
    role = role_number((turn.button or "").partition(":")[2])
    return (Reply(wording.how_to_invite(role) if role else wording.INVITE),)


@administrators
def choose_area(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`invite:N:AREA:NAME`."""
    number, area, name = [*(turn.button or "").split(":", 3)[1:], "", "", ""][:3]
    role = role_number(number)
    if role is None or not fits(role, area) or area not in desk.library.areas.by_code:
        return (Reply(wording.INVITE, _role_buttons()),)
    return _make(role, area, name, desk)


def role_number(text: str) -> Role | None:
    """The role that a button names by its position."""
    known = text.isascii() and text.isdigit() and int(text) < len(INVITED)
    return INVITED[int(text)] if known else None


def area_buttons(areas: tuple[Area, ...], data: str, desk: Desk) -> tuple[tuple[Button, ...], ...]:
    """One row for each area; its code takes the place of `{}` in `data`."""
    paths = (area_path(desk.library.areas, area.code) for area in areas)
    return tuple((Button(path, data.format(area.code)),) for area, path in zip(areas, paths, strict=True))


def _role_buttons() -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(wording.ROLE_NAMES[r], f"invite-role:{n}"),) for n, r in enumerate(INVITED))


def _invite(role: Role, words: list[str], desk: Desk) -> tuple[Reply, ...]:
    level = AREA_LEVELS.get(role)
    if len(words) < (2 if level else 1):
        return (Reply(wording.how_to_invite(role)),)
    name = words[-1] if level else " ".join(words)
    if len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        return (Reply(wording.name_too_long(MAX_NAME_BYTES // 3)),)
    return _invite_to(role, level, " ".join(words[:-1]), name, desk) if level else _make(role, "", name, desk)


def _invite_to(role: Role, level: str, place: str, name: str, desk: Desk) -> tuple[Reply, ...]:
    choice = areas_meant(desk.library.areas, place, level)
    if choice.sure:
        return _make(role, choice.sure.code, name, desk)
    if not choice.areas:
        return (Reply(wording.area_not_found(place, role)),)
    data = f"invite:{INVITED.index(role)}:{{}}:" + name.replace("{", "{{").replace("}", "}}")
    return (Reply(wording.CHOOSE_AREA, area_buttons(choice.areas, data, desk)),)


def _make(role: Role, area: str, name: str, desk: Desk) -> tuple[Reply, ...]:
    assert desk.person is not None  # an administrator
    inviter = people.known_id(desk.person)
    code = codes.invite(desk.session, role=role, area=area, name=name, created_by=inviter, now=desk.now)
    description = wording.described(name, role, area_path(desk.library.areas, area))
    ways = wording.ways_in(code, desk.web_url, desk.telegram_name)
    return (Reply(wording.invitation_made(description, ways)),)
