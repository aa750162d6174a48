"""The same household again: found where it lies, and nobody else taken for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import duplicates, people
from db.access import Role
from db.cases import set_name
from db.duplicates import LIKELY, SURE, Why, candidates
from tests.unit.db.households import (
    BANNER,
    FOREIGN_VILLAGE,
    NOON,
    OTHER_VILLAGE,
    SIBLING_VILLAGE,
    VILLAGE,
    household,
    member,
    reported,
)

Sessions = sessionmaker[Session]
ID, OTHER_ID = "150626199001010017", "150626198502030025"
TWELVE = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def known(sessions: Sessions) -> Any:
    """Store cases and return their ids: one for each set of what differs from the usual household."""

    def known(*each: dict[str, Any]) -> list[int]:
        with sessions.begin() as session:
            reporter = member(session, Role.VILLAGE_CADRE, VILLAGE)
            found = []
            for given_ in each:
                step = given_.pop("step", "application")
                case = reported(session, reporter, **given_)
                case.step = step
                found.append(case.id or 0)
            return found

    return known


@pytest.fixture
def found(sessions: Sessions) -> Any:
    """The candidates for a household: id of the case, score, why."""

    def found(**given_: Any) -> list[tuple[int, float, Why]]:
        with sessions.begin() as session:
            return [
                (one.case.id or 0, one.score, one.why) for one in candidates(session, household(**given_))
            ]

    return found


# --- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize("area", [VILLAGE, SIBLING_VILLAGE, FOREIGN_VILLAGE, "150722100201"])
def test_the_same_identity_number_is_found_anywhere_in_the_store(known: Any, found: Any, area: str) -> None:
    (case,) = known({"area": area, "head_name": "王五", "id_number": ID, "size": 9})
    assert found(head_name="张三", id_number=ID) == [(case, SURE, Why.ID)]


def test_a_small_x_at_the_end_is_the_same_number(known: Any, found: Any) -> None:
    (case,) = known({"id_number": "15062619900101001x", "area": FOREIGN_VILLAGE})
    assert found(id_number="15062619900101001X") == [(case, SURE, Why.ID)]


def test_another_identity_number_says_nothing(known: Any, found: Any) -> None:
    known({"id_number": OTHER_ID, "head_name": "王五"})
    assert found(head_name="张三", id_number=ID) == []


def test_the_same_phone_is_found_across_banners_after_the_identity_number(known: Any, found: Any) -> None:
    phone, number = known(
        {"phone": "13812345678", "head_name": "王五", "area": FOREIGN_VILLAGE},
        {"id_number": ID, "head_name": "赵六", "area": FOREIGN_VILLAGE},
    )
    assert [(case, why) for case, _, why in found(head_name="张三", phone="13812345678", id_number=ID)] == [
        (number, Why.ID), (phone, Why.PHONE),
    ]  # fmt: skip


def test_a_phone_is_not_taken_for_an_identity_number(known: Any, found: Any) -> None:
    known({"phone": "13812345678", "area": FOREIGN_VILLAGE})
    assert found(head_name="张三", id_number="13812345678") == []


def test_what_nobody_gave_makes_no_two_households_alike(known: Any, found: Any) -> None:
    """Reports without a name come from chats where names may not be written."""
    known({"head_name": ""}, {"head_name": "🙂"})
    assert found(head_name="") == [] and found(head_name="🙂") == [] and found(head_name="张三") == []


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "given_"),
    [
        pytest.param("乌云其其格", "乌云琪琪格", id="homophones"),
        pytest.param("乌云·其其格", "乌云其其格", id="middle-dot"),
        pytest.param("张 三", "张三", id="space"),
        pytest.param("张三", "章叁", id="two-characters"),
        pytest.param("Bayar", "ＢＡＹＡＲ", id="width-and-case"),
        pytest.param("巴特尔", "巴图尔", id="one-character-of-three"),
    ],
)
def test_the_same_name_is_found_in_the_village_however_it_is_written(
    known: Any, found: Any, stored: str, given_: str
) -> None:
    (case,) = known({"head_name": stored})
    assert [(one, why) for one, _, why in found(head_name=given_)] == [(case, Why.NAME)]
    (other,) = known({"head_name": given_})
    assert {one for one, _, _ in found(head_name=stored)} == {case, other}


@pytest.mark.parametrize(
    ("stored", "given_"),
    [
        pytest.param("张三", "张四", id="same-family-name"),
        pytest.param("张三", "李三", id="same-given-name"),
        pytest.param("乌云其其格", "娜仁高娃", id="nothing-alike"),
        pytest.param("王小明", "李大红", id="three-characters"),
    ],
)
def test_another_name_is_another_household(known: Any, found: Any, stored: str, given_: str) -> None:
    known({"head_name": stored})
    assert found(head_name=given_) == []


@pytest.mark.parametrize(
    ("area", "is_found"),
    [(VILLAGE, True), (SIBLING_VILLAGE, True), (OTHER_VILLAGE, True), (FOREIGN_VILLAGE, False)],
)
def test_the_same_name_is_found_across_villages_of_a_banner(
    known: Any, found: Any, area: str, is_found: bool
) -> None:
    known({"area": area})
    assert bool(found()) is is_found


def test_a_household_whose_village_is_not_in_the_register_is_found_in_the_banner(
    known: Any, found: Any
) -> None:
    (case,) = known({"area": BANNER})
    assert [one for one, _, _ in found(area=VILLAGE)] == [case]
    assert [one for one, _, _ in found(area=BANNER)] == [case]


def test_nearer_households_and_those_of_the_same_size_come_first(known: Any, found: Any) -> None:
    ids = known(
        {"area": OTHER_VILLAGE},
        {"area": SIBLING_VILLAGE},
        {"size": 9},
        {"size": 5},
        {},
    )
    assert [case for case, _, _ in found()] == ids[::-1]


def test_a_homophone_next_door_is_likely_and_one_of_another_township_is_not_shown(
    known: Any, found: Any
) -> None:
    near, _ = known(
        {"head_name": "乌云琪琪格"}, {"head_name": "乌云琪琪格", "area": OTHER_VILLAGE, "size": 9}
    )
    ((case, score, _),) = found()
    assert case == near and score >= LIKELY


@pytest.mark.parametrize("step", ["withdrawn", "refused", "exited", "helping"])
def test_a_case_counts_wherever_it_stands(known: Any, found: Any, step: str) -> None:
    (case,) = known({"step": step})
    assert [one for one, _, _ in found()] == [case]


def test_a_merged_case_is_found_through_the_one_that_it_went_into(known: Any, found: Any) -> None:
    known({"step": "merged", "id_number": ID})
    assert found(id_number=ID) == []


def test_the_same_name_is_found_behind_many_newer_neighbours(
    known: Any, found: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "LOOKED_AT", 5)
    (case, *_) = known({}, *({"head_name": f"王{number}"} for number in range(8)))
    assert [one for one, _, _ in found()] == [case]


def test_the_best_are_shown_and_not_all(known: Any, found: Any) -> None:
    known(*({} for _ in range(8)))
    assert len(found()) == 5


@TWELVE
@given(name=st.text(min_size=1, max_size=8), other=st.text(min_size=1, max_size=8))
def test_any_name_can_be_stored_and_compared(sessions: Sessions, name: str, other: str) -> None:
    with sessions() as session:
        reporter = member(session, Role.VILLAGE_CADRE, VILLAGE)
        case = reported(session, reporter, head_name=name)
        assert all(one.score <= SURE for one in candidates(session, household(head_name=other)))
        set_name(session, case, other)
        session.rollback()


def test_a_changed_name_is_found_by_the_new_one_alone(sessions: Sessions) -> None:
    with sessions.begin() as session:
        reporter = people.create(session, role=Role.VILLAGE_CADRE, area=VILLAGE, name="李四", now=NOON)
        case = reported(session, reporter)
        set_name(session, case, "娜仁高娃")
        session.flush()
        assert [one.case.id for one in candidates(session, household(head_name="娜仁高娃"))] == [case.id]
        assert candidates(session, household()) == []
