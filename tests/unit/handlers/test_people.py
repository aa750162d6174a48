import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db import codes, people
from db.access import INVITED, Role
from db.models import Code
from db.models import Person as Member
from handlers import wording_people as wording
from handlers.people import PAGE
from handlers.turn import Button, Converse, Reply

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]

BANNER, OTHER_BANNER, TOWNSHIP = "150626", "150625", "150626104"
ROLE_NUMBER = {role: INVITED.index(role) for role in INVITED}


@pytest.fixture
def now(clock: Callable[[], dt.datetime]) -> dt.datetime:
    return clock()


@pytest.fixture
def join(sessions: Sessions, now: dt.datetime) -> Callable[..., int]:
    """Register somebody and return the number."""

    def join(chat: str, role: Role = Role.BANNER_REVIEWER, area: str = BANNER, name: str = "张三") -> int:
        with sessions.begin() as session:
            person = people.create(session, role=role, area=area, name=name, now=now)
            people.add_channel(session, person, chat, now=now)
            return people.known_id(person)

    return join


@pytest.fixture
def administrator(
    person: Person, handle_in: Callable[..., Converse], sessions: Sessions, join: Callable[..., int]
) -> Person:
    """Person 1."""
    join("telegram:1", Role.ADMINISTRATOR, "", "王五")
    where = {"web_url": "https://bot.example", "telegram_name": "policybot"}
    return type(person)(handle_in(sessions, **where), "telegram:1")


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def _button(reply: Reply, label: str) -> Button:
    return next(button for button in _buttons(reply) if label in button.label)


def _member(sessions: Sessions, number: int) -> Member:
    with sessions.begin() as session:
        found = people.get(session, number)
        assert found is not None
        return found


# --- only administrators --------------------------------------------------------------------


ALL_BUTTONS = (
    "invite-role:0", "invite:4::李四", f"invite:2:{BANNER}:李四", "people:0", "person:1",
    "person-role:1", "set-role:1:4", "person-area:1", f"set-area:1:2:{BANNER}", "switch-off:1",
    "switch-off-now:1", "switch-on:1",
)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_can_see_or_change_anybody(
    person_in: Callable[[str], Person], join: Callable[..., int], sessions: Sessions, role: Role
) -> None:
    join("telegram:1", Role.ADMINISTRATOR, "")
    join("telegram:2", Role.ADMINISTRATOR, "")
    if role is not Role.VISITOR:
        join("telegram:3", role)
    person = person_in("telegram:3")
    texts = [person.presses(button)[0].text for button in ALL_BUTTONS]
    texts += [
        person.writes(text)[0].text
        for text in ("/people", "/people 1", "/people 1 市级", "/invite 市级 李四")
    ]
    assert set(texts) == {wording.ADMINISTRATORS_ONLY}
    with sessions.begin() as session:
        assert session.exec(select(Code)).all() == []
    assert (_member(sessions, 1).role, _member(sessions, 1).active) == (Role.ADMINISTRATOR, True)


@pytest.mark.parametrize("button", ALL_BUTTONS)
def test_a_button_pressed_in_a_group_shows_and_does_nothing(
    administrator: Person, sessions: Sessions, button: str
) -> None:
    (reply,) = administrator.in_group("telegram:-100").presses(button)
    assert (reply.text, reply.buttons) == (wording.PRIVATE_ONLY, ())


def test_only_administrators_hear_of_their_commands(
    person_in: Callable[[str], Person], administrator: Person
) -> None:
    assert "/people" in administrator.writes("/nonsense")[0].text
    text = person_in("telegram:9").writes("/nonsense")[0].text
    assert "/me" in text and "/people" not in text and "/invite" not in text


# --- inviting -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "role", "area", "name"),
    [
        ("/invite 旗区审核员 乌审旗 李四", Role.BANNER_REVIEWER, BANNER, "李四"),
        ("/invite 旗区 150626 李四", Role.BANNER_REVIEWER, BANNER, "李四"),
        ("/invite 苏木乡镇审核员 乌审旗 无定河镇 李四", Role.TOWNSHIP_REVIEWER, TOWNSHIP, "李四"),
        ("/invite 管理员 李四", Role.ADMINISTRATOR, "", "李四"),
        ("/invite city_reader 阿拉腾 乌日娜", Role.CITY_READER, "", "阿拉腾 乌日娜"),
    ],
)
def test_an_invitation_names_role_area_and_person_and_works(
    administrator: Person, person_in: Callable[[str], Person], sessions: Sessions,
    command: str, role: Role, area: str, name: str,
) -> None:  # fmt: skip
    (reply,) = administrator.writes(command)
    code = re.search(r"https://bot\.example/in/(\S+)", reply.text)
    assert code is not None and f"https://t.me/policybot?start={code[1]}" in reply.text
    assert name in reply.text and wording.ROLE_NAMES[role] in reply.text and "7天" in reply.text
    person_in("telegram:9").writes(f"/start {code[1]}")
    with sessions.begin() as session:
        invited = people.find(session, "telegram:9")
        assert invited is not None
        assert (invited.role, invited.area, invited.name) == (role, area, name)
        assert session.exec(select(Code)).one().created_by == 1


def test_a_bare_command_offers_the_roles_and_how_to_go_on(administrator: Person) -> None:
    (reply,) = administrator.writes("/invite")
    assert [button.label for button in _buttons(reply)] == [wording.ROLE_NAMES[role] for role in INVITED]
    for button in _buttons(reply):
        (example,) = administrator.presses(button)
        assert "邀请做好了" in administrator.writes(example.text.partition("\n")[2])[0].text


@pytest.mark.parametrize("role", ["访客", "visitor", "县长", "👍"])
def test_a_role_that_does_not_exist_gets_the_list(administrator: Person, role: str) -> None:
    (reply,) = administrator.writes(f"/invite {role} 乌审旗 李四")
    assert role in reply.text and len(_buttons(reply)) == len(INVITED)


@pytest.mark.parametrize("command", ["/invite 旗区审核员", "/invite 旗区审核员 乌审旗", "/invite 管理员"])
def test_what_is_missing_is_shown_by_an_example(administrator: Person, command: str) -> None:
    assert "/invite " in administrator.writes(command)[0].text


@pytest.mark.parametrize("place", ["乌审期", "前旗"])
def test_a_misspelt_or_ambiguous_area_is_chosen_by_a_button(
    administrator: Person, sessions: Sessions, place: str
) -> None:
    (reply,) = administrator.writes(f"/invite 旗区审核员 {place} 李{{四}}:五")
    assert reply.text == wording.CHOOSE_AREA
    with sessions.begin() as session:
        assert session.exec(select(Code)).all() == []
    button = _buttons(reply)[0]
    assert button.label in administrator.presses(button)[0].text
    with sessions.begin() as session:
        made = session.exec(select(Code)).one()
    assert made.name == "李{四}:五" and len(made.area) == 6


def test_an_area_that_is_nowhere_is_said_so(administrator: Person) -> None:
    (reply,) = administrator.writes("/invite 旗区审核员 xyzzy 李四")
    assert "xyzzy" in reply.text and reply.buttons == ()


@pytest.mark.parametrize(("length", "fits"), [(14, True), (15, False)])
def test_a_name_is_as_long_as_a_button_can_carry(administrator: Person, length: int, fits: bool) -> None:
    (reply,) = administrator.writes(f"/invite 嘎查村干部 巴音温都尔嘎查 {'李' * length}")
    assert bool(reply.buttons) is fits


@pytest.mark.parametrize(
    "data",
    ["invite:", "invite:9:150626:李四", f"invite:{ROLE_NUMBER[Role.BANNER_REVIEWER]}:{TOWNSHIP}:李四",
     f"invite:{ROLE_NUMBER[Role.BANNER_REVIEWER]}:159999:李四", "invite:x::", "invite-role:99",
     "invite-role:²"],
)  # fmt: skip
def test_a_forged_choice_makes_no_invitation(administrator: Person, sessions: Sessions, data: str) -> None:
    administrator.presses(data)
    with sessions.begin() as session:
        assert session.exec(select(Code)).all() == []


# --- the list -------------------------------------------------------------------------------


def test_the_list_is_paged_in_place(administrator: Person, join: Callable[..., int]) -> None:
    for number in range(2, PAGE + 3):
        join(f"telegram:{number}", name=f"人{number}")
    (first,) = administrator.writes("/people")
    (second,) = administrator.presses(_button(first, wording.LATER))
    assert (first.edit, second.edit) == (False, True)
    shown = [button.label for reply in (first, second) for button in _buttons(reply)]
    assert [label for label in shown if label[0].isdigit()] == [
        "1 王五 管理员", *(f"{number} 人{number} 旗区审核员 乌审旗" for number in range(2, PAGE + 3))
    ]  # fmt: skip
    (again,) = administrator.presses(_button(second, wording.EARLIER))
    assert again.buttons == first.buttons


@pytest.mark.parametrize("data", ["people:99", "people:", "people:x", "people:-1"])
def test_a_page_that_is_not_there_is_the_nearest(administrator: Person, data: str) -> None:
    (reply,) = administrator.presses(data)
    assert "王五" in _buttons(reply)[0].label


@pytest.mark.parametrize("text", ["/people 99", "/people 99999999999999999999", "/people 张三", "/people -1"])
def test_a_number_that_nobody_has_is_said_so(administrator: Person, text: str) -> None:
    assert administrator.writes(text)[0].text == wording.NO_SUCH_PERSON


def test_a_card_shows_everything_about_a_person(administrator: Person, join: Callable[..., int]) -> None:
    number = join("web:p2")
    (reply,) = administrator.presses(f"person:{number}")
    for part in ("张三", "旗区审核员", "鄂尔多斯市 乌审旗", "网页", f"编号：{number}", "使用中"):
        assert part in reply.text
    assert reply.text == administrator.writes(f"/people {number}")[0].text


# --- changing -------------------------------------------------------------------------------


def test_a_role_is_changed_by_buttons(
    administrator: Person, join: Callable[..., int], sessions: Sessions
) -> None:
    number = join("telegram:2")
    (card,) = administrator.writes(f"/people {number}")
    (roles,) = administrator.presses(_button(card, wording.CHANGE_ROLE))
    assert "旗区审核员" not in [button.label for button in _buttons(roles)]
    (changed,) = administrator.presses(_button(roles, "市级查阅员"))
    assert changed.edit and "市级查阅员" in changed.text
    assert (_member(sessions, number).role, _member(sessions, number).area) == (Role.CITY_READER, "")


def test_a_role_that_needs_another_area_says_how_to_name_it(
    administrator: Person, join: Callable[..., int], sessions: Sessions
) -> None:
    number = join("telegram:2")
    (reply,) = administrator.presses(f"set-role:{number}:{ROLE_NUMBER[Role.TOWNSHIP_REVIEWER]}")
    assert _member(sessions, number).role == Role.BANNER_REVIEWER
    (changed,) = administrator.writes(reply.text.partition("\n")[2])
    assert "苏木乡镇审核员" in changed.text and "无定河镇" in changed.text
    assert _member(sessions, number).area == TOWNSHIP


@pytest.mark.parametrize(
    ("words", "role", "area"),
    [
        ("鄂托克旗", Role.BANNER_REVIEWER, "150624"),
        ("150625", Role.BANNER_REVIEWER, OTHER_BANNER),
        ("乡镇审核员 乌审旗 无定河镇", Role.TOWNSHIP_REVIEWER, TOWNSHIP),
        ("管理员", Role.ADMINISTRATOR, ""),
        ("旗区审核员", Role.BANNER_REVIEWER, BANNER),
    ],
)
def test_role_and_area_are_changed_by_a_line(
    administrator: Person, join: Callable[..., int], sessions: Sessions, words: str, role: Role, area: str
) -> None:
    number = join("telegram:2")
    administrator.writes(f"/people {number} {words}")
    assert (_member(sessions, number).role, _member(sessions, number).area) == (role, area)


def test_an_area_is_changed_after_a_choice(
    administrator: Person, join: Callable[..., int], sessions: Sessions
) -> None:
    number = join("telegram:2")
    (told,) = administrator.presses(f"person-area:{number}")
    assert f"/people {number} 旗区审核员" in told.text
    (choice,) = administrator.writes(f"/people {number} 前旗")
    assert _member(sessions, number).area == BANNER
    (changed,) = administrator.presses(_button(choice, "鄂托克前旗"))
    assert "鄂托克前旗" in changed.text and changed.edit
    assert _member(sessions, number).area == "150623"


def test_a_name_is_changed_by_the_line_that_the_card_shows(administrator: Person, sessions: Sessions) -> None:
    (card,) = administrator.writes("/people 1")
    (changed,) = administrator.writes(card.text.rpartition("：")[2].replace("张三", "阿拉腾 乌日娜"))
    assert "阿拉腾 乌日娜" in changed.text
    assert (_member(sessions, 1).name, _member(sessions, 1).role) == ("阿拉腾 乌日娜", Role.ADMINISTRATOR)


def test_a_name_that_is_too_long_is_refused(administrator: Person, sessions: Sessions) -> None:
    administrator.writes(f"/people 1 姓名 {'李' * 15}")
    assert _member(sessions, 1).name == "王五"


@pytest.mark.parametrize("words", ["市级 乌审旗", "旗区审核员 xyzzy", "xyzzy"])
def test_a_change_that_makes_no_sense_is_explained(
    administrator: Person, join: Callable[..., int], sessions: Sessions, words: str
) -> None:
    number = join("telegram:2")
    (reply,) = administrator.writes(f"/people {number} {words}")
    assert reply.text.endswith("。") and "姓名" not in reply.text
    assert (_member(sessions, number).role, _member(sessions, number).area) == (Role.BANNER_REVIEWER, BANNER)


@pytest.mark.parametrize(
    "data", ["set-role:2:99", "set-role:2:", "set-area:2:2:150626103", "set-area:2:2:159999", "set-area:2:2",
             "set-area:2", "switch-off-now:", "person:x", "person-role:99"],
)  # fmt: skip
def test_a_forged_change_changes_nothing(
    administrator: Person, join: Callable[..., int], sessions: Sessions, data: str
) -> None:
    number = join("telegram:2")
    (reply,) = administrator.presses(data)
    assert "编号 " not in reply.text
    member = _member(sessions, number)
    assert (member.role, member.area, member.active) == (Role.BANNER_REVIEWER, BANNER, True)


# --- switching off --------------------------------------------------------------------------


def test_switching_off_asks_first_and_can_be_undone(
    administrator: Person, person_in: Callable[[str], Person], join: Callable[..., int], sessions: Sessions
) -> None:
    number = join("telegram:2")
    (card,) = administrator.writes(f"/people {number}")
    (really,) = administrator.presses(_button(card, wording.SWITCH_OFF))
    assert "张三" in really.text and _member(sessions, number).active
    (left,) = administrator.presses(_button(really, wording.LEAVE))
    assert left.text == card.text
    (off,) = administrator.presses(_button(really, wording.REALLY_OFF))
    assert "已停用" in off.text
    assert person_in("telegram:2").writes("/me")[0].text == wording.SWITCHED_OFF
    assert "（停用）" in _button(administrator.writes("/people")[0], "张三").label
    administrator.presses(_button(off, wording.SWITCH_ON))
    assert "旗区审核员" in person_in("telegram:2").writes("/me")[0].text


@pytest.mark.parametrize("data", ["switch-off-now:1", f"set-role:1:{ROLE_NUMBER[Role.CITY_READER]}"])
def test_the_last_administrator_stays(administrator: Person, sessions: Sessions, data: str) -> None:
    assert administrator.presses(data)[0].text == wording.LAST_ADMINISTRATOR
    assert (_member(sessions, 1).role, _member(sessions, 1).active) == (Role.ADMINISTRATOR, True)
    assert administrator.writes("/people 1 市级")[0].text == wording.LAST_ADMINISTRATOR


def test_an_administrator_who_was_switched_off_can_do_nothing_at_once(
    administrator: Person, join: Callable[..., int], sessions: Sessions, now: dt.datetime
) -> None:
    join("telegram:2", Role.ADMINISTRATOR, "")
    with sessions.begin() as session:
        code = codes.invite(session, role=Role.ADMINISTRATOR, area="", name="", created_by=1, now=now)
    administrator.presses("switch-off-now:1")
    assert administrator.writes("/people")[0].text == wording.ADMINISTRATORS_ONLY
    assert administrator.writes(f"/start {code}")[0].text != wording.registered("，管理员")
    with sessions.begin() as session:
        assert session.exec(select(Code)).all() == []
