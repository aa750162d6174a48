"""The visit to a household, a piece at a time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import drafts, links, people
from db.access import Role
from handlers import (
    page_filling,
    wording_cases,
    wording_casework,
    wording_forms,
    wording_visit,
)
from handlers.page_shown import FillPage, Refusal
from tests.unit.handlers.case_world import (
    CADRE,
    OTHER_VILLAGE,
    VILLAGE,
    World,
    button,
    labels,
)
from tests.unit.handlers.casework_forms import (
    SKIP,
    SUBMIT,
    YES,
    adds_child,
    adds_head,
    entry,
    fills,
    fills_pieces,
    members,
)
from tests.unit.handlers.conftest import Person


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def test_the_menu_shows_which_pieces_are_done(world: World) -> None:
    number = world.reported(step="visit", size=2)
    cadre = world.at(CADRE)
    (menu,) = cadre.presses(f"visit:{number}")
    assert "☐ 家庭成员：0/2人" in menu.text and "☐ 家庭收入" in menu.text
    adds_head(cadre, number)
    adds_child(cadre, number)
    done = fills_pieces(cadre, number)
    assert "☑ 家庭成员：2/2人" in done[-1].text
    assert "全家纯收入46000.5元，人均23000.25元（按2口人）" in done[-1].text
    assert "自己掏了12000元，理赔救助3000元" in done[-1].text
    assert "住房安全，教育都在上学，医保都参加了，饮水安全" in done[-1].text


def test_the_heads_name_is_not_asked_again(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    assert wording_visit.ASK_SEX in cadre.presses(f"visit:{number}:add")[-1].text
    recorded = adds_head(cadre, number)
    assert "乌****（户主本人，女，1968年生）" in recorded[-1].text and "还差3人" in recorded[-1].text
    (member,) = members(world, number)
    assert (member.name, member.relation) == ("乌云其其格", "head")


def test_a_member_is_edited_without_being_asked_everything_again(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    summary = cadre.presses(f"visit:{number}:member:1")
    assert "乌云其其格" in summary[-1].text and SUBMIT in labels(summary[-1])
    asked = cadre.presses(button(summary, "改干活的月数"))
    fills(cadre, asked, "10", SUBMIT)
    (member,) = members(world, number)
    assert member.answers["months"] == 10 and member.name == "乌云其其格"
    changed = world.history(number)[-1].detail["changed"]
    assert changed == {"months": [3, 10]}


def test_a_child_is_not_asked_for_work_and_a_small_one_not_for_school(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    recorded = adds_child(cadre, number)
    assert wording_visit.CHILD_NOTE in recorded[-1].text
    asked = fills(cadre, cadre.presses(f"visit:{number}:add"), "苏和", "子女", "男", "2025")
    assert wording_visit.ASK_HEALTH in asked[-1].text


def test_what_no_longer_applies_is_not_recorded(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    asked = cadre.presses(button(cadre.presses(f"visit:{number}:member:1"), "改劳动能力"))
    fills(cadre, asked, "干不了活", SUBMIT)
    (member,) = members(world, number)
    assert member.answers["labour"] == "none" and not {"work", "months"} & member.answers.keys()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2030", "还没到"), ("68", "没看懂这个年份"), ("1820", "没看懂这个年份"), ("去年", "没看懂这个年份")],
)
def test_an_impossible_year_of_birth_is_refused(world: World, typed: str, said: str) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"visit:{number}:add"), "女", typed)
    assert said in asked[-1].text and wording_visit.ASK_BIRTH_YEAR in asked[-1].text


def test_a_piece_that_was_put_aside_goes_on_days_later(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"visit:{number}:income"), "30000")
    cadre.presses(button(asked, wording_forms.LATER))
    assert "◐ 家庭收入" in cadre.presses(f"visit:{number}")[0].text
    assert wording_visit.ASK_BUSINESS in cadre.presses(f"visit:{number}:income")[-1].text


def test_negative_income_is_refused_and_a_loss_is_asked_back(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"visit:{number}:income")
    assert "不能小于0" in fills(cadre, asked, "-5")[-1].text
    asked = fills(cadre, asked, "0", "1000", "5000")
    assert asked[-1].text == wording_visit.COSTS_ABOVE_SALES
    asked = fills(cadre, asked, YES, "0", "0")
    assert "全家纯收入-4000元" in fills(cadre, asked, SUBMIT)[-1].text


def test_illness_without_own_cost_is_asked_back_at_entry(world: World) -> None:
    number = world.reported(step="visit", risks=("illness",))
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"visit:{number}:expenses"), "0")
    assert asked[-1].text == wording_visit.ILL_WITHOUT_COST
    fills(cadre, asked, YES, "0", SUBMIT)
    assert entry(world, number, "expenses") == {"out_of_pocket": 0, "compensation": 0}


def test_no_cost_is_no_question_where_nobody_is_ill(world: World) -> None:
    number = world.reported(step="visit", risks=("work",))
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"visit:{number}:expenses"), "0")
    assert wording_visit.ASK_COMPENSATION in asked[-1].text


def test_a_safe_house_is_asked_back_where_it_was_the_risk(world: World) -> None:
    number = world.reported(step="visit", risks=("housing",))
    cadre = world.at(CADRE)
    asked = fills(cadre, cadre.presses(f"visit:{number}:guarantees"), "安全")
    assert "住房安全" in asked[-1].text and YES in labels(asked[-1])


def test_finishing_asks_about_what_is_missing_and_is_no_wall(world: World) -> None:
    number = world.reported(step="visit", size=3)
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    asked = cadre.presses(button(cadre.presses(f"visit:{number}"), wording_visit.FINISH))
    assert "家庭人口报的是3人，家庭成员登记了1人" in asked[-1].text
    assert "“家庭收入”还没有填" in asked[-1].text
    assert "☐ 家庭收入" in cadre.presses(button(asked, wording_visit.GO_BACK))[-1].text
    assert world.case(number).step == "visit"
    cadre.presses(button(asked, wording_visit.FINISH_ANYWAY))
    assert world.case(number).step == "consent"


def test_a_complete_record_is_finished_without_a_question(world: World) -> None:
    number = world.reported(step="visit", size=2)
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    adds_child(cadre, number)
    done = fills_pieces(cadre, number)
    cadre.presses(button(done, wording_visit.FINISH))
    assert world.case(number).step == "consent"


def test_the_card_asks_the_same_before_the_visit_is_passed_on(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    card = cadre.presses(f"case:{number}")
    asked = cadre.presses(button(card, wording_visit.FINISH))
    assert wording_visit.FINISH_ANYWAY in labels(asked[-1]) and world.case(number).step == "visit"


def test_contradictions_between_pieces_are_named(world: World) -> None:
    number = world.reported(step="visit", size=1, risks=("illness", "work"), capacity="able")
    cadre = world.at(CADRE)
    asked = cadre.presses(f"visit:{number}:add")
    fills(cadre, asked, "女", "1950", "小学", "健康", "干不了活", SKIP, SUBMIT)
    asked = cadre.presses(f"visit:{number}:done:{world.case(number).version}")
    for point in (
        wording_visit.NOBODY_ABLE, wording_visit.CAPACITY_DIFFERS_ABLE, wording_visit.ILL_NOBODY,
    ):  # fmt: skip
        assert point in asked[-1].text


def test_the_size_of_the_roster_becomes_the_size_of_the_household(world: World) -> None:
    number = world.reported(step="visit", size=4)
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    asked = cadre.presses(f"visit:{number}:done:{world.case(number).version}")
    cadre.presses(button(asked, "家庭人口改成1人"))
    assert world.case(number).size == 1
    assert world.history(number)[-1].detail["size"] == [4, 1]


def test_a_member_entered_by_mistake_is_taken_off_after_a_question(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    adds_child(cadre, number)
    asked = cadre.presses(f"visit:{number}:drop")
    sure = cadre.presses(button(asked, "其**（子女）"))
    assert len(members(world, number)) == 2
    cadre.presses(button(sure, wording_visit.DROP_REALLY))
    assert [member.item for member in members(world, number)] == ["1"]
    adds_child(cadre, number)
    assert [member.item for member in members(world, number)] == ["1", "3"]


def test_nothing_recorded_meanwhile_is_overwritten_unseen(world: World) -> None:
    number = world.reported(step="visit")
    world.join("telegram:11", *second_cadre())
    first, second = world.at(CADRE), world.at("telegram:11")
    mine = fills(first, first.presses(f"visit:{number}:expenses"), "5000", "0")
    fills(second, second.presses(f"visit:{number}:expenses"), "9000", "100", SUBMIT)
    asked = first.presses(button(mine, SUBMIT))
    assert "阿古拉" in asked[-1].text and entry(world, number, "expenses")["out_of_pocket"] == 9000
    first.presses(button(asked, wording_casework.KEEP_MINE))
    assert entry(world, number, "expenses")["out_of_pocket"] == 5000


def test_two_who_add_somebody_at_the_same_time_add_two(world: World) -> None:
    number = world.reported(step="visit")
    world.join("telegram:11", *second_cadre())
    first, second = world.at(CADRE), world.at("telegram:11")
    adds_head(first, number)
    one = fills(first, first.presses(f"visit:{number}:add"), "其木格")
    adds_child(second, number)
    fills(first, one, "配偶", "男", "1966", "小学", "健康", "能干活", "没有干活", SKIP, SUBMIT)
    assert [member.relation for member in members(world, number)] == ["head", "child", "spouse"]


def second_cadre() -> tuple[Any, ...]:
    return Role.VILLAGE_CADRE, VILLAGE, "阿古拉"


def test_a_form_begun_before_the_case_moved_on_is_kept_and_not_taken(world: World) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    summary = fills(cadre, cadre.presses(f"visit:{number}:expenses"), "5000", "0")
    world.change(number, step="township_review")
    refused = cadre.presses(button(summary, SUBMIT))
    assert wording_casework.STILL_KEPT in refused[-1].text
    assert not entry(world, number, "expenses")
    world.change(number, step="visit")
    cadre.presses(button(cadre.presses(f"visit:{number}:expenses"), SUBMIT))
    assert entry(world, number, "expenses")["out_of_pocket"] == 5000


@pytest.mark.parametrize(
    ("role", "area"), [(Role.VILLAGE_CADRE, OTHER_VILLAGE), (Role.CITY_READER, ""), (Role.ADMINISTRATOR, "")]
)
def test_a_form_begun_before_somebody_was_moved_tells_nothing_any_more(
    world: World, role: Role, area: str
) -> None:
    number = world.reported(step="visit")
    cadre = world.at(CADRE)
    adds_head(cadre, number)
    (*_, summary) = cadre.presses(f"visit:{number}:member:1")
    assert "乌云其其格" in summary.text
    with world.sessions.begin() as session:
        person = people.find(session, CADRE)
        assert person is not None
        person.role, person.area = role, area
    for row in summary.buttons:
        for offered in row:
            assert cadre.presses(offered)[0].text == wording_cases.NO_SUCH_CASE, offered
    assert members(world, number)[0].name == "乌云其其格"


def test_a_link_to_a_form_opens_nothing_for_somebody_who_was_moved(world: World) -> None:
    number = world.reported(step="visit")
    world.at(CADRE).presses(f"visit:{number}:add")
    with world.sessions.begin() as session:
        person = people.find(session, CADRE)
        assert person is not None
        (draft,) = drafts.waiting(session, people.known_id(person))
        secret = links.make(
            session, draft.person_id, CADRE, links.Purpose.FILL, draft_id=draft.id, now=world.now
        )
        assert isinstance(page_filling.open_page(session, secret, None, world.now), FillPage)
        person.area = OTHER_VILLAGE
        assert page_filling.open_page(session, secret, None, world.now) is Refusal.NOT_ALLOWED
