"""Who is shown the photos of a case, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import cases, files, people, photos
from db.access import Role
from db.cases import NewCase
from db.crypto import Keyring, seal_bytes
from db.models import Person
from db.models_cases import Case, CaseFile
from db.session import open_database
from handlers import case_photos
from handlers import wording_pages as wording
from handlers.turn import Desk, Reply, Turn
from knowledge.library import KnowledgeBase

VILLAGE, TOWNSHIP, ELSEWHERE = "150626100200", "150626100", "150626101"
Show = Callable[..., tuple[Reply, ...]]


@pytest.fixture
def sessions(url: str) -> sessionmaker[Session]:
    return open_database(url, Keyring.new())


@pytest.fixture
def case(sessions: sessionmaker[Session], clock: Callable[[], dt.datetime]) -> Case:
    """With two photos, one that is still to come, and one that could not be had."""
    with sessions.begin() as session:
        cadre = people.create(session, role=Role.VILLAGE_CADRE, area=VILLAGE, name="张三", now=clock())
        number = people.known_id(cadre)
        new = NewCase(VILLAGE, "乌云其其格", 4, ("illness",), "able", "cadre")
        case = cases.create(session, new, reporter=number, now=clock())
        for content, fetch in ((b"one", ""), (b"", "telegram:9"), (b"", ""), (b"two", "")):
            session.add(
                CaseFile(
                    case_id=case.id, content=seal_bytes(session, content), fetch=fetch, created_by=number,
                    created_at=clock(),
                )
            )  # fmt: skip
    return case


@pytest.fixture
def show(
    sessions: sessionmaker[Session], library: KnowledgeBase, clock: Callable[[], dt.datetime], case: Case
) -> Show:
    """Ask for the photos as somebody with that role and area."""

    def show(
        role: Role = Role.TOWNSHIP_REVIEWER, area: str = TOWNSHIP, chat: str = "web:p9", *,
        names: bool = True, group: bool = False,
    ) -> tuple[Reply, ...]:  # fmt: skip
        with sessions.begin() as session:
            person: Person = people.create(session, role=role, area=area, name="李四", now=clock())
            desk = Desk(library, session, clock(), "v1", person, telegram_names=names, chat=chat)
            turn = Turn(id="1", person=chat, chat=chat, text="x", group=group)
            return case_photos.show(case, desk, turn)

    return show


def _contents(sessions: sessionmaker[Session], replies: tuple[Reply, ...], chat: str) -> list[bytes]:
    with sessions.begin() as session:
        stored = [files.load(session, reply.photo) for reply in replies if reply.photo is not None]
        return [file.content for file in stored if file and file.chat == chat]


def test_the_photos_that_are_there_are_shown_and_those_to_come_counted(
    sessions: sessionmaker[Session], show: Show, case: Case
) -> None:
    replies = show()
    assert _contents(sessions, replies, "web:p9") == [b"one", b"two"]
    assert [reply.text for reply in replies] == [
        wording.photo_of(str(case.number), 1, 2),
        wording.photo_of(str(case.number), 2, 2),
        wording.not_yet_fetched(1),
    ]


@pytest.mark.parametrize(
    ("role", "area"), [(Role.TOWNSHIP_REVIEWER, ELSEWHERE), (Role.VILLAGE_CADRE, ELSEWHERE + "200")]
)
def test_nothing_is_shown_outside_of_the_area(show: Show, role: Role, area: str) -> None:
    assert show(role, area) == (Reply(wording.NOT_YOUR_CASE),)


def test_nothing_is_shown_in_a_group(show: Show) -> None:
    assert show(chat="telegram:-5", group=True) == (Reply(wording.NOT_YOUR_CASE),)


def test_telegram_shows_photos_only_where_it_may_know_names(
    sessions: sessionmaker[Session], show: Show
) -> None:
    assert _contents(sessions, show(chat="telegram:9"), "telegram:9") == [b"one", b"two"]
    assert show(chat="telegram:9", names=False) == (Reply(wording.PHOTOS_ON_THE_WEB),)
    assert _contents(sessions, show(names=False), "web:p9") == [b"one", b"two"]


def test_a_case_without_photos_says_so(sessions: sessionmaker[Session], show: Show, case: Case) -> None:
    with sessions.begin() as session:
        for row in photos.of_case(session, cases.known_id(case)):
            session.delete(row)
    assert show() == (Reply(wording.NO_PHOTOS),)
