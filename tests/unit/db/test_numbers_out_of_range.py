"""Numbers that people type or forge and that no column holds: looked for, nothing is found."""

import datetime as dt

import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import case_lists, files, outbox, people
from db.access import Role

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("digits", ["9999999999", "99999999999", "150626103201", "9" * 40])
def test_no_case_is_found_by_a_number_too_large(database: sessionmaker[Session], digits: str) -> None:
    with database.begin() as session:
        person = people.create(session, role=Role.CITY_READER, area="", name="", now=NOW)
        assert case_lists.by_short_number(session, person, digits) is None


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 2**80])
def test_no_file_is_found_by_a_number_out_of_range(database: sessionmaker[Session], number: int) -> None:
    with database.begin() as session:
        assert files.load(session, number) is None


@pytest.mark.parametrize("number", [2**31, 2**63 - 1])
def test_a_page_that_claims_to_have_read_everything_breaks_nothing(
    database: sessionmaker[Session], number: int
) -> None:
    with database.begin() as session:
        outbox.seen(session, "web:p1", number, now=NOW)
        assert outbox.after(session, "web:p1", number) == []
