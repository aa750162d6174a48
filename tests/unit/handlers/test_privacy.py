"""A number of a person in what somebody said: left out, explained, and the rest handled."""

from dataclasses import replace

import pytest

from handlers.privacy import explain, hide_numbers, rest
from handlers.turn import Attachment, Contact, Reply, Turn

ID = "150602196001010012"


def _said(text: str | None, **fields: object) -> Turn:
    return Turn(id="1", person="web:1", chat="web:1", text=text, **fields)  # type: ignore[arg-type]


def test_a_turn_without_numbers_stays_as_it_is() -> None:
    turn = _said("村规民约归谁考核")
    assert hide_numbers(turn, "5") is turn


def test_each_kind_is_named_once_in_the_order_of_the_text() -> None:
    turn = hide_numbers(_said(f"13812345678、{ID}、13987654321"))
    assert turn.hidden == ("mobile", "id")
    assert "手机号、身份证号" in explain(turn).text


def test_hiding_again_changes_nothing() -> None:
    hidden = hide_numbers(_said(f"证件{ID}"), "5")
    assert hide_numbers(hidden, "6") == hidden


def test_a_turn_with_something_hidden_survives_being_stored() -> None:
    turn = hide_numbers(_said(ID), "5")
    assert Turn.from_json(turn.to_json()) == turn
    assert ID not in turn.to_json()


def test_a_reply_that_deletes_survives_being_stored() -> None:
    reply = Reply("没有保存", deletes=True)
    assert Reply.from_json(reply.to_json()) == reply


def test_only_what_the_channel_can_remove_is_to_be_deleted() -> None:
    assert explain(hide_numbers(_said(ID), "5")).deletes
    assert not explain(hide_numbers(_said(ID))).deletes


@pytest.mark.parametrize(
    "text",
    [ID, f"身份证号：{ID}", f"我的身份证号码是 {ID}。", f"户主电话13812345678，身份证{ID}", f"他{ID}！"],
)
def test_nothing_else_was_said(text: str) -> None:
    turn = hide_numbers(_said(text))
    assert rest(turn) is None
    assert "接着办" not in explain(turn).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"张三，{ID}", "张三"),
        (f"六十岁，身份证{ID}，能领多少补贴", "六十岁，身份证 ，能领多少补贴"),
        (f"/cases {ID}", "/cases"),
        (f"2025年 {ID}", "2025年"),
    ],
)
def test_what_else_was_said_is_handled_without_marks(text: str, left: str) -> None:
    turn = hide_numbers(_said(text), "5")
    assert rest(turn) == replace(turn, text=left, message=None, hidden=())
    assert "接着办" in explain(turn).text


def test_a_photo_is_handled_without_the_number_below_it() -> None:
    photo = Attachment("ref", 9)
    turn = rest(hide_numbers(_said(ID, photo=photo)))
    assert turn is not None and (turn.photo, turn.text) == (photo, "")


def test_a_telephone_number_that_was_shared_is_left_out() -> None:
    turn = hide_numbers(_said(None, contact=Contact("04778123456", own=False)))
    assert turn.contact == Contact("", own=False)
    assert "电话号码" in explain(turn).text and rest(turn) is None
