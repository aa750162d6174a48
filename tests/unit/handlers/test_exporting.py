"""Files for those entitled: what stands in them, and for whom they are made."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from db import audit, cases, files, people
from db.access import Role
from handlers import exporting, wording_exporting
from handlers.turn import Reply

Person = Any  # of conftest.py
Sessions = sessionmaker[Session]
VILLAGE, OTHER, TOWNSHIP, BANNER = "150626103201", "150626103202", "150626103", "150626"


@pytest.fixture
def member(
    person_in: Callable[[str], Person], sessions: Sessions, clock: Callable[[], dt.datetime]
) -> Callable[..., Person]:
    def member(role: Role, area: str = "") -> Person:
        with sessions.begin() as session:
            person = people.create(session, role=role, area=area, name="张三", now=clock())
            people.add_channel(session, person, f"telegram:{person.id}", now=clock())
            return person_in(f"telegram:{person.id}")

    return member


@pytest.fixture
def store(sessions: Sessions, clock: Callable[[], dt.datetime]) -> Callable[..., None]:
    def store(
        head: str, area: str = VILLAGE, step: str = "application", risks: tuple[str, ...] = ("illness",)
    ) -> None:
        with sessions.begin() as session:
            new = cases.NewCase(
                area=area, head_name=head, size=4, risks=risks, capacity="able", source="cadre",
                id_number="150626199001010017", phone="13800138000",
            )  # fmt: skip
            cases.create(session, new, reporter=1, now=clock()).step = step

    return store


def _content(sessions: Sessions, reply: Reply) -> bytes:
    with sessions.begin() as session:
        stored = files.load(session, reply.file or reply.photo or 0)
        assert stored is not None
        return stored.content


def _rows(content: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return list(sheet.iter_rows(values_only=True))[1:]


def test_the_ledger_has_the_cases_of_the_area_masked(
    member: Callable[..., Person], store: Callable[..., None], sessions: Sessions
) -> None:
    cadre = member(Role.VILLAGE_CADRE, VILLAGE)
    store("=张三丰")
    store("李四", area=OTHER)
    (reply,) = cadre.presses("export:ledger")
    (row,) = _rows(_content(sessions, reply))
    text = "|".join(str(cell) for cell in row)
    assert "1506**********0017" in text and "138" + "*" not in text[:3] and "乌审旗" in text
    assert "三丰" not in text and "13800138000" not in text and "李" not in text


def test_too_many_cases_are_cut_by_area(
    member: Callable[..., Person],
    store: Callable[..., None],
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    township = member(Role.TOWNSHIP_REVIEWER, TOWNSHIP)
    store("张三")
    store("李四", area=OTHER)
    (reply,) = township.presses("export:ledger")
    assert [row[0].data for row in reply.buttons] == [f"export:ledger:{VILLAGE}", f"export:ledger:{OTHER}"]
    (part,) = township.presses(reply.buttons[1][0])
    assert len(_rows(_content(sessions, part))) == 1


def test_an_area_outside_gives_nothing(member: Callable[..., Person], store: Callable[..., None]) -> None:
    cadre = member(Role.VILLAGE_CADRE, VILLAGE)
    store("李四", area=OTHER)
    for area in (OTHER, BANNER, "15062", "'; --"):
        (reply,) = cadre.presses(f"export:ledger:{area}")
        assert reply.text in (wording_exporting.EMPTY, wording_exporting.NOT_ALLOWED) and reply.file is None


def test_statistics_count_by_banner_as_a_table_and_as_a_picture(
    member: Callable[..., Person], store: Callable[..., None], sessions: Sessions
) -> None:
    reader = member(Role.CITY_READER)
    store("张三", risks=("illness", "labour"))
    store("李四", area="150625100201", step="helping")
    (table,) = reader.presses("export:statistics")
    text = str(_rows(_content(sessions, table)))
    assert "乌审旗" in text
    (picture,) = reader.presses("export:picture")
    assert _content(sessions, picture).startswith(b"\x89PNG")


def test_the_notice_has_names_and_no_numbers_and_is_written_down(
    member: Callable[..., Person], store: Callable[..., None], sessions: Sessions
) -> None:
    cadre = member(Role.VILLAGE_CADRE, VILLAGE)
    assert "没有要公示" in cadre.presses("export:notice")[0].text
    store("张三丰", step="hearing")
    (reply,) = cadre.presses("export:notice")
    document = docx.Document(io.BytesIO(_content(sessions, reply)))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "张三丰" in text and "1506" not in text and "138" not in text and "因病" not in text
    with sessions.begin() as session:
        assert audit.of_case(session, 1)[-1].action == "notice_made"
        assert audit.first_fault(session, 1) is None


def test_visitors_get_nothing_and_readers_no_notice(
    person: Person, member: Callable[..., Person], store: Callable[..., None]
) -> None:
    reader = member(Role.CITY_READER)
    store("张三", step="hearing")
    assert person.writes("/export")[0].text == wording_exporting.NOT_ALLOWED
    assert person.presses("export:ledger")[0].text == wording_exporting.NOT_ALLOWED
    assert reader.presses("export:notice")[0].text == wording_exporting.NOT_ALLOWED
    assert "export:notice" not in str(reader.writes("/export")[0].buttons)
