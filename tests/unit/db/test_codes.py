import datetime as dt
import re
import threading

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import codes, people
from db.access import Role
from db.administration import switch_off
from db.codes import INVITATION_LIFETIME, LINK_LIFETIME, Refusal
from db.models import Code, Identity, Person
from db.people import WrongAreaError
from db.session import open_database
from tests.databases import wait_for_a_lock

Sessions = sessionmaker[Session]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BANNER = "150626"
MOMENT = dt.timedelta(microseconds=1)


def _invite(database: Sessions, role: Role = Role.BANNER_REVIEWER, area: str = BANNER) -> str:
    with database.begin() as session:
        return codes.invite(session, role=role, area=area, name="张三", created_by=None, now=NOON)


def _link(database: Sessions, person: Person) -> str:
    with database.begin() as session:
        return codes.link(session, people.known_id(person), now=NOON)


def _redeem(
    database: Sessions, secret: str, identity: str | None = "telegram:7", *, later: dt.timedelta = MOMENT
) -> Person | Refusal:
    with database.begin() as session:
        return codes.redeem(session, secret, identity, now=NOON + later)


def _member(database: Sessions, identity: str | None = "telegram:7") -> Person:
    person = _redeem(database, _invite(database), identity)
    assert isinstance(person, Person)
    return person


def _find(database: Sessions, identity: str) -> Person | None:
    with database.begin() as session:
        return people.find(session, identity)


def test_an_invitation_makes_a_person_with_its_role_and_area(database: Sessions) -> None:
    person = _member(database)
    assert (person.name, person.role, person.area) == ("张三", Role.BANNER_REVIEWER, BANNER)
    assert _find(database, "telegram:7") == person


def test_a_code_works_once(database: Sessions) -> None:
    secret = _invite(database)
    _redeem(database, secret)
    assert _redeem(database, secret, "telegram:8") is Refusal.USED
    assert _find(database, "telegram:8") is None


def test_of_many_who_take_a_code_at_once_one_becomes_somebody(database: Sessions) -> None:
    secret = _invite(database)
    start = threading.Barrier(6)
    outcomes: list[Person | Refusal] = []

    def take(number: int) -> None:
        start.wait(timeout=20)
        outcomes.append(_redeem(database, secret, f"telegram:{number}"))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(isinstance(outcome, Person) for outcome in outcomes) == [False] * 5 + [True]
    assert {outcome for outcome in outcomes if not isinstance(outcome, Person)} == {Refusal.USED}
    with database.begin() as session:
        assert len(session.exec(select(Person)).all()) == len(session.exec(select(Identity)).all()) == 1


def test_of_two_transactions_that_have_both_seen_the_code_unused_one_wins(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    secret = _invite(database)
    outcomes: list[Person | Refusal] = []
    with database.begin() as first:
        taken = codes.redeem(first, secret, "telegram:1", now=NOON)
        second = threading.Thread(target=lambda: outcomes.append(_redeem(database, secret, "telegram:2")))
        second.start()
        wait_for_a_lock(postgresql_url)
    second.join(timeout=60)
    assert isinstance(taken, Person) and outcomes == [Refusal.USED]


@pytest.mark.parametrize(
    ("later", "works"),
    [(INVITATION_LIFETIME - MOMENT, True), (INVITATION_LIFETIME, False), (dt.timedelta(days=400), False)],
)
def test_an_invitation_is_good_for_a_week(sessions: Sessions, later: dt.timedelta, works: bool) -> None:
    outcome = _redeem(sessions, _invite(sessions), later=later)
    assert isinstance(outcome, Person) if works else outcome is Refusal.EXPIRED


@pytest.mark.parametrize(("later", "works"), [(LINK_LIFETIME - MOMENT, True), (LINK_LIFETIME, False)])
def test_a_link_code_is_good_for_ten_minutes(sessions: Sessions, later: dt.timedelta, works: bool) -> None:
    outcome = _redeem(sessions, _link(sessions, _member(sessions)), "web:a1", later=later)
    assert isinstance(outcome, Person) if works else outcome is Refusal.EXPIRED


@pytest.mark.parametrize("secret", ["", "i33", "x" * 300, "nonsense", "\ud83d"])
def test_a_code_that_nobody_made_is_unknown(sessions: Sessions, secret: str) -> None:
    assert _redeem(sessions, secret) is Refusal.UNKNOWN


def test_a_code_may_be_typed_in_capitals_with_spaces_around(sessions: Sessions) -> None:
    assert isinstance(_redeem(sessions, f" {_invite(sessions).upper()} "), Person)


def test_a_code_has_128_bits_fits_a_deep_link_and_is_not_stored(sessions: Sessions) -> None:
    secrets = {_invite(sessions) for _ in range(50)}
    assert len(secrets) == 50
    assert all(re.fullmatch("[a-z2-7]{26}", secret) for secret in secrets)
    with sessions.begin() as session:
        stored = " ".join(code.model_dump_json() for code in session.exec(select(Code)))
    assert not [secret for secret in secrets if secret in stored]


def test_a_link_code_joins_another_channel_to_the_person(database: Sessions) -> None:
    person = _member(database)
    assert _redeem(database, _link(database, person), "web:a1") == person
    assert _find(database, "web:a1") == person == _find(database, "telegram:7")


def test_a_browser_gets_the_identity_of_the_person(sessions: Sessions) -> None:
    person = _member(sessions, None)
    assert _find(sessions, f"web:p{person.id}") == person
    assert _redeem(sessions, _link(sessions, person), None) == person


def test_somebody_known_is_not_invited_again_and_the_invitation_stays_good(sessions: Sessions) -> None:
    person = _member(sessions)
    secret = _invite(sessions, Role.ADMINISTRATOR, "")
    assert _redeem(sessions, secret) is Refusal.KNOWN
    assert _find(sessions, "telegram:7") == person
    assert isinstance(_redeem(sessions, secret, "telegram:8"), Person)


def test_a_channel_keeps_its_owner_and_the_link_code_stays_good(sessions: Sessions) -> None:
    one, other = _member(sessions, "telegram:1"), _member(sessions, "telegram:2")
    secret = _link(sessions, one)
    assert _redeem(sessions, secret, "telegram:2") is Refusal.KNOWN
    assert _find(sessions, "telegram:2") == other
    assert _redeem(sessions, secret, "telegram:3") == one


def test_a_link_code_of_ones_own_is_used_up_without_harm(sessions: Sessions) -> None:
    person = _member(sessions)
    secret = _link(sessions, person)
    assert _redeem(sessions, secret) == person
    assert _redeem(sessions, secret) is Refusal.USED


def test_nobody_comes_back_by_a_code_after_being_switched_off(sessions: Sessions) -> None:
    _member(sessions, "telegram:1")  # somebody has to stay
    person = _member(sessions)
    link = _link(sessions, person)
    with sessions.begin() as session:
        stored = people.get(session, people.known_id(person))
        assert stored is not None
        switch_off(session, stored, now=NOON)
    assert _redeem(sessions, _invite(sessions)) is Refusal.SWITCHED_OFF
    assert _redeem(sessions, link, "telegram:9") is Refusal.UNKNOWN
    late = _link(sessions, person)  # asked for in the same moment
    assert _redeem(sessions, late, "telegram:9") is Refusal.SWITCHED_OFF


def test_a_code_that_others_have_seen_can_be_made_worthless(sessions: Sessions) -> None:
    secret = _invite(sessions)
    with sessions.begin() as session:
        codes.revoke(session, secret, now=NOON)
    assert _redeem(sessions, secret) is Refusal.USED


def test_the_first_administrator_is_invited_until_there_is_one(sessions: Sessions) -> None:
    with sessions.begin() as session:
        links = [codes.invite_first_administrator(session, now=NOON) for _ in range(2)]
    assert all(links) and links[0] is not None and links[1] is not None
    first = _redeem(sessions, links[0])
    assert isinstance(first, Person) and first.role == Role.ADMINISTRATOR
    assert _redeem(sessions, links[1], "telegram:8") is Refusal.USED
    with sessions.begin() as session:
        assert codes.invite_first_administrator(session, now=NOON) is None


@pytest.mark.parametrize(
    ("role", "area"),
    [(Role.VILLAGE_CADRE, BANNER), (Role.BANNER_REVIEWER, ""), (Role.ADMINISTRATOR, BANNER)],
)
def test_an_invitation_needs_an_area_of_the_level_of_its_role(
    sessions: Sessions, role: Role, area: str
) -> None:
    with pytest.raises(WrongAreaError, match="expected"):
        _invite(sessions, role, area)
