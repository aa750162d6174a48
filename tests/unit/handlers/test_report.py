"""Reporting a household: what a cadre on a phone goes through."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import case_retention, people
from db.access import Role
from db.crypto import open_message, unseal
from db.models import OutboxReply, Unanswered
from db.models_cases import Case, CaseFile, CaseRisk, Draft, DraftAnswer, Report
from db.workflow import LocalRules, due_on
from handlers import wording_cases, wording_forms, wording_report
from handlers.turn import Attachment, Button, Place, Reply, Turn

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]
VILLAGE, TOWNSHIP, BANNER = "150626103201", "150626103", "150626"


@pytest.fixture
def join(sessions: Sessions, clock: Callable[[], dt.datetime]) -> Callable[..., int]:
    """Register somebody and return the number."""

    def join(chat: str, role: Role = Role.VILLAGE_CADRE, area: str = VILLAGE, name: str = "张三") -> int:
        with sessions.begin() as session:
            person = people.create(session, role=role, area=area, name=name, now=clock())
            people.add_channel(session, person, chat, now=clock())
            return people.known_id(person)

    return join


@pytest.fixture
def cadre(person_in: Callable[[str], Person], join: Callable[..., int]) -> Person:
    join("telegram:1")
    join("telegram:2", Role.TOWNSHIP_REVIEWER, TOWNSHIP, "李四")
    return person_in("telegram:1")


def _button(replies: tuple[Reply, ...], label: str) -> Button:
    return next(
        button
        for reply in reversed(replies)
        for row in reply.buttons
        for button in row
        if label in button.label
    )


def _reports(
    cadre: Person, name: str = "乌云其其格", size: str = "4", risk: str = "因病"
) -> tuple[Reply, ...]:
    """All answers; what comes back after the last one is the summary."""
    cadre.writes("/report")
    cadre.writes(name)
    asked = cadre.writes(size)
    chosen = cadre.presses(_button(asked, risk))
    asked = cadre.presses(_button(chosen, wording_forms.NEXT))
    cadre.presses(_button(asked, "有劳动能力"))
    asked = cadre.writes("户主摔伤住院，自己花了四万")
    return tuple(cadre.presses(_button(asked, "不紧急")))


def _cases(sessions: Sessions) -> list[Case]:
    with sessions.begin() as session:
        return list(session.execute(select(Case).order_by(Case.id)).scalars())  # type: ignore[arg-type]


def test_a_first_report_takes_eight_turns_when_the_village_is_known(
    cadre: Person, sessions: Sessions
) -> None:
    summary = _reports(cadre)  # seven turns after /report
    receipt = cadre.presses(_button(summary, wording_forms.SUBMIT))
    (case,) = _cases(sessions)
    assert f"回执号：{case.number}" in receipt[0].text
    assert (case.step, case.area, case.size, case.capacity, case.urgent) == (
        "application",
        VILLAGE,
        4,
        "able",
        False,
    )
    with sessions.begin() as session:
        assert unseal(session, case.head_name) == "乌云其其格"
        assert session.execute(select(CaseRisk.risk)).scalars().all() == ["illness"]  # type: ignore[call-overload]


def test_the_receipt_says_what_follows_who_acts_and_quotes_the_rule(cadre: Person) -> None:
    (receipt,) = cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    assert "第1步“农牧户申请”" in receipt.text
    assert wording_report.LEAD_ONLY in receipt.text
    assert "对风险单一的，实施单项帮扶措施" in receipt.text and "健康帮扶" in receipt.text
    assert "已经通知审核的人（1位）" in receipt.text


def test_the_reviewer_is_told_without_the_full_name(cadre: Person, sessions: Sessions) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    with sessions.begin() as session:
        (told,) = session.execute(select(OutboxReply).where(OutboxReply.chat == "telegram:2")).scalars()  # type: ignore[arg-type]
        text = json.loads(open_message(session, told.reply))["text"]
    assert "乌****" in text and "乌云" not in text and "因病" in text


def test_nothing_that_identifies_somebody_lies_open_in_the_database(
    cadre: Person, sessions: Sessions, url: str
) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    with sessions.begin() as session:
        tables = (Case, Report, DraftAnswer)
        dump = "".join(
            str(row.model_dump()) for table in tables for row in session.execute(select(table)).scalars()
        )
    assert "乌云" not in dump and "摔伤" not in dump


def test_every_answer_is_stored_before_the_next_question(cadre: Person, sessions: Sessions) -> None:
    cadre.writes("/report")
    cadre.writes("张三丰")
    with sessions.begin() as session:
        fields = set(session.execute(select(DraftAnswer.field)).scalars())  # type: ignore[call-overload]
        assert {"place", "head"} <= fields
        assert session.execute(select(Draft.asked)).scalar_one() == "size"  # type: ignore[call-overload]


def test_a_draft_goes_on_in_another_channel(
    cadre: Person, person_in: Callable[[str], Person], sessions: Sessions, clock: Callable[[], dt.datetime]
) -> None:
    cadre.writes("/report")
    cadre.writes("张三丰")
    with sessions.begin() as session:
        person = people.find(session, "telegram:1")
        assert person is not None
        people.add_channel(session, person, "web:p1", now=clock())
    page = person_in("web:p1")
    offered = page.writes("/report")
    asked = page.presses(_button(offered, wording_forms.CONTINUE))
    assert wording_report.ASK_SIZE in asked[0].text


def test_a_policy_question_in_the_middle_is_answered_and_the_form_goes_on(cadre: Person) -> None:
    cadre.writes("/report")
    replies = cadre.writes("村规民约归谁考核？")
    assert "民政厅" in replies[0].text or "组织部" in replies[0].text
    assert wording_report.ASK_HEAD in replies[-1].text
    assert wording_report.ASK_SIZE in cadre.writes("张三丰")[-1].text


def test_pressing_submit_twice_makes_one_case(cadre: Person, sessions: Sessions) -> None:
    submit = _button(_reports(cadre), wording_forms.SUBMIT)
    cadre.presses(submit)
    assert cadre.presses(submit)[0].text == wording_forms.NOT_YOURS
    assert len(_cases(sessions)) == 1


def test_a_likely_duplicate_is_offered_and_added_to_the_case(cadre: Person, sessions: Sessions) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    offered = cadre.presses(_button(_reports(cadre, name="乌云琪琪格"), wording_forms.SUBMIT))
    (case,) = _cases(sessions)
    assert str(case.number) in offered[0].text and "乌云" not in offered[0].text
    added = cadre.presses(_button(offered, wording_report.SAME))
    assert f"{case.number}-2" in added[0].text
    with sessions.begin() as session:
        assert len(list(session.execute(select(Report)).scalars())) == 2
    assert len(_cases(sessions)) == 1


@pytest.mark.parametrize("step", ["exited", "refused", "withdrawn"])
def test_a_household_whose_case_is_over_gets_a_new_one(cadre: Person, sessions: Sessions, step: str) -> None:
    """Nobody works on the old one, so the report would lie there unseen."""
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    with sessions.begin() as session:
        session.execute(update(Case).values(step=step))
    offered = cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    receipt = cadre.presses(_button(offered, wording_report.SAME))
    old, new = _cases(sessions)
    assert (old.step, old.version, new.step) == (step, 1, "application")
    assert f"回执号：{new.number}" in receipt[0].text and "已经通知审核的人（1位）" in receipt[0].text


def test_who_chose_a_case_that_was_merged_meanwhile_is_offered_the_one_it_went_into(
    cadre: Person, sessions: Sessions
) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    offered = cadre.presses(_button(_reports(cadre, size="5"), wording_forms.SUBMIT))
    cadre.presses(_button(offered, wording_report.OTHER))
    first, second = _cases(sessions)
    offered = cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    with sessions.begin() as session:
        session.execute(
            update(Case).where(Case.id == first.id).values(step="merged", merged_into=second.id)  # type: ignore[arg-type]
        )
    again = cadre.presses(_button(offered, f"{wording_report.SAME}（{first.number}）"))
    assert len(_cases(sessions)) == 2 and str(first.number) not in str(again)
    added = cadre.presses(_button(again, f"{wording_report.SAME}（{second.number}）"))
    assert f"{second.number}-2" in added[0].text


def test_the_account_of_a_case_that_was_forgotten_says_that_there_is_none(
    cadre: Person, sessions: Sessions, clock: Callable[[], dt.datetime]
) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    offered = cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    cadre.presses(_button(offered, wording_report.SAME))
    (case,) = _cases(sessions)
    with sessions.begin() as session:
        session.execute(update(Case).values(step="refused"))
        case_retention.forget_people(session, now=clock() + dt.timedelta(days=11), days=10)
    assert wording_cases.NO_STORY in cadre.presses(f"case:{case.number}:story")[0].text


def test_what_is_no_duplicate_becomes_a_case_of_its_own(cadre: Person, sessions: Sessions) -> None:
    cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT))
    offered = cadre.presses(_button(_reports(cadre, size="5"), wording_forms.SUBMIT))
    cadre.presses(_button(offered, wording_report.OTHER))
    assert len(_cases(sessions)) == 2


def test_too_many_people_are_asked_back_and_an_impossible_number_is_refused(cadre: Person) -> None:
    cadre.writes("/report")
    cadre.writes("张三丰")
    assert "不能大于" in cadre.writes("200")[0].text
    asked = cadre.writes("20")
    assert "没有写错吗" in asked[0].text
    assert wording_report.ASK_RISKS in cadre.presses(_button(asked, wording_forms.YES_RIGHT))[-1].text


def test_every_line_of_the_summary_can_be_changed(cadre: Person) -> None:
    summary = _reports(cadre)
    cadre.presses(_button(summary, "改家庭人口"))
    changed = cadre.writes("5")
    assert "家庭人口：5" in changed[-1].text and wording_forms.SUBMIT in str(changed[-1].buttons)


def test_going_back_and_cancelling(cadre: Person, sessions: Sessions) -> None:
    cadre.writes("/report")
    asked = cadre.writes("张三丰")
    back = cadre.presses(_button(asked, wording_forms.BACK))
    assert wording_report.ASK_HEAD in back[0].text and "张三丰" in back[0].text
    sure = cadre.presses(_button(back, wording_forms.CANCEL))
    cadre.presses(_button(sure, wording_forms.REALLY_CANCEL))
    with sessions.begin() as session:
        assert not list(session.execute(select(DraftAnswer)).scalars())
    assert "村规民约" in cadre.writes("村规民约归谁考核")[0].text


def test_a_button_of_somebody_elses_draft_does_nothing(
    cadre: Person, person_in: Callable[[str], Person], join: Callable[..., int]
) -> None:
    summary = _reports(cadre)
    join("telegram:9", Role.VILLAGE_CADRE, "150626103202")
    assert (
        person_in("telegram:9").presses(_button(summary, wording_forms.SUBMIT))[0].text
        == wording_forms.NOT_YOURS
    )


def test_visitors_and_readers_are_told_why_they_cannot_report(
    person_in: Callable[[str], Person], join: Callable[..., int]
) -> None:
    assert person_in("telegram:77").writes("/report")[0].text == wording_report.REGISTER_FIRST
    join("telegram:5", Role.CITY_READER, "")
    assert person_in("telegram:5").writes("/report")[0].text == wording_report.NOT_YOUR_TASK


def test_a_township_names_the_village_with_wrong_homophones(
    person_in: Callable[[str], Person], join: Callable[..., int]
) -> None:
    join("telegram:3", Role.TOWNSHIP_REVIEWER, TOWNSHIP)
    township = person_in("telegram:3")
    assert wording_report.ASK_PLACE in township.writes("/report")[-1].text
    unknown = township.writes("瞎编的地方村子")
    assert "没有找到" in unknown[0].text
    kept = township.presses(_button(unknown, wording_forms.KEEP_TYPED))
    assert wording_report.ASK_HEAD in kept[-1].text


def test_photos_and_a_place_go_with_the_report(cadre: Person) -> None:
    cadre.writes("/report")
    where = {"person": "telegram:1", "chat": "telegram:1"}
    kept = cadre.sends(Turn(id="p1", photo=Attachment("F1", 1000, media_type="image/jpeg"), **where))
    assert kept[0].text == wording_forms.PHOTO_KEPT
    large = cadre.sends(Turn(id="p2", photo=Attachment("F2", 30_000_000), **where))
    assert large[0].text == wording_forms.PHOTO_TOO_LARGE
    assert cadre.sends(Turn(id="p3", place=Place(39.0, 109.0), **where))[0].text == wording_forms.PLACE_KEPT
    wrong = cadre.sends(
        Turn(id="p4", document=Attachment("F3", 10, "a.exe", "application/x-dosexec"), **where)
    )
    assert wrong[0].text == wording_forms.NO_PHOTO


def test_id_and_phone_are_offered_on_a_page_and_never_asked_in_the_chat(
    cadre: Person, handle_in: Callable[..., Any]
) -> None:
    assert "填身份证号" not in str(_reports(cadre)[-1].buttons)  # there is no page to fill them on


def test_with_codes_the_head_is_named_on_the_page_and_not_in_telegram(
    cadre: Person, sessions: Sessions, handle_in: Callable[..., Any]
) -> None:
    at_a_loss = type(cadre)(
        handle_in(sessions, telegram_names=False, web_url="https://b.example"), "telegram:1"
    )
    asked = at_a_loss.writes("/report")
    assert "https://b.example/p/" in asked[-1].text
    again = at_a_loss.writes("张三丰")
    assert "https://b.example/p/" in again[-1].text and "张三丰" not in again[-1].text
    with sessions.begin() as session:
        assert "head" not in set(session.execute(select(DraftAnswer.field)).scalars())  # type: ignore[call-overload]
    photo = Turn(id="p1", person="telegram:1", chat="telegram:1", photo=Attachment("F1", 1000))
    assert at_a_loss.sends(photo)[0].text == wording_forms.PHOTOS_ON_THE_WEB


def test_the_summary_leads_to_the_page_for_numbers(
    cadre: Person, sessions: Sessions, handle_in: Callable[..., Any]
) -> None:
    served = type(cadre)(handle_in(sessions, web_url="https://b.example"), "telegram:1")
    summary = _reports(served)
    (link,) = served.presses(_button(summary, wording_forms.FILL_ON_PAGE))
    assert "https://b.example/p/" in link.text
    assert "户主身份证号：（未填）" in summary[-1].text


def test_a_local_limit_counts_from_the_report(
    cadre: Person, sessions: Sessions, handle_in: Callable[..., Any]
) -> None:
    limited = LocalRules(step_days={"application": 3}, total_days=15)
    here = type(cadre)(handle_in(sessions, local=limited), "telegram:1")
    here.presses(_button(_reports(here), wording_forms.SUBMIT))
    (case,) = _cases(sessions)
    assert case.due_on == dt.date(2026, 3, 4)
    case.step, case.step_since = "registration", case.created_at + dt.timedelta(days=9)
    assert due_on(case, limited) == dt.date(2026, 3, 16)
    case.step = "helping"
    assert due_on(case, limited) is None


@pytest.mark.parametrize("way", ["submit", "other"])
@pytest.mark.parametrize(
    ("role", "area", "said"),
    [
        (Role.VILLAGE_CADRE, "150626103202", "不在您负责的范围"),
        (Role.CITY_READER, "", wording_report.NOT_YOUR_TASK),
    ],
)
def test_who_may_no_longer_report_there_files_nothing_and_keeps_the_draft(
    cadre: Person, sessions: Sessions, way: str, role: Role, area: str, said: str
) -> None:
    pressed = _button(_reports(cadre), wording_forms.SUBMIT)
    if way == "other":
        cadre.presses(pressed)
        pressed = _button(cadre.presses(_button(_reports(cadre), wording_forms.SUBMIT)), wording_report.OTHER)
    before = len(_cases(sessions))
    _changes(sessions, role=role, area=area)
    assert said in cadre.presses(pressed)[0].text
    assert len(_cases(sessions)) == before
    with sessions.begin() as session:
        assert "open" in set(session.execute(select(Draft.status)).scalars())  # type: ignore[call-overload]


def test_a_cadre_who_moved_files_the_report_for_the_new_village(cadre: Person, sessions: Sessions) -> None:
    submit = _button(_reports(cadre), wording_forms.SUBMIT)
    _changes(sessions, area="150626103202")
    asked = cadre.presses(_button(cadre.presses(submit), "改嘎查村"))
    assert wording_report.ASK_PLACE in asked[0].text
    kept = cadre.presses(_button(cadre.writes("瞎编的地方村子"), wording_forms.KEEP_TYPED))
    cadre.presses(_button(kept, wording_forms.SUBMIT))
    assert [case.area for case in _cases(sessions)] == ["150626103202"]


def _changes(sessions: Sessions, **values: Any) -> None:
    """What an administrator changes about the cadre meanwhile."""
    with sessions.begin() as session:
        person = people.find(session, "telegram:1")
        for name, value in values.items():
            setattr(person, name, value)


@pytest.mark.parametrize("route", ["report-other", "report-same"])
def test_a_forged_answer_to_the_question_of_duplicates_files_nothing_unfinished(
    cadre: Person, sessions: Sessions, route: str
) -> None:
    cadre.writes("/report")
    cadre.writes("张三丰")
    (reply,) = cadre.presses(f"{route}:1:1")
    assert _button((reply,), wording_forms.CONTINUE) and not _cases(sessions)


def test_photos_and_a_place_are_still_taken_when_everything_is_answered(
    cadre: Person, sessions: Sessions
) -> None:
    _reports(cadre)
    where = {"person": "telegram:1", "chat": "telegram:1"}
    photo = Attachment("F1", 1000, media_type="image/jpeg")
    assert cadre.sends(Turn(id="p1", photo=photo, **where))[0].text == wording_forms.PHOTO_KEPT
    place = Turn(id="p2", place=Place(39.0, 109.0), **where)
    assert cadre.sends(place)[0].text == wording_forms.PLACE_KEPT
    captioned = cadre.sends(Turn(id="p3", photo=photo, text="房子", **where))
    assert "照片：2张" in captioned[-1].text
    cadre.presses(_button(captioned, wording_forms.SUBMIT))
    with sessions.begin() as session:
        kept = session.execute(select(CaseFile.case_id)).scalars()  # type: ignore[call-overload]
        assert list(kept) == [1, 1]


def test_what_is_typed_at_the_summary_is_no_question_without_an_answer(
    cadre: Person, sessions: Sessions
) -> None:
    _reports(cadre)
    assert "请看一遍" in cadre.writes("他家老二也辍学了")[-1].text
    assert "民政厅" in cadre.writes("村规民约归谁考核")[0].text
    with sessions.begin() as session:
        assert not list(session.execute(select(Unanswered)).scalars())
