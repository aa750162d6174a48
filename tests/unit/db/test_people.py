import datetime as dt
import threading

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import codes, people, web_sessions
from db.access import Role
from db.administration import LastAdministratorError, change, switch_off, switch_on
from db.codes import Refusal
from db.models import Person
from db.people import WrongAreaError
from db.session import open_database
from tests.databases import wait_for_a_lock

Sessions = sessionmaker[Session]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BANNER, OTHER_BANNER, TOWNSHIP = "150626", "150625", "150626103"


def _add(
    database: Sessions, role: Role = Role.ADMINISTRATOR, area: str = "", identity: str = "telegram:1"
) -> int:
    with database.begin() as session:
        person = people.create(session, role=role, area=area, name="张三", now=NOON)
        people.add_channel(session, person, identity, now=NOON)
        return people.known_id(person)


def _get(session: Session, person_id: int) -> Person:
    person = people.get(session, person_id)
    assert person is not None
    return person


def test_a_channel_that_nobody_linked_is_a_visitors(sessions: Sessions) -> None:
    _add(sessions)
    with sessions.begin() as session:
        assert people.find(session, "telegram:2") is None


def test_people_are_listed_in_pages_in_the_order_they_came(sessions: Sessions) -> None:
    ids = [_add(sessions, identity=f"telegram:{number}") for number in range(5)]
    with sessions.begin() as session:
        assert [person.id for person in people.listed(session)] == ids
        assert [person.id for person in people.listed(session, offset=2, limit=2)] == ids[2:4]
        assert people.count(session) == 5


def test_channels_are_named_once_without_ids(sessions: Sessions) -> None:
    number = _add(sessions, identity="telegram:1")
    with sessions.begin() as session:
        for identity in ("web:a1", "web:p1", "telegram:2"):
            people.add_channel(session, _get(session, number), identity, now=NOON + dt.timedelta(1))
        assert people.channels(session, _get(session, number)) == ["telegram", "web"]


def test_a_switched_off_person_is_a_visitor_until_switched_on(sessions: Sessions) -> None:
    _add(sessions)
    number = _add(sessions, Role.BANNER_REVIEWER, BANNER, "telegram:2")
    with sessions.begin() as session:
        switch_off(session, _get(session, number), now=NOON)
    with sessions.begin() as session:
        assert people.find(session, "telegram:2") is None
        switch_on(session, _get(session, number))
    with sessions.begin() as session:
        assert people.find(session, "telegram:2") == _get(session, number)


@pytest.mark.parametrize("chat", ["web:p2", "web:a7"])
def test_switching_off_ends_the_sessions_in_browsers(database: Sessions, chat: str) -> None:
    _add(database)
    number = _add(database, Role.BANNER_REVIEWER, BANNER, "web:a7")
    person_id = number if chat == "web:p2" else None
    with database.begin() as session:
        token = web_sessions.open_session(session, chat=chat, person_id=person_id, now=NOON, days=30)
        other = web_sessions.open_session(session, chat="web:a8", person_id=None, now=NOON, days=30)
        switch_off(session, _get(session, number), now=NOON)
    with database.begin() as session:
        switch_on(session, _get(session, number))
        assert web_sessions.find(session, token, NOON) is None
        assert web_sessions.find(session, other, NOON) is not None


def test_the_invitations_of_somebody_who_may_invite_no_more_are_void(sessions: Sessions) -> None:
    _add(sessions)
    leaving = _add(sessions, identity="telegram:2")
    with sessions.begin() as session:
        secret = codes.invite(
            session, role=Role.ADMINISTRATOR, area="", name="", created_by=leaving, now=NOON
        )
        change(session, _get(session, leaving), role=Role.CITY_READER)
    with sessions.begin() as session:
        assert codes.redeem(session, secret, "telegram:3", now=NOON) is Refusal.UNKNOWN


def test_a_role_without_area_drops_the_area(sessions: Sessions) -> None:
    number = _add(sessions, Role.BANNER_REVIEWER, BANNER)
    with sessions.begin() as session:
        change(session, _get(session, number), role=Role.CITY_READER)
        person = _get(session, number)
        assert (person.role, person.area, person.name) == (Role.CITY_READER, "", "张三")


def test_only_what_is_given_is_changed(sessions: Sessions) -> None:
    number = _add(sessions, Role.BANNER_REVIEWER, BANNER)
    with sessions.begin() as session:
        change(session, _get(session, number), area=OTHER_BANNER)
        change(session, _get(session, number), name="李四")
        person = _get(session, number)
        assert (person.role, person.area, person.name) == (Role.BANNER_REVIEWER, OTHER_BANNER, "李四")


@pytest.mark.parametrize(
    ("role", "area"), [(None, TOWNSHIP), (Role.TOWNSHIP_REVIEWER, None), (Role.CITY_READER, BANNER)]
)
def test_role_and_area_must_go_together(sessions: Sessions, role: Role | None, area: str | None) -> None:
    number = _add(sessions, Role.BANNER_REVIEWER, BANNER)
    with sessions.begin() as session, pytest.raises(WrongAreaError):
        change(session, _get(session, number), role=role, area=area)
    with sessions.begin() as session:
        assert _get(session, number).area == BANNER


def test_the_last_active_administrator_stays(sessions: Sessions) -> None:
    off = _add(sessions, identity="telegram:0")
    number = _add(sessions)
    with sessions.begin() as session:
        switch_off(session, _get(session, off), now=NOON)
    with sessions.begin() as session:
        person = _get(session, number)
        with pytest.raises(LastAdministratorError):
            switch_off(session, person, now=NOON)
        with pytest.raises(LastAdministratorError):
            change(session, person, role=Role.CITY_READER)
        change(session, person, role=Role.ADMINISTRATOR, name="李四")
        assert (person.active, person.role, person.name) == (True, Role.ADMINISTRATOR, "李四")


def test_of_two_administrators_who_leave_at_once_one_stays(database: Sessions) -> None:
    numbers = [_add(database, identity=f"telegram:{number}") for number in range(2)]
    start = threading.Barrier(2)

    def leave(number: int) -> None:
        start.wait(timeout=20)
        try:
            with database.begin() as session:
                switch_off(session, _get(session, number), now=NOON)
        except LastAdministratorError:
            pass

    threads = [threading.Thread(target=leave, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.begin() as session:
        assert people.has_administrator(session)
        assert [person.active for person in people.listed(session)].count(True) == 1


def test_whoever_leaves_second_finds_that_the_first_has_left(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    first, second = (_add(database, identity=f"telegram:{number}") for number in range(2))
    refused: list[bool] = []

    def leave() -> None:
        with database() as session, session.begin():
            try:
                switch_off(session, _get(session, second), now=NOON)
            except LastAdministratorError:
                refused.append(True)

    leaving = threading.Thread(target=leave)
    with database.begin() as session:
        switch_off(session, _get(session, first), now=NOON)
        leaving.start()
        wait_for_a_lock(postgresql_url)
    leaving.join(timeout=60)
    assert refused == [True]


def test_without_an_active_administrator_there_is_none(sessions: Sessions) -> None:
    _add(sessions, Role.CITY_READER)
    with sessions.begin() as session:
        assert not people.has_administrator(session)
