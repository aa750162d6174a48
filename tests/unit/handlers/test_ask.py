from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from db.models import Conversation, Unanswered
from db.session import open_database
from handlers import wording
from handlers.turn import Button, Reply, bold, plain
from knowledge.library import KnowledgeBase

Person = Any  # of conftest.py

QUESTION = "村规民约归谁考核"
FOLLOW_UP = "它多少分"
UNANSWERED = "火星移民补贴多少钱一个月"
WITH_OPTIONS = "考核办法第七条"


def _buttons(replies: tuple[Reply, ...]) -> list[Button]:
    """The buttons of the answer itself, without the row for a verdict on it."""
    return [button for reply in replies for row in reply.buttons[:-1] for button in row]


def test_a_question_is_answered_with_the_text_of_the_library(person: Person, library: KnowledgeBase) -> None:
    answer, _ = library.ask(QUESTION)
    assert [plain(reply.text) for reply in person.writes(QUESTION)] == [answer.text]


def test_the_direct_answer_stands_out(person: Person, library: KnowledgeBase) -> None:
    answer, _ = library.ask(QUESTION)
    assert person.writes(QUESTION)[0].text.startswith(bold(answer.lead))


def test_a_follow_up_is_understood_from_what_was_asked_before(person: Person, library: KnowledgeBase) -> None:
    alone, _ = library.ask(FOLLOW_UP)
    _, context = library.ask(QUESTION)
    expected, _ = library.ask(FOLLOW_UP, context)
    person.writes(QUESTION)
    assert plain(person.writes(FOLLOW_UP)[0].text) == expected.text != alone.text


def test_a_conversation_goes_on_after_a_restart(
    person: Person, library: KnowledgeBase, url: str, handle_in: Callable[..., Any]
) -> None:
    _, context = library.ask(QUESTION)
    expected, _ = library.ask(FOLLOW_UP, context)
    person.writes(QUESTION)
    restarted = type(person)(handle_in(open_database(url)))
    assert plain(restarted.writes(FOLLOW_UP)[0].text) == expected.text


def test_chats_do_not_hear_each_other(person_in: Callable[[str], Person], library: KnowledgeBase) -> None:
    alone, _ = library.ask(FOLLOW_UP)
    person_in("one").writes(QUESTION)
    assert plain(person_in("two").writes(FOLLOW_UP)[0].text) == alone.text


def test_new_forgets_what_was_talked_about(person: Person, library: KnowledgeBase) -> None:
    alone, _ = library.ask(FOLLOW_UP)
    person.writes(QUESTION)
    assert person.writes("/new")[0].text == wording.STARTED_OVER
    assert plain(person.writes(FOLLOW_UP)[0].text) == alone.text


def test_options_are_buttons_that_ask_on(person: Person, library: KnowledgeBase) -> None:
    answer, context = library.ask(WITH_OPTIONS)
    expected, _ = library.ask(answer.options[1], context)
    buttons = _buttons(person.writes(WITH_OPTIONS))
    assert [button.label for button in buttons] == list(answer.options)
    assert plain(person.presses(buttons[1])[0].text) == expected.text


def test_a_button_of_an_earlier_answer_is_not_taken_for_the_latest(person: Person) -> None:
    buttons = _buttons(person.writes(WITH_OPTIONS))
    person.writes(WITH_OPTIONS)
    assert person.presses(buttons[0])[0].text == wording.STALE_BUTTON


def test_a_button_from_before_new_is_old_for_good(person: Person) -> None:
    buttons = _buttons(person.writes(WITH_OPTIONS))
    person.writes("/new")
    person.writes(WITH_OPTIONS)
    assert person.presses(buttons[0])[0].text == wording.STALE_BUTTON


@pytest.mark.parametrize(
    "data", ["pick:", "pick:1", "pick:1:99", "pick:1:-1", "pick:1:²", "pick:0:0", "gone:1", ""]
)
def test_a_button_that_nobody_offered_gets_a_friendly_sentence(person: Person, data: str) -> None:
    person.writes(WITH_OPTIONS)
    assert person.presses(data)[0].text == wording.STALE_BUTTON


def test_a_question_without_an_answer_is_kept_without_the_person(
    person: Person, sessions: sessionmaker[Session], clock: Callable[[], Any]
) -> None:
    person.writes(UNANSWERED)
    person.writes(QUESTION)
    with sessions.begin() as session:
        kept = session.exec(select(Unanswered)).one()
        assert (kept.question, kept.status) == (UNANSWERED, "not_found")
        assert kept.index_version == "v1"
        assert kept.asked_at == clock()
    assert not {"person", "chat"} & set(Unanswered.model_fields)


def test_a_context_of_an_older_version_starts_anew(
    person: Person, library: KnowledgeBase, sessions: sessionmaker[Session]
) -> None:
    alone, _ = library.ask(FOLLOW_UP)
    person.writes(QUESTION)
    for stored in ("{}", "[]", "nonsense", '{"of": "another version"}'):
        with sessions.begin() as session:
            conversation = session.get(Conversation, "terminal")
            assert conversation is not None
            conversation.context = stored
        assert plain(person.writes(FOLLOW_UP)[0].text) == alone.text
