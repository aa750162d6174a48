import re
from typing import Any

import pytest

from handlers import wording
from handlers.turn import MAX_BUTTON_BYTES, Button, Turn
from knowledge.library import KnowledgeBase
from knowledge.model import Status

Person = Any  # of conftest.py


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/start", wording.WELCOME),
        ("/help", wording.HELP),
        (" /HELP ", wording.HELP),
        ("/help@policybot", wording.HELP),
        ("/start i33", wording.WELCOME),
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


@pytest.mark.parametrize("command", ["/start", "/help"])
def test_the_examples_are_buttons_that_get_an_answer(person: Person, command: str) -> None:
    (reply,) = person.writes(command)
    buttons = [button for row in reply.buttons for button in row]
    assert [button.label for button in buttons] == list(wording.EXAMPLES)
    for button in buttons:
        assert person.presses(button)[0].text == person.writes(button.label)[0].text


def test_every_example_of_the_help_is_answered(library: KnowledgeBase) -> None:
    own = wording.HELP.partition("接着问")[0]  # the two after it are follow-up questions
    examples = [*wording.EXAMPLES, *re.findall("“(.+?)”", own)]
    unanswered = [question for question in examples if library.ask(question)[0].status is not Status.ANSWERED]
    assert len(examples) > 6 and unanswered == []


@pytest.mark.parametrize(("text", "button"), [(None, None), ("问", "say:问")])
def test_a_turn_is_a_text_or_a_button(text: str | None, button: str | None) -> None:
    with pytest.raises(ValueError, match="exactly one of a text, a button"):
        Turn(id="1", person="p", chat="c", text=text, button=button)


def test_a_button_that_telegram_would_refuse_is_refused_here() -> None:
    Button("甲", "x" * MAX_BUTTON_BYTES)
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Button("甲", "村" * 22)
