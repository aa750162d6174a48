import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.web.history import SHOWN
from tests.webserver import Page, WebServer


def _said(history: dict[str, Any]) -> list[str]:
    return [
        item.get("text") or item.get("label") or "".join(text for text, _ in item["spans"])
        for item in history["items"]
    ]


def test_nothing_was_said_yet(visitor: Page) -> None:
    history = visitor.history()
    assert (history["items"], history["cursor"], history["name"]) == ([], 0, None)


def test_a_page_opened_anew_shows_what_was_said_in_its_order(visitor: Page) -> None:
    for text in ("一", "二"):
        visitor.says(text)
        replies = visitor.hears(1 if text == "一" else 2)
    history = visitor.history()
    assert sorted(_said(history)) == sorted(["一", "您说：一", "二", "您说：二"])
    assert _said(history).index("一") < _said(history).index("您说：一")
    assert history["cursor"] == replies[-1]["seq"]


def test_an_edited_message_stands_once_as_it_is_now(visitor: Page) -> None:
    visitor.says("一")
    (first,) = visitor.hears()
    for data in ("edit:1", "edit:2"):
        visitor.turn(button=data, message=str(first["seq"]))
    last = visitor.hears(3)[-1]
    history = visitor.history()
    assert _said(history) == ["一", "按了edit:2"]
    assert (history["items"][1]["seq"], history["cursor"]) == (first["seq"], last["seq"])


def test_a_button_that_made_a_message_is_shown_by_its_label(visitor: Page) -> None:
    visitor.says("一")
    (first,) = visitor.hears()
    visitor.turn(button="new:1", message=str(first["seq"]))
    visitor.hears(2)
    assert sorted(_said(visitor.history())) == sorted(["一", "您说：一", "新", "按了new:1"])


def test_the_name_of_who_signed_in_is_told(member: Page) -> None:
    assert member.history()["name"] == "张三"


def test_only_the_last_of_a_long_talk_is_shown(serve: Callable[..., WebServer]) -> None:
    page = Page(serve(turns_per_minute=1000)).open()
    for number in range(SHOWN + 5):
        page.says(f"{number}")
    page.hears(SHOWN + 5)
    said = _said(page.history())
    assert len(said) == 2 * SHOWN
    assert f"您说：{SHOWN + 4}" in said and "您说：4" not in said


def test_an_edited_message_keeps_its_place(visitor: Page, clock) -> None:
    visitor.says("一")
    (first,) = visitor.hears()
    clock.now += dt.timedelta(minutes=1)
    visitor.says("二")
    visitor.hears(2)
    clock.now += dt.timedelta(minutes=1)
    visitor.turn(button="edit:1", message=str(first["seq"]))
    visitor.hears(3)
    assert _said(visitor.history()) == ["一", "按了edit:1", "二", "您说：二"]
