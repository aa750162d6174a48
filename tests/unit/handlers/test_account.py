import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import administration, codes, people
from db.access import INVITED, Role
from db.codes import Purpose, Refusal
from db.models import Code, Identity
from db.models import Person as Member
from handlers import wording, wording_people
from handlers.turn import Converse

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]

BANNER = "150626"
WHERE = {"web_url": "https://bot.example", "telegram_name": "policybot"}
GROUP = "telegram:-100"


@pytest.fixture
def now(clock: Callable[[], dt.datetime]) -> dt.datetime:
    return clock()


@pytest.fixture
def invitation(sessions: Sessions, now: dt.datetime) -> Callable[..., str]:
    def invitation(role: Role = Role.BANNER_REVIEWER, area: str = BANNER, name: str = "张三") -> str:
        with sessions.begin() as session:
            return codes.invite(session, role=role, area=area, name=name, created_by=None, now=now)

    return invitation


@pytest.fixture
def reachable(person: Person, handle_in: Callable[..., Converse], sessions: Sessions) -> Callable[..., Any]:
    """People who can be told a web address and a bot's name."""
    return lambda chat="telegram:7", **desk: type(person)(handle_in(sessions, **WHERE, **desk), chat)


# --- who I am -------------------------------------------------------------------------------


def test_a_visitor_is_told_so_and_how_to_register(person: Person) -> None:
    text = person.writes("/me")[0].text
    assert wording_people.VISITOR in text and wording_people.HOW_TO_REGISTER in text
    assert wording_people.ACTION_NAMES["ask"] in text  # type: ignore[index]


def test_me_says_name_role_whole_area_channels_and_rights(
    person_in: Callable[[str], Person], invitation: Callable[..., str]
) -> None:
    person = person_in("telegram:7")
    person.writes(f"/start {invitation()}")
    text = person.writes("/me")[0].text
    for part in ("张三", "旗区审核员", "鄂尔多斯市 乌审旗", "Telegram", "查政策", "/link"):
        assert part in text
    assert "/invite" not in text and "telegram:7" not in text


def test_an_administrator_has_no_area_and_may_invite(person: Person, invitation: Callable[..., str]) -> None:
    person.writes(f"/start {invitation(Role.ADMINISTRATOR, '')}")
    text = person.writes("/me")[0].text
    assert "管理员" in text and "不分地区" in text and "/invite" in text


def test_an_area_that_the_register_has_lost_is_shown_by_its_code(
    person: Person, invitation: Callable[..., str]
) -> None:
    person.writes(f"/start {invitation(area='159999')}")
    assert "159999" in person.writes("/me")[0].text


def test_somebody_switched_off_is_told_so(
    person_in: Callable[[str], Person], invitation: Callable[..., str], sessions: Sessions, now: dt.datetime
) -> None:
    person_in("telegram:1").writes(f"/start {invitation(Role.ADMINISTRATOR, '')}")
    person = person_in("telegram:7")
    person.writes(f"/start {invitation()}")
    with sessions.begin() as session:
        member = people.find(session, "telegram:7")
        assert member is not None
        administration.switch_off(session, member, now=now)
    assert person.writes("/me")[0].text == wording_people.SWITCHED_OFF
    assert person.writes("/link")[0].text == wording_people.SWITCHED_OFF


# --- codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/start {}", "/link {}", "/start@policybot {}", " /START  {} "])
def test_an_invitation_registers_whoever_sends_it(
    person: Person, invitation: Callable[..., str], command: str, sessions: Sessions
) -> None:
    text = person.writes(command.format(invitation()))[0].text
    assert text == wording_people.registered("张三，旗区审核员，鄂尔多斯市 乌审旗")
    with sessions.begin() as session:
        assert people.find(session, "terminal") is not None


def test_a_code_that_was_used_or_never_made_is_explained(
    person_in: Callable[[str], Person], invitation: Callable[..., str]
) -> None:
    code = invitation()
    person_in("telegram:1").writes(f"/start {code}")
    used = person_in("telegram:2").writes(f"/start {code}")
    unknown = person_in("telegram:2").writes("/start nonsense")
    assert used[0].text == wording_people.refused(Refusal.USED)
    assert unknown[0].text == wording_people.refused(Refusal.UNKNOWN)


def test_an_expired_invitation_is_explained(person: Person, sessions: Sessions, now: dt.datetime) -> None:
    with sessions.begin() as session:
        code = codes.invite(
            session, role=Role.CITY_READER, area="", name="", created_by=None,
            now=now - codes.INVITATION_LIFETIME,
        )  # fmt: skip
    assert person.writes(f"/start {code}")[0].text == wording_people.refused(Refusal.EXPIRED)


def test_whoever_is_registered_is_refused_a_second_invitation(
    person: Person, invitation: Callable[..., str]
) -> None:
    person.writes(f"/start {invitation()}")
    refused = person.writes(f"/start {invitation(Role.ADMINISTRATOR, '')}")
    assert refused[0].text == wording_people.refused(Refusal.KNOWN)
    assert "旗区审核员" in person.writes("/me")[0].text


def test_there_is_a_sentence_for_every_refusal() -> None:
    assert all(wording_people.refused(refusal).endswith("。") for refusal in Refusal)


# --- linking --------------------------------------------------------------------------------


def test_a_visitor_gets_no_link_code(person: Person, sessions: Sessions) -> None:
    assert wording_people.VISITOR in person.writes("/link")[0].text
    with sessions.begin() as session:
        assert session.exec(select(Code)).all() == []


def test_a_link_code_comes_with_every_way_to_use_it(
    reachable: Callable[..., Person], invitation: Callable[..., str], sessions: Sessions
) -> None:
    person = reachable()
    person.writes(f"/start {invitation()}")
    text = person.writes("/link")[0].text
    found = re.search(r"https://bot\.example/in/(\S+)", text)
    assert found is not None
    assert f"https://t.me/policybot?start={found[1]}" in text and f"/link {found[1]}" in text
    assert "10分钟" in text
    with sessions.begin() as session:
        assert session.exec(select(Code).where(Code.purpose == Purpose.LINK)).one().used_at is None


def test_addresses_that_are_not_there_are_not_named(person: Person, invitation: Callable[..., str]) -> None:
    person.writes(f"/start {invitation()}")
    text = person.writes("/link")[0].text
    assert "/link " in text and "http" not in text


def test_a_linked_channel_is_the_same_person(
    reachable: Callable[..., Person], invitation: Callable[..., str], sessions: Sessions
) -> None:
    phone, desk = reachable("telegram:7"), reachable("web:a1")
    phone.writes(f"/start {invitation()}")
    code = re.search(r"/link (\S+)", phone.writes("/link")[0].text)
    assert code is not None
    assert desk.writes(f"/link {code[1]}")[0].text.startswith("登记好了，您是：张三")
    assert "Telegram、网页" in desk.writes("/me")[0].text
    with sessions.begin() as session:
        assert len(session.exec(select(Member)).all()) == 1


# --- groups ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/me", "/link", "/invite", "/people"])
def test_nothing_personal_is_said_in_a_group(
    person_in: Callable[[str], Person], invitation: Callable[..., str], command: str, sessions: Sessions
) -> None:
    person = person_in("telegram:7")
    person.writes(f"/start {invitation(Role.ADMINISTRATOR, '')}")
    (reply,) = person.in_group(GROUP).writes(command)
    assert (reply.text, reply.buttons) == (wording_people.PRIVATE_ONLY, ())
    with sessions.begin() as session:
        assert session.exec(select(Code).where(Code.purpose == Purpose.LINK)).all() == []


@pytest.mark.parametrize("command", ["/start {}", "/link {}"])
def test_a_code_sent_into_a_group_is_void(
    person_in: Callable[[str], Person], invitation: Callable[..., str], command: str, sessions: Sessions
) -> None:
    code = invitation()
    person = person_in("telegram:7")
    assert person.in_group(GROUP).writes(command.format(code))[0].text == wording_people.SEEN_BY_OTHERS
    assert person.writes(f"/start {code}")[0].text == wording_people.refused(Refusal.USED)
    with sessions.begin() as session:
        assert session.exec(select(Identity)).all() == []


# --- only for those invited -----------------------------------------------------------------


@pytest.mark.parametrize("text", ["村规民约归谁考核", "/start i33"])
def test_a_visitor_who_may_not_ask_is_told_how_to_get_an_invitation(
    reachable: Callable[..., Person], text: str
) -> None:
    assert reachable(visitors_may_ask=False).writes(text)[0].text == wording_people.INVITED_ONLY


@pytest.mark.parametrize("button", ["say:村规民约归谁考核", "pick:1:0"])
def test_a_visitor_who_may_not_ask_gets_nothing_from_buttons_either(
    reachable: Callable[..., Person], button: str
) -> None:
    assert reachable(visitors_may_ask=False).presses(button)[0].text == wording_people.INVITED_ONLY


def test_a_visitor_who_may_not_ask_can_still_come_in(
    reachable: Callable[..., Person], invitation: Callable[..., str]
) -> None:
    person = reachable(visitors_may_ask=False)
    assert person.writes("/start")[0].text == wording.WELCOME
    assert "查政策" not in person.writes("/me")[0].text
    person.writes(f"/start {invitation()}")
    assert person.writes("村规民约归谁考核")[0].status == "answered"


def test_every_role_can_be_invited_and_has_a_name(
    person_in: Callable[[str], Person], invitation: Callable[..., str]
) -> None:
    areas = {
        Role.VILLAGE_CADRE: "150626103201",
        Role.TOWNSHIP_REVIEWER: "150626103",
        Role.BANNER_REVIEWER: BANNER,
    }
    for number, role in enumerate(INVITED):
        text = (
            person_in(f"telegram:{number}").writes(f"/start {invitation(role, areas.get(role, ''))}")[0].text
        )
        assert wording_people.ROLE_NAMES[role] in text
