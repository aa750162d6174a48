from typing import Any

import pytest

from handlers import wording
from handlers.turn import MAX_BUTTON_BYTES, Attachment, Button, Contact, Place, Turn

Person = Any  # of conftest.py


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/start", wording.WELCOME),
        ("/help", wording.HELP),
        (" /HELP ", wording.HELP),
        ("/help@policybot", wording.HELP),
        ("/new", wording.STARTED_OVER),
    ],
)
def test_a_command_reaches_its_handler(person: Person, text: str, shown: str) -> None:
    assert person.writes(text)[0].text == shown


def test_an_unknown_command_names_those_that_exist(person: Person) -> None:
    text = person.writes("/nonsense")[0].text
    assert all(command in text for command in ("/start", "/help", "/new"))


@pytest.mark.parametrize("text", ["/", "/帮助", "和/或是什么意思", "第3/4条"])
def test_a_slash_alone_makes_no_command(person: Person, text: str) -> None:
    assert "没有这个命令" not in person.writes(text)[0].text


@pytest.mark.parametrize(("text", "button"), [(None, None), ("问", "say:问")])
def test_a_turn_is_a_text_or_a_button(text: str | None, button: str | None) -> None:
    with pytest.raises(ValueError, match="exactly one of a text, a button"):
        Turn(id="1", person="p", chat="c", text=text, button=button)


def test_a_button_that_telegram_would_refuse_is_refused_here() -> None:
    Button("甲", "x" * MAX_BUTTON_BYTES)
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Button("甲", "村" * 22)


@pytest.mark.parametrize(
    "sent",
    [
        {"photo": Attachment("file1", 1000), "text": "这是他家的房子"},
        {"photo": Attachment("file1", 1000), "text": "/start"},
        {"document": Attachment("file2", 50_000_000, "表.xlsx")},
        {"place": Place(39.6, 109.8)},
        {"contact": Contact("13800138000", own=False)},
        {"other": "voice"},
        {"other": "something of the future"},
    ],
    ids=lambda sent: next(iter(sent)),
)
def test_what_nobody_asked_for_gets_a_hint_in_private_and_silence_in_a_group(
    person: Person, sent: dict[str, Any]
) -> None:
    alone = Turn(id="1", person="p", chat="c", **sent)
    (reply,) = person.sends(alone)
    assert "没有保存" in reply.text and "13800138000" not in reply.text
    assert person.sends(Turn(id="2", person="p", chat="c", group=True, **sent)) == ()


def test_a_turn_survives_being_stored() -> None:
    for turn in (
        Turn(id="1", person="p", chat="web:1", text="问", group=True),
        Turn(id="2", person="p", chat="telegram:1", button="say:问", message="77"),
        Turn(id="3", person="p", chat="c", photo=Attachment("x", 5, "a.jpg", "image/jpeg"), text="看"),
        Turn(id="4", person="p", chat="c", place=Place(1.5, -2.25)),
        Turn(id="5", person="p", chat="c", contact=Contact("138", own=True)),
    ):
        assert Turn.from_json(turn.to_json()) == turn
