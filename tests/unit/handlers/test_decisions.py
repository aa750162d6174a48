"""Deciding on cases, as the people concerned see it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import people
from db.access import Role
from db.models_cases import Draft
from handlers import wording_cases, wording_decisions, wording_forms, wording_people, wording_visit
from tests.unit.handlers.case_world import (
    ADMINISTRATOR,
    BANNER_REVIEWER,
    CADRE,
    OTHER_TOWNSHIP,
    READER,
    REVIEWER,
    STRANGER,
    TOWNSHIP,
    World,
    button,
    labels,
    text,
)  # fmt: skip

Person = Any  # of conftest.py
SECOND = "telegram:22"


@pytest.fixture
def world(
    sessions: sessionmaker[Session], person_in: Callable[[str], Person], clock: Callable[[], dt.datetime]
) -> World:
    return World(sessions, person_in, clock())


def _card(world: World, chat: str, number: str) -> Any:
    return world.at(chat).presses(f"case:{number}")[-1]


def _decides(world: World, chat: str, number: str, label: str, reason: str = "") -> Any:
    """Press a button of the card, and type the reason that is asked for."""
    person = world.at(chat)
    replies = _anyway(person, person.presses(button(_card(world, chat, number), label)))
    return person.writes(reason) if reason else replies


def _anyway(person: Person, replies: Any) -> Any:
    """Past the question whether a visit is finished."""
    sure = [label for label in labels(*replies) if label == wording_visit.FINISH_ANYWAY]
    return person.presses(button(replies, sure[0])) if sure else replies


def _passes(world: World, chat: str, number: str) -> Any:
    """As the last button of the step does, whatever the step asks before."""
    return world.at(chat).presses(f"do:pass:{number}:{world.case(number).version}")


def _returns(world: World, chat: str, number: str, fields: tuple[str, ...], reason: str, to: str) -> Any:
    person = world.at(chat)
    asked = person.presses(button(_card(world, chat, number), f"退回到{to}"))
    for field in fields:
        asked = person.presses(button(asked, f"{wording_forms.OPEN} {field}"))
    person.presses(button(asked, wording_forms.NEXT))
    return person.writes(reason)


# --- passing on -----------------------------------------------------------------------------


def test_a_case_passes_from_the_message_that_told_of_it(world: World) -> None:
    number = world.reported(step="hearing")
    _decides(world, CADRE, number, "评议通过")
    (news,) = world.told(REVIEWER)
    done = world.at(REVIEWER).presses(button(news, "审核通过"))
    assert "办好了：审核通过" in text(done)
    assert world.case(number).step == "comparison"
    assert "轮到您办。上一步：李四（苏木乡镇审核员），审核通过" in world.told(BANNER_REVIEWER)[-1].text
    assert world.chain_holds(number)


def test_whoever_decides_is_not_told_of_it(world: World) -> None:
    number = world.reported(step="visit")
    _decides(world, CADRE, number, "走访完成")
    _decides(world, CADRE, number, "撤回", "重复报了")
    assert world.case(number).step == "withdrawn"
    assert world.told(CADRE) == []


def test_without_consent_the_clause_is_shown_and_the_case_stays(world: World) -> None:
    number = world.reported(step="consent")
    replies = _decides(world, CADRE, number, "已授权")
    assert wording_decisions.NO_CONSENT in text(replies)
    assert "农牧户授权、民主评议公开" in text(replies)
    assert button(replies, wording_cases.FILL_CONSENT).data == f"consent:{number}"
    assert world.case(number).step == "consent"


def test_registration_asks_for_the_category_first_and_then_the_reporter_is_told(world: World) -> None:
    number = world.reported(step="registration")
    person = world.at(BANNER_REVIEWER)
    asked = _decides(world, BANNER_REVIEWER, number, "已录入")
    assert wording_decisions.CHOOSE_CATEGORY in text(asked)
    assert "待定" not in labels(*asked)
    chosen = person.presses(button(asked, "突发严重困难户"))
    done = person.presses(button(chosen, "已录入"))
    case = world.case(number)
    assert (case.step, case.category) == ("helping", "sudden")
    assert wording_cases.LEAD_ONLY not in text(done)
    assert wording_decisions.registered(number) in world.told(CADRE)[-1].text
    assert {"category": ["undetermined", "sudden"]} in [entry.detail for entry in world.history(number)]


def test_an_exit_is_led_to_its_check_list_and_a_forged_one_is_refused_with_the_clause(world: World) -> None:
    number = world.reported(step="helping")
    card = _card(world, CADRE, number)
    assert button(card, "提出风险消除").data == f"exit:{number}"
    replies = world.at(CADRE).presses(f"do:propose_exit:{number}:{world.case(number).version}")
    assert "当月识别、当月标注风险消除" in text(replies)
    assert world.case(number).step == "helping"


# --- two at once ----------------------------------------------------------------------------


def test_of_two_reviewers_the_second_sees_what_the_first_did(world: World) -> None:
    world.join(SECOND, Role.TOWNSHIP_REVIEWER, TOWNSHIP, "周九")
    number = world.reported(step="township_review")
    old = _card(world, SECOND, number)
    _decides(world, REVIEWER, number, "不予认定", "评议没有通过")
    before = world.history(number)
    replies = world.at(SECOND).presses(button(old, "审核通过"))
    assert "李四（苏木乡镇审核员）：不予认定。原因：评议没有通过" in text(replies)
    assert "周九" not in text(replies)
    assert world.case(number).step == "refused"
    assert world.history(number) == before


def test_a_reason_that_comes_too_late_changes_nothing_and_is_given_back(world: World) -> None:
    world.join(SECOND, Role.TOWNSHIP_REVIEWER, TOWNSHIP, "周九")
    number = world.reported(step="township_review")
    _decides(world, SECOND, number, "不予认定")  # now a reason is asked for
    _decides(world, REVIEWER, number, "审核通过")
    replies = world.at(SECOND).writes("家里有两辆车")
    assert wording_decisions.reason_kept("家里有两辆车") in text(replies)
    assert "李四（苏木乡镇审核员）：审核通过" in text(replies)
    assert world.case(number).step == "comparison"


def test_what_is_told_to_the_second_are_changes_and_not_looks(world: World) -> None:
    world.join(SECOND, Role.TOWNSHIP_REVIEWER, TOWNSHIP, "周九")
    number = world.reported(step="township_review")
    old = _card(world, SECOND, number)
    _decides(world, REVIEWER, number, "审核通过")
    world.at(REVIEWER).presses(f"reveal:{number}:head:review")
    replies = world.at(SECOND).presses(button(old, "不予认定"))
    assert "李四（苏木乡镇审核员）：审核通过" in text(replies)
    assert "查看：户主" not in text(replies)


def test_a_look_at_the_name_makes_no_card_old(world: World) -> None:
    number = world.reported(step="township_review")
    card = _card(world, REVIEWER, number)
    world.at(REVIEWER).presses(f"reveal:{number}:head:review")
    assert "办好了" in text(world.at(REVIEWER).presses(button(card, "审核通过")))


def test_the_reason_waits_for_somebody_who_comes_back_elsewhere(
    world: World, sessions: sessionmaker[Session]
) -> None:
    number = world.reported(step="township_review")
    _decides(world, REVIEWER, number, "不予认定")
    with sessions.begin() as session:
        member = people.find(session, REVIEWER)
        assert member is not None
        people.add_channel(session, member, "web:p2", now=world.now)
    world.at("web:p2").writes("不是本村的户")
    assert world.case(number).step == "refused"
    assert world.history(number)[-1].detail["reason"] == "不是本村的户"


# --- returned, corrected, again -------------------------------------------------------------


def test_a_returned_report_is_corrected_in_these_fields_only_and_goes_on(world: World) -> None:
    number = world.reported(step="township_review")
    _returns(world, REVIEWER, number, ("家庭人口", "风险"), "人口和户口本对不上", "走访排查")
    assert world.case(number).step == "visit"
    news = world.told(CADRE)[-1]
    assert "请更正：家庭人口、风险" in news.text
    assert "人口和户口本对不上" in news.text

    cadre = world.at(CADRE)
    cadre.presses(button(news, wording_decisions.CORRECT))
    asked = cadre.writes("5")
    asked = cadre.presses(button(asked, "因残"))
    summary = cadre.presses(button(asked, wording_forms.NEXT))
    assert "劳动能力" not in text(summary)
    taken = cadre.presses(button(summary, wording_forms.SUBMIT))
    assert wording_decisions.correction_taken(("size", "risks")) in text(taken)
    case = world.case(number)
    assert (case.size, case.capacity, case.step) == (5, "able", "visit")
    changed = world.history(number)[-1].detail["changed"]
    assert changed == {"size": [4, 5], "risks": [["illness"], ["disability"]]}
    assert wording_decisions.corrected(number, ("size", "risks")) in world.told(REVIEWER)[-1].text

    _anyway(cadre, cadre.presses(button(taken, "走访完成")))
    for label in ("已授权", "评议通过"):
        _decides(world, CADRE, number, label)
    _decides(world, REVIEWER, number, "审核通过")
    assert world.case(number).step == "comparison"
    assert world.chain_holds(number)


def test_a_second_correction_begins_with_what_the_first_one_said(world: World) -> None:
    number = world.reported(step="township_review")
    cadre = world.at(CADRE)
    for size, fields in (("5", ("家庭人口",)), ("", ("劳动能力",))):
        _returns(world, REVIEWER, number, fields, "请核对", "走访排查")
        asked = cadre.presses(button(world.told(CADRE), wording_decisions.CORRECT))
        asked = cadre.writes(size) if size else cadre.presses(button(asked, "整户无劳动能力"))
        cadre.presses(button(asked, wording_forms.SUBMIT))
        for label in ("走访完成", "已授权", "评议通过"):
            _decides(world, CADRE, number, label)
    assert (world.case(number).size, world.case(number).capacity) == (5, "none")


def test_whoever_corrects_the_source_is_asked_for_the_department(world: World) -> None:
    number = world.reported(step="township_review")
    _returns(world, REVIEWER, number, ("线索来源",), "是医保局推的", "走访排查")
    cadre = world.at(CADRE)
    asked = cadre.presses(button(world.told(CADRE), wording_decisions.CORRECT))
    asked = cadre.presses(button(asked, "部门筛查预警"))
    cadre.presses(button(cadre.presses(button(asked, "医保")), wording_forms.SUBMIT))
    assert (world.case(number).source, world.case(number).department) == ("department", "medical_insurance")


def test_a_name_that_was_corrected_is_found_and_stands_masked_in_the_history(world: World) -> None:
    number = world.reported(step="township_review")
    _returns(world, REVIEWER, number, ("户主",), "名字写错了", "走访排查")
    cadre = world.at(CADRE)
    cadre.presses(button(world.told(CADRE), wording_decisions.CORRECT))
    cadre.presses(button(cadre.writes("乌兰图雅"), wording_forms.SUBMIT))
    assert world.history(number)[-1].detail["changed"] == {"head": ["乌****", "乌***"]}
    assert button(cadre.writes("/cases 乌兰图雅"), "乌***").data == f"case:{number}"


def test_a_correction_that_was_begun_before_the_case_moved_on_changes_nothing(world: World) -> None:
    number = world.reported(step="township_review")
    _returns(world, REVIEWER, number, ("家庭人口",), "请核对", "走访排查")
    cadre = world.at(CADRE)
    cadre.presses(button(world.told(CADRE), wording_decisions.CORRECT))
    summary = cadre.writes("7")
    _decides(world, CADRE, number, "走访完成")
    replies = cadre.presses(button(summary, wording_forms.SUBMIT))
    assert wording_decisions.NOTHING_TO_CORRECT in text(replies)
    assert world.case(number).size == 4


def test_a_return_between_reviewers_asks_no_fields_and_does_not_trouble_the_village(world: World) -> None:
    number = world.reported(step="banner_review")
    _decides(world, BANNER_REVIEWER, number, "退回到苏木乡镇审核", "请补评议材料")
    assert world.case(number).step == "township_review"
    assert "请补评议材料" in world.told(REVIEWER)[-1].text
    assert world.told(CADRE) == []


def test_pieces_of_the_visit_are_returned_to_the_visit_and_not_before_it(world: World) -> None:
    number = world.reported(step="township_review")
    card = _card(world, REVIEWER, number)
    early = world.at(REVIEWER).presses(button(card, "退回到农牧户申请"))
    assert not [label for label in labels(*early) if "家庭收入" in label]
    _returns(world, REVIEWER, number, ("家庭收入",), "少算了务工收入", "走访排查")
    news = world.told(CADRE)[-1]
    assert button(news, wording_decisions.CORRECT_VISIT).data == f"visit:{number}"
    assert wording_decisions.CORRECT not in labels(news)
    replies = world.at(CADRE).presses(f"correct:{number}:1")
    assert wording_decisions.NOTHING_TO_CORRECT in text(replies)


def test_what_is_to_be_corrected_stands_on_the_card_until_the_case_moves_on(world: World) -> None:
    number = world.reported(step="township_review")
    _returns(world, REVIEWER, number, ("家庭人口",), "请核对", "走访排查")
    assert wording_decisions.CORRECT in labels(_card(world, CADRE, number))
    assert wording_decisions.CORRECT not in labels(_card(world, READER, number))
    _passes(world, CADRE, number)
    assert wording_decisions.CORRECT not in labels(_card(world, CADRE, number))


# --- refused, appealed ----------------------------------------------------------------------


def test_a_refusal_reaches_the_reporter_who_appeals_from_it(world: World) -> None:
    number = world.reported(step="township_review")
    _decides(world, REVIEWER, number, "不予认定", "收入高于标准")
    news = world.told(CADRE)[-1]
    assert "收入高于标准" in news.text
    cadre = world.at(CADRE)
    cadre.presses(button(news, "申诉"))
    cadre.writes("住院费还没有算进去")
    assert world.case(number).step == "township_review"
    assert "住院费还没有算进去" in world.told(REVIEWER)[-1].text


def test_a_withdrawal_needs_a_reason_and_ends_the_procedure(world: World) -> None:
    number = world.reported(step="visit")
    _decides(world, CADRE, number, "撤回", "重复报了")
    card = _card(world, CADRE, number)
    assert world.case(number).step == "withdrawn"
    assert not any(label in labels(card) for label in wording_decisions.PASS.values())


# --- buttons that are not somebody's --------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "do:", "do:pass", "do:pass:{n}", "do:pass:{n}:", "do:pass:{n}:x", "do:pass:{n}:-1", "do:pass:{n}:99",
        "do:fly:{n}:{v}", "do:pass:{n}:{v}:helping", "do:merge:{n}:{v}", "do:unmerge:{n}:{v}",
        "do:refuse:{n}:{v}:exited", "do:pass:{n}:99999999999999999999", "do:pass:{n}:１:",
        "category:{n}:{v}:sudden", "category:{n}:{v}:nonsense", "correct:{n}:{v}", "merge:{n}:{n}:1:1",
        "do:appeal:{n}:{v}", "do:pass:{n}:{v}:\x00",
    ],
)  # fmt: skip
def test_a_forged_button_changes_nothing(world: World, data: str) -> None:
    number = world.reported(step="visit")
    before = world.history(number)
    version = world.case(number).version
    replies = world.at(CADRE).presses(data.format(n=number, v=version))
    assert replies
    assert "出了点问题" not in text(replies)
    assert world.history(number) == before
    assert world.case(number).step == "visit"


def test_a_merger_begins_with_two_numbers_and_not_with_a_button(world: World) -> None:
    number = world.reported(step="visit")
    replies = world.at(ADMINISTRATOR).presses(f"do:merge:{number}:{world.case(number).version}")
    assert text(replies).startswith(wording_decisions.NOT_ALLOWED)
    assert world.case(number).step == "visit"


@pytest.mark.parametrize("number", ["", "0", "1" * 40, "abc", "２６０００００１", "2600000017", "\x00"])
def test_a_button_with_a_number_that_is_none_finds_nothing(world: World, number: str) -> None:
    for data in (f"case:{number}", f"do:pass:{number}:1", f"reveal:{number}:head", f"correct:{number}:1"):
        assert text(world.at(CADRE).presses(data)) == wording_cases.NO_SUCH_CASE


def test_somebody_elses_case_is_answered_like_one_that_does_not_exist(world: World) -> None:
    number = world.reported(step="visit")
    version = world.case(number).version
    stranger = world.at(STRANGER)
    for data in (
        f"case:{number}", f"case:{number}:log:0", f"case:{number}:story", f"do:pass:{number}:{version}",
        f"do:withdraw:{number}:{version}", f"reveal:{number}:head", f"correct:{number}:{version}",
        f"category:{number}:{version}:sudden",
    ):  # fmt: skip
        assert text(stranger.presses(data)) == wording_cases.NO_SUCH_CASE
    assert world.case(number).version == version


@pytest.mark.parametrize("chat", [REVIEWER, BANNER_REVIEWER, READER, ADMINISTRATOR])
def test_who_sees_a_case_but_does_not_act_on_its_step_is_told_so(world: World, chat: str) -> None:
    number = world.reported(step="visit")
    replies = world.at(chat).presses(f"do:pass:{number}:{world.case(number).version}")
    assert text(replies).startswith(wording_decisions.NOT_ALLOWED)
    assert world.case(number).step == "visit"


def test_somebody_who_moved_to_another_area_while_typing_decides_nothing(
    world: World, sessions: sessionmaker[Session]
) -> None:
    number = world.reported(step="township_review")
    _decides(world, REVIEWER, number, "不予认定")
    with sessions.begin() as session:
        member = people.find(session, REVIEWER)
        assert member is not None
        member.area = OTHER_TOWNSHIP
        session.add(member)
    assert text(world.at(REVIEWER).writes("没有通过")) == wording_cases.NO_SUCH_CASE
    assert world.case(number).step == "township_review"


def test_a_group_learns_nothing_and_decides_nothing(world: World) -> None:
    number = world.reported(step="township_review")
    group = world.at(REVIEWER).in_group("telegram:-5")
    version = world.case(number).version
    said = [
        text(group.presses(data))
        for data in (
            f"case:{number}", f"do:pass:{number}:{version}", f"reveal:{number}:head:visit", "cases:todo:0",
            f"category:{number}:{version}:sudden", f"correct:{number}:{version}", f"merge:{number}:1:1:1",
        )
    ]  # fmt: skip
    said += [text(group.writes(words)) for words in ("/cases", f"/cases {number}", f"/merge {number} 1")]
    assert set(said) == {wording_people.PRIVATE_ONLY}
    assert world.case(number).version == version


# --- merging --------------------------------------------------------------------------------


def _merged(world: World) -> tuple[str, str, Any]:
    first = world.reported(step="visit")
    second = world.reported(step="township_review", head_name="乌云其其格", size=5)
    person = world.at(ADMINISTRATOR)
    preview = person.writes(f"/merge {first} {second}")
    assert first in text(preview)
    assert second in text(preview)
    return first, second, person.presses(button(preview, wording_decisions.REALLY_MERGE))


def test_a_merged_case_is_found_from_the_other_and_comes_back(world: World) -> None:
    first, second, done = _merged(world)
    assert world.case(first).step == "merged"
    assert first in _card(world, REVIEWER, second).text
    assert second in _card(world, CADRE, first).text
    assert wording_decisions.merged(first, second) in world.told(REVIEWER)[-1].text
    world.at(ADMINISTRATOR).presses(button(done, wording_decisions.UNDO))
    case = world.case(first)
    assert (case.step, case.merged_into) == ("visit", None)
    assert first not in _card(world, REVIEWER, second).text
    assert world.chain_holds(first)
    assert world.chain_holds(second)


def test_households_that_look_the_same_are_offered_to_an_administrator(world: World) -> None:
    first, second = world.reported(), world.reported()
    world.reported(head_name="张三丰")
    world.reported(head_name="李四")
    (listed,) = world.at(ADMINISTRATOR).writes("/merge")
    assert [row[0].data for row in listed.buttons] == [f"merge-look:{second}:{first}"]
    preview = world.at(ADMINISTRATOR).presses(listed.buttons[0][0])
    world.at(ADMINISTRATOR).presses(button(preview, wording_decisions.REALLY_MERGE))
    assert world.case(second).step == "merged"
    assert wording_decisions.NONE_LIKELY in text(world.at(ADMINISTRATOR).writes("/merge"))
    assert text(world.at(CADRE).presses(f"merge-look:{second}:{first}")) == wording_decisions.NOT_YOUR_MERGE


def test_a_merger_of_cases_that_changed_since_the_preview_is_shown_again(world: World) -> None:
    first, second = world.reported(step="visit"), world.reported(step="township_review")
    preview = world.at(ADMINISTRATOR).writes(f"/merge {first} {second}")
    _decides(world, REVIEWER, second, "审核通过")
    again = world.at(ADMINISTRATOR).presses(button(preview, wording_decisions.REALLY_MERGE))
    assert wording_decisions.CHANGED_SINCE in text(again)
    assert world.case(first).step == "visit"
    world.at(ADMINISTRATOR).presses(button(again, wording_decisions.REALLY_MERGE))
    assert world.case(first).step == "merged"


def test_a_case_goes_neither_into_itself_nor_into_a_closed_one(world: World) -> None:
    first, second = world.reported(step="visit"), world.reported(step="visit")
    person = world.at(ADMINISTRATOR)
    assert text(person.writes(f"/merge {first} {first}")) == wording_decisions.SAME_CASE
    preview = person.writes(f"/merge {first} {second}")
    _decides(world, CADRE, second, "撤回", "重复报了")
    preview = person.presses(button(preview, wording_decisions.REALLY_MERGE))
    assert (
        text(person.presses(button(preview, wording_decisions.REALLY_MERGE))) == wording_decisions.INTO_CLOSED
    )
    assert world.case(first).step == "visit"


@pytest.mark.parametrize("chat", [CADRE, REVIEWER, BANNER_REVIEWER, READER])
def test_only_administrators_merge(world: World, chat: str) -> None:
    first, second = world.reported(), world.reported()
    versions = f"{world.case(first).version}:{world.case(second).version}"
    assert text(world.at(chat).writes(f"/merge {first} {second}")) == wording_decisions.NOT_YOUR_MERGE
    forged = world.at(chat).presses(f"merge:{first}:{second}:{versions}")
    assert text(forged) == wording_decisions.NOT_YOUR_MERGE
    assert world.case(first).step == "application"


# --- drafts ---------------------------------------------------------------------------------


def test_a_decision_leaves_no_draft_open(world: World, sessions: sessionmaker[Session]) -> None:
    number = world.reported(step="township_review")
    _decides(world, REVIEWER, number, "不予认定", "收入高于标准")
    with sessions() as session:
        assert [draft.status for draft in session.execute(select(Draft)).scalars()] == ["submitted"]
