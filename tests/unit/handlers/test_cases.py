"""Lists of cases, looking for one, and its card."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import case_lists, cases, people, workflow
from db.access import Role
from handlers import wording_cases
from handlers.paging import PER_PAGE
from handlers.turn import Converse
from tests.unit.handlers.case_world import (
    ADMINISTRATOR,
    CADRE,
    OTHER_VILLAGE,
    READER,
    REVIEWER,
    SAME_TOWNSHIP,
    STRANGER,
    TOWNSHIP,
    VILLAGE,
    World,
    button,
    labels,
    text,
)  # fmt: skip

Person = Any  # of conftest.py
ID_NUMBER = "150626199001010015"


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def _card(world: World, chat: str, number: str) -> Any:
    return world.at(chat).presses(f"case:{number}")[-1]


# --- lists ----------------------------------------------------------------------------------


def test_the_start_counts_what_each_list_holds(world: World) -> None:
    world.reported()
    world.reported(step="township_review")
    late = world.reported(step="township_review")
    world.change(late, due_on=world.now.date() - dt.timedelta(days=1))
    assert labels(*world.at(REVIEWER).writes("/cases"))[:4] == [
        "待办（2）",
        "我报的（0）",
        "超期（1）",
        "按嘎查村",
    ]
    assert labels(*world.at(CADRE).writes("/cases"))[:2] == ["待办（1）", "我报的（3）"]
    assert labels(*world.at(STRANGER).writes("/cases"))[:3] == ["待办（0）", "我报的（0）", "超期（0）"]
    assert labels(*world.at(READER).writes("/cases")) == ["超期（1）", "按嘎查村", "全部（3）"]


def test_a_list_shows_the_last_digits_and_the_head_masked(world: World) -> None:
    number = world.reported(urgent=True)
    (reply,) = world.at(CADRE).presses("cases:todo:0")
    line = labels(reply)[0]
    assert line.startswith(f"【紧急】{case_lists.short_number(number)} 乌****")
    assert "农牧户申请" in line
    assert "乌云其其格" not in reply.to_json()


def test_a_long_list_is_turned_page_by_page(world: World) -> None:
    numbers = [world.reported() for _ in range(PER_PAGE + 2)]
    person = world.at(CADRE)
    first = person.presses("cases:all:0")
    second = person.presses(button(first, "下一页"))
    shown = [b.data for reply in (*first, *second) for row in reply.buttons for b in row]
    assert [data for data in shown if data.startswith("case:")] == [
        f"case:{number}" for number in reversed(numbers)
    ]
    assert labels(*person.presses("cases:all:99")) == labels(*second)


@pytest.mark.parametrize(
    "data", ["cases:", "cases:x", "cases:todo", "cases:todo:x", "cases:all:0:1%", "cases:all:-1"]
)
def test_a_forged_list_button_shows_nothing_that_should_not_be(world: World, data: str) -> None:
    number = world.reported()
    replies = world.at(STRANGER).presses(data)
    assert "出了点问题" not in text(replies)
    assert number not in "".join(reply.to_json() for reply in replies)


def test_empty_lists_say_what_to_do(world: World) -> None:
    person = world.at(CADRE)
    for kind, said in wording_cases.EMPTY.items():
        assert text(person.presses(f"cases:{kind}:0")) == said
    assert text(person.presses("cases:villages:0")) == wording_cases.NO_VILLAGES


def test_villages_with_cases_are_counted_and_lead_to_them(world: World) -> None:
    first, second = world.reported(), world.reported(area=SAME_TOWNSHIP)
    world.reported(area=OTHER_VILLAGE, reporter=STRANGER)
    person = world.at(REVIEWER)
    villages = person.presses("cases:villages:0")
    counts = [label for label in labels(*villages) if "（1）" in label]
    assert len(counts) == 2
    listed = person.presses(button(villages, counts[1]))
    assert f"case:{second}" in listed[0].to_json()
    assert first not in listed[0].to_json()


def test_who_covers_much_chooses_from_large_to_small(world: World) -> None:
    number = world.reported()
    world.reported(area=OTHER_VILLAGE, reporter=STRANGER)
    person = world.at(READER)
    banners = person.presses("cases:villages:0")
    assert labels(*banners)[:2] == ["鄂尔多斯市 乌审旗（2）", "这里全部（2）"]
    townships = person.presses(button(banners, "乌审旗"))
    villages = person.presses(button(townships, "乌兰陶勒盖镇（1）"))
    listed = person.presses(button(villages, "巴音高勒嘎查（1）"))
    assert button(listed, "乌****").data == f"case:{number}"
    back = person.presses(button(listed, wording_cases.TO_VILLAGES))
    assert labels(*back) == labels(*villages)


def test_a_case_of_a_village_that_is_not_in_the_register_counts_for_the_township(world: World) -> None:
    number = world.reported(area=TOWNSHIP, place_typed="新嘎查", reporter=REVIEWER)
    villages = world.at(REVIEWER).presses("cases:villages:0")
    assert labels(*villages) == ["这里全部（1）", wording_cases.TO_OVERVIEW]
    assert button(world.at(REVIEWER).presses(button(villages, "这里全部")), "新嘎查").data == f"case:{number}"


def test_a_village_of_elsewhere_shows_nothing(world: World) -> None:
    number = world.reported()
    assert number not in world.at(STRANGER).presses(f"cases:all:0:{VILLAGE}")[0].to_json()


def test_a_visitor_is_told_how_to_register(world: World) -> None:
    number = world.reported()
    visitor = world.at("telegram:99")
    for replies in (
        visitor.writes("/cases"),
        visitor.presses(f"case:{number}"),
        visitor.presses("cases:all:0"),
    ):
        assert text(replies) == wording_cases.REGISTER_FIRST


# --- looking for one ------------------------------------------------------------------------


def test_a_case_is_found_by_its_number_and_by_its_last_digits(world: World) -> None:
    number = world.reported()
    person = world.at(CADRE)
    for typed in (number, f" {number[:2]}-{number[2:]}", case_lists.short_number(number)):
        assert f"编号{number}" in text(person.writes(f"/cases {typed}"))


@pytest.mark.parametrize("name", ["乌云其其格", "乌云 其其格", "乌云·其其格", "巫云其其格"])
def test_a_case_is_found_by_the_heads_name_and_by_its_sound(world: World, name: str) -> None:
    number = world.reported()
    found = world.at(CADRE).writes(f"/cases {name}")
    assert button(found, "乌****").data == f"case:{number}"
    assert "乌云其其格" not in labels(*found)


def test_cases_are_found_by_place(world: World) -> None:
    number = world.reported()
    name = world.at(CADRE)  # the village's own name, as the register has it
    listed = name.presses("cases:villages:0")
    village = labels(*listed)[0].partition("（")[0].split()[-1]
    assert f"case:{number}" in world.at(REVIEWER).writes(f"/cases {village}")[0].to_json()
    assert number not in world.at(STRANGER).writes(f"/cases {village}")[0].to_json()


@pytest.mark.parametrize("typed", ["乌云其其格", "{number}", "{short}", "绝无此名", "9" * 30])
def test_what_others_may_not_see_is_not_found(world: World, typed: str) -> None:
    number = world.reported()
    typed = typed.format(number=number, short=case_lists.short_number(number))
    replies = world.at(STRANGER).writes(f"/cases {typed}")
    assert text(replies) == wording_cases.nothing_found(typed)


# --- the card -------------------------------------------------------------------------------


def test_the_card_says_where_the_case_stands_and_that_it_is_a_lead(world: World) -> None:
    number = world.reported(step="township_review", risks=("illness", "disability"), urgent=True)
    card = _card(world, REVIEWER, number)
    for part in (
        f"【紧急】编号{number}", "乌****", "第5/8步：苏木乡镇审核，从2026年3月1日开始", "家里4口人",
        "因病、因残", "待定", "基层干部排查", "上报1次，照片0张", "健康帮扶", wording_cases.LEAD_ONLY,
    ):  # fmt: skip
        assert part in card.text
    assert "办理期限" not in card.text


def test_a_due_date_is_shown_as_a_local_rule(world: World) -> None:
    number = world.reported()
    world.change(number, due_on=dt.date(2026, 2, 28))
    assert wording_cases.due(dt.date(2026, 2, 28), overdue=True) in _card(world, CADRE, number).text


def test_a_village_that_is_not_in_the_register_is_marked(world: World) -> None:
    number = world.reported(place_typed="新嘎查")
    assert "“新嘎查”（待核对" in _card(world, CADRE, number).text


def test_the_card_offers_what_the_person_may_do_and_nothing_else(world: World) -> None:
    number = world.reported(step="township_review")
    decisions = {"审核通过", "退回到走访排查", "退回到农牧户申请", "不予认定", "撤回"}
    assert decisions <= set(labels(_card(world, REVIEWER, number)))
    assert not decisions & set(labels(_card(world, CADRE, number)))
    reader = set(labels(_card(world, READER, number)))
    assert reader == {wording_cases.TIMELINE, wording_cases.CLAUSE, wording_cases.TO_OVERVIEW}


def test_the_time_line_says_who_did_what_when_and_why(world: World) -> None:
    number = world.reported(step="township_review")
    person = world.at(REVIEWER)
    person.presses(button(_card(world, REVIEWER, number), "不予认定"))
    person.writes("收入高于标准")
    line = text(person.presses(f"case:{number}:log:0"))
    assert "2026年3月1日20:00 李四（苏木乡镇审核员）：不予认定。原因：收入高于标准" in line
    assert "巴图（嘎查村干部）：评议通过，到“苏木乡镇审核”" in line
    assert line.index("不予认定") < line.index("上报")


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("recorded", {"form": "income"}, "登记：家庭收入"),
        ("recorded", {"form": "exit"}, "登记：风险消除核对表"),
        ("recorded", {"size": [4, 5]}, "登记：家庭人口"),
        ("screened", {"period": "2026Q1", "worse": ""}, "监测"),
        ("measure_started", {"measure": "work_help"}, "开始帮扶：就业帮扶"),
        ("consent_withdrawn", {}, "登记农牧户收回授权"),
        ("personal", {"phone": ["1", "2"]}, "填写个人信息：电话"),
        ("something_new", {"secret": "x"}, "更新"),
    ],
)
def test_every_change_stands_in_the_time_line_in_words(
    world: World, sessions: sessionmaker[Session], action: str, detail: dict[str, Any], said: str
) -> None:
    number = world.reported()
    with sessions.begin() as session:
        case = cases.find(session, people.find(session, REVIEWER), number)
        actor = people.find(session, CADRE)
        assert case is not None
        assert actor is not None
        workflow.change(session, case, action, actor=actor, now=world.now, detail=detail)
    newest = text(world.at(REVIEWER).presses(f"case:{number}:log:0")).splitlines()[1]
    assert newest.endswith(f"巴图（嘎查村干部）：{said}")


def test_the_clause_is_quoted_with_document_and_place(world: World) -> None:
    number = world.reported(step="hearing")
    said = text(world.at(CADRE).presses(f"case:{number}:rule"))
    assert "按照农牧户申请、走访排查、农牧户授权、民主评议公开" in said
    assert "》第三章" in said


def test_the_account_of_what_happened_is_for_those_who_work_on_it(world: World) -> None:
    number = world.reported()
    assert "摔伤住院" in text(world.at(REVIEWER).presses(f"case:{number}:story"))
    for chat in (READER, ADMINISTRATOR):
        assert text(world.at(chat).presses(f"case:{number}:story")) == wording_cases.MAY_NOT_REVEAL


# --- revealing ------------------------------------------------------------------------------


def test_a_name_is_revealed_with_a_reason_and_written_down(world: World) -> None:
    number = world.reported(id_number=ID_NUMBER)
    person = world.at(REVIEWER)
    asked = person.presses(button(_card(world, REVIEWER, number), "显示户主姓名"))
    assert "乌云其其格" not in text(asked)
    assert [entry.action for entry in world.history(number)] == ["report"]
    assert "乌云其其格" in text(person.presses(button(asked, "办理审核")))
    last = world.history(number)[-1]
    assert (last.action, last.detail) == ("reveal", {"field": "head", "reason": "办理审核"})
    assert "李四（苏木乡镇审核员）：查看：户主。原因：办理审核" in text(
        person.presses(f"case:{number}:log:0")
    )


def test_an_id_number_is_not_shown_in_telegram(world: World) -> None:
    number = world.reported(id_number=ID_NUMBER)
    replies = world.at(REVIEWER).presses(f"reveal:{number}:id_number:review")
    assert text(replies) == wording_cases.ON_THE_PAGE
    assert [entry.action for entry in world.history(number)] == ["report"]


def test_an_id_number_is_shown_in_a_channel_of_our_own_that_has_no_pages(world: World) -> None:
    world.join("terminal", Role.TOWNSHIP_REVIEWER, TOWNSHIP, "周九")
    number = world.reported(id_number=ID_NUMBER)
    assert ID_NUMBER in text(world.at("terminal").presses(f"reveal:{number}:id_number:review"))
    assert world.history(number)[-1].action == "reveal"


def test_an_id_number_is_on_a_page_that_is_opened_by_a_link(
    world: World, person: Person, handle_in: Callable[..., Converse], sessions: sessionmaker[Session]
) -> None:
    number = world.reported(id_number=ID_NUMBER)
    reviewer = type(person)(handle_in(sessions, web_url="https://bot.example"), REVIEWER)
    said = text(reviewer.presses(f"reveal:{number}:id_number:review"))
    assert "https://bot.example/p/" in said
    assert ID_NUMBER not in said


def test_telegram_hears_no_name_where_only_codes_are_allowed(
    world: World, person: Person, handle_in: Callable[..., Converse], sessions: sessionmaker[Session]
) -> None:
    number = world.reported()
    reviewer = type(person)(handle_in(sessions, telegram_names=False), REVIEWER)
    assert text(reviewer.presses(f"reveal:{number}:head:review")) == wording_cases.ON_THE_PAGE


@pytest.mark.parametrize("chat", [READER, ADMINISTRATOR])
def test_who_may_only_look_reveals_nothing(world: World, chat: str) -> None:
    number = world.reported()
    assert text(world.at(chat).presses(f"reveal:{number}:head:review")) == wording_cases.MAY_NOT_REVEAL
    assert [entry.action for entry in world.history(number)] == ["report"]


@pytest.mark.parametrize(
    "rest", ["", ":", ":narrative", ":area:review", ":phone:review", ":head_name:review"]
)
def test_a_forged_reveal_shows_nothing(world: World, rest: str) -> None:
    number = world.reported()
    assert text(world.at(REVIEWER).presses(f"reveal:{number}{rest}")) == wording_cases.NOT_RECORDED


def test_reading_what_happened_is_written_down_for_everybody_but_the_reporter(world: World) -> None:
    number = world.reported()
    before = len(world.history(number))
    world.at(CADRE).presses(f"case:{number}:story")
    assert len(world.history(number)) == before
    world.at(REVIEWER).presses(f"case:{number}:story")
    (timeline,) = world.at(REVIEWER).presses(f"case:{number}:log:0")
    assert "查看：情况说明" in timeline.text
    assert world.chain_holds(number)
