"""The commands about people: inviting, listing, changing, switching off."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot import services
from bot.output import complain, say
from bot.quick_config import load_library_config

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.config import Settings
    from db.access import Role
    from db.models import Person
    from knowledge.places import PlaceRegister

people_app = typer.Typer(help="登记的人：查看、修改、停用。", invoke_without_command=True)
RoleName = Annotated[
    str | None, typer.Option("--role", metavar="ROLE", help="身份，例如 管理员、旗区审核员。")
]
AreaName = Annotated[str, typer.Option("--area", metavar="AREA", help="地区的名字或编码，例如 乌审旗。")]
PersonName = Annotated[str | None, typer.Option("--name", metavar="NAME", help="姓名。")]
PersonId = Annotated[int, typer.Argument(metavar="ID", min=1, max=2**31 - 1, help="编号，见 people list。")]


class PeopleError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


def first_administrator_link(session: Session, *, web_url: str, now: dt.datetime) -> str | None:
    """A link for whoever sets the bot up; None when there is an administrator."""
    from db import codes
    from handlers.wording_people import web_link

    code = codes.invite_first_administrator(session, now=now)
    return web_link(web_url, code) if code else None


def show_link(link: str) -> None:
    """The link, and a picture of it for the camera of a phone."""
    say(link)
    _show_picture(link)


def _show_picture(link: str) -> None:
    import segno

    segno.make(link, error="l").terminal(sys.stdout, border=2, compact=True)


# --- inviting -------------------------------------------------------------------------------


def invite(
    context: typer.Context,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="身份，例如 管理员、旗区审核员。")],
    area: AreaName = "",
    name: PersonName = None,
) -> None:
    import asyncio  # 30 ms that a question in the terminal need not wait for

    from bot.config import load_settings
    from db import codes
    from handlers import wording_people as wording
    from handlers.account import area_path

    settings, areas, chosen = load_settings(), _areas(context), _role(role)
    code_of_area = _area(areas, chosen, area)
    telegram_name = asyncio.run(_telegram_name(settings))
    with _session() as session:
        code = codes.invite(
            session, role=chosen, area=code_of_area, name=name or "", created_by=None, now=services.utc_now()
        )
    web_url = services.web_url(settings.web, settings.web.port)
    description = wording.described(name or "", chosen, area_path(areas, code_of_area))
    say(wording.invitation_made(description, wording.ways_in(code, web_url, telegram_name)))
    _show_picture(wording.web_link(web_url, code))
    if services.is_only_here(web_url):
        complain(
            "注意：这个网页链接只能在这台电脑上打开。要发给别人，"
            "请先把别人能打开的网址设为 POLICYBOT_WEB__PUBLIC_URL（见 docs/operations.md）。"
        )


async def _telegram_name(settings: Settings) -> str:
    """The bot's name, "" without a token or when Telegram does not answer."""
    token = settings.telegram.token.get_secret_value()
    if not token:
        return ""
    import telegram
    from telegram.error import TelegramError

    base_url, files = settings.telegram.base_url, settings.telegram.base_file_url
    try:
        async with telegram.Bot(token, base_url=base_url, base_file_url=files) as bot:
            return bot.username
    except TelegramError as error:
        complain(f"Telegram 没有应答（{type(error).__name__}），这次不显示 Telegram 链接。")
        return ""


# --- looking after --------------------------------------------------------------------------


@people_app.callback()
def people(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_people(context)


@people_app.command("list", help="列出所有人。")
def list_people(context: typer.Context) -> None:
    from db import people

    areas = _areas(context)
    with _session() as session:
        listed = people.listed(session)
    for person in listed:
        say(_line(areas, person))
    if not listed:
        say("还没有登记任何人。邀请第一位管理员：python -m bot invite --role 管理员")


@people_app.command(help="修改一个人的身份、地区或姓名。")
def change(
    context: typer.Context,
    person_id: PersonId,
    role: RoleName = None,
    area: AreaName = "",
    name: PersonName = None,
) -> None:
    from db import administration

    if not (role or area or name is not None):
        raise PeopleError("请写明要改什么：--role、--area 或 --name。")
    areas = _areas(context)
    with _session() as session:
        person = _person(session, person_id)
        wanted = _role(role or person.role)
        code = _area(areas, wanted, area) if area else None
        with _explained(wanted):
            administration.change(session, person, role=wanted, area=code, name=name)
        say(_line(areas, person))


@people_app.command(help="停用一个人：他在所有渠道上都退回访客。")
def off(context: typer.Context, person_id: PersonId) -> None:
    from db import administration

    with _session() as session:
        person = _person(session, person_id)
        with _explained(_role(person.role)):
            administration.switch_off(session, person, now=services.utc_now())
        say(f"已停用：{_line(_areas(context), person)}")


@people_app.command(help="恢复一个停用的人。")
def on(context: typer.Context, person_id: PersonId) -> None:
    from db import administration

    with _session() as session:
        person = _person(session, person_id)
        administration.switch_on(session, person)
        say(f"已恢复：{_line(_areas(context), person)}")


# --- what was typed -------------------------------------------------------------------------


@contextmanager
def _session() -> Iterator[Session]:
    """One transaction."""
    from bot.config import load_settings
    from bot.keys import open_database

    with open_database(load_settings()).begin() as session:
        yield session


@contextmanager
def _explained(role: Role) -> Iterator[None]:
    from db.administration import LastAdministratorError
    from db.people import WrongAreaError
    from handlers import wording_people as wording

    try:
        yield
    except LastAdministratorError as error:
        raise PeopleError(wording.LAST_ADMINISTRATOR) from error
    except WrongAreaError as error:
        raise PeopleError(f"{wording.ROLE_NAMES[role]}要写明地区，例如 --area 乌审旗。") from error


def _areas(context: typer.Context) -> PlaceRegister:
    return services.open_library(load_library_config(), context.obj, progress=False).areas


def _role(text: str) -> Role:
    from db.access import INVITED
    from handlers import wording_people as wording

    role = wording.role_named(text)
    if role is None:
        known = "、".join(f"{wording.ROLE_NAMES[role]}（{role}）" for role in INVITED)
        raise PeopleError(f"没有“{text}”这个身份，可用的有：{known}。")
    return role


def _area(areas: PlaceRegister, role: Role, text: str) -> str:
    """The code of the area that was named for the role, "" for a role without."""
    from db.access import AREA_LEVELS
    from handlers import wording_people as wording
    from handlers.account import area_path
    from knowledge.places.choosing import areas_meant

    level = AREA_LEVELS.get(role)
    if level is None and not text:
        return ""
    if level is None:
        raise PeopleError(wording.no_area_wanted(role))
    choice = areas_meant(areas, text, level)
    if choice.sure:
        return choice.sure.code
    if not choice.areas:
        raise PeopleError(wording.area_not_found(text, role))
    shown = "；".join(f"{area.code} {area_path(areas, area.code)}" for area in choice.areas)
    raise PeopleError(f"“{text}”可能是：{shown}。请用 --area 写上编码。")


def _person(session: Session, person_id: int) -> Person:
    from db import people

    person = people.get(session, person_id)
    if person is None:
        raise PeopleError(f"没有编号 {person_id} 的人。名单见 python -m bot people list。")
    return person


def _line(areas: PlaceRegister, person: Person) -> str:
    from db.people import known_id
    from handlers import wording_people as wording
    from handlers.account import area_path

    return wording.list_entry(
        known_id(person), person.name, _role(person.role), area_path(areas, person.area), active=person.active
    )
