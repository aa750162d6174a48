import logging
import re
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

Person = Any  # of conftest.py


@pytest.fixture
def broken(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.connection().execute(text("DROP TABLE conversation"))


@pytest.mark.usefixtures("broken")
def test_an_error_gives_the_person_the_reference_that_the_log_has(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        (reply,) = person.writes("村规民约归谁考核")
    reference = re.search(r"编号 ([0-9A-F]{6})", reply.text)
    assert reference is not None
    assert f"reference {reference[1]}" in caplog.text
    assert "handlers/ask.py" in caplog.text and "OperationalError" in caplog.text


@pytest.mark.usefixtures("broken")
def test_the_log_of_an_error_does_not_tell_what_was_asked(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    person.writes("张三家的低保怎么办")
    assert caplog.text and "张三" not in caplog.text


def test_after_an_error_the_conversation_goes_on(person: Person, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.connection().execute(text("ALTER TABLE conversation RENAME TO away"))
    person.writes("村规民约归谁考核")
    with sessions.begin() as session:
        session.connection().execute(text("ALTER TABLE away RENAME TO conversation"))
    assert "编号" not in person.writes("村规民约归谁考核")[0].text
