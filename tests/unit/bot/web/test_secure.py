"""The one-time page over HTTP: what it stores, what it shows to whom, and how often."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from bot.config import WebSettings
from db import administration, audit, cases, codes, drafts, links, outbox, people, personal
from db.access import Role
from db.cases import NewCase
from db.crypto import Keyring
from db.links import LIFETIME
from db.models import Person
from db.models_cases import Case, Draft, DraftAnswer
from db.personal import Field
from db.session import engine_of, open_database
from handlers import pages, wording_web
from handlers import wording_pages as wording
from handlers.turn import Desk, Reply, Turn
from knowledge.library import KnowledgeBase
from tests.databases import new_sqlite
from tests.unit.bot.web.conftest import Clock, echo
from tests.webserver import Page, WebServer

VILLAGE, ELSEWHERE = "150626100200", "150625100200"
CHAT = "telegram:7"
ID, PHONE = "150626199001010017", "13848700001"


@pytest.fixture
def server(knowledge: KnowledgeBase, clock: Clock, tmp_path: Path) -> Iterator[WebServer]:
    sessions = open_database(new_sqlite(tmp_path), Keyring.new())
    server = WebServer(sessions, echo, knowledge, WebSettings(), clock=clock)
    server.start()
    yield server
    server.stop()
    engine_of(sessions).dispose()


class Cadre:
    """Somebody who asks for links in a chat."""

    def __init__(self, server: WebServer, knowledge: KnowledgeBase, chat: str = CHAT) -> None:
        self.server = server
        self._knowledge = knowledge
        self._chat = chat
        self.person = self._registered()
        self.id = people.known_id(self.person)

    def _registered(self) -> Person:
        def work(session: Session) -> Person:
            person = people.create(
                session, role=Role.VILLAGE_CADRE, area=VILLAGE, name="张三", now=self.server.clock()
            )
            people.add_channel(session, person, self._chat, now=self.server.clock())
            return person

        return self.server.in_session(work)

    def begins(self, **answers: Any) -> Draft:
        def work(session: Session) -> Draft:
            draft = drafts.begin(session, self.id, "report", now=self.server.clock())
            for field, value in answers.items():
                drafts.store(session, draft, field, value, now=self.server.clock())
            draft.asked = "head"
            return draft

        return self.server.in_session(work)

    def reported(self, area: str = VILLAGE) -> Case:
        new = NewCase(area, "乌云其其格", 4, ("illness",), "able", "cadre", phone="13900000000")
        return self.server.in_session(
            lambda session: cases.create(session, new, reporter=self.id, now=self.server.clock())
        )

    def link(self, make: Callable[[Desk, Turn], str], *, names: bool = True) -> str:
        turn = Turn(id="1", person=self._chat, chat=self._chat, text="x")

        def work(session: Session) -> str:
            desk = Desk(
                self._knowledge, session, self.server.clock(), "v1", self.person, web_url=self.server.url,
                telegram_names=names, chat=turn.chat,
            )  # fmt: skip
            return make(desk, turn)

        return self.server.in_session(work)

    def to_fill(self, draft: Draft, *, names: bool = True) -> str:
        return self.link(lambda desk, turn: pages.link_for_draft(draft, desk), names=names)

    def to_correct(self, case: Case) -> str:
        return self.link(lambda desk, turn: pages.link_for_case(case, desk, turn))

    def to_reveal(self, case: Case, field: Field = Field.PHONE) -> str:
        return self.link(lambda desk, turn: pages.link_to_reveal(case, field, "打电话核实", turn, desk))

    def answers(self, draft: Draft) -> dict[str, Any]:
        return self.server.in_session(lambda session: drafts.answers(session, draft))

    def told(self) -> list[Reply]:
        def work(session: Session) -> list[Reply]:
            return [Reply.from_json(due.reply) for due in outbox.after(session, self._chat, 0)]

        return self.server.in_session(work)


@pytest.fixture
def cadre(server: WebServer, knowledge: KnowledgeBase) -> Cadre:
    return Cadre(server, knowledge)


def _fields(page: str) -> list[str]:
    return re.findall(r'<input id="(\w+)"', page)


# --- filling a draft ------------------------------------------------------------------------


def test_what_is_filled_in_is_stored_sealed_and_the_chat_is_told_without_it(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三丰")
    answer = httpx.post(cadre.to_fill(draft), data={"id_number": ID, "phone": PHONE})
    assert answer.status_code == 200 and wording.SAVED in answer.text
    assert cadre.answers(draft) == {"head": "张三丰", "id_number": ID, "phone": PHONE}
    stored = cadre.server.in_session(lambda session: session.exec(select(DraftAnswer)).all())
    assert not any(ID in row.value or PHONE in row.value for row in stored)
    (reply,) = cadre.told()
    assert reply.text == "已收到：户主身份证号、联系电话（内容没有经过聊天）。"
    assert reply.buttons[0][0].data == f"form:r:{draft.id}"


def test_looking_does_not_use_the_link_up_and_filling_in_does(cadre: Cadre) -> None:
    draft = cadre.begins()
    link = cadre.to_fill(draft)
    assert [httpx.get(link).status_code for _ in range(3)] == [200] * 3
    assert httpx.head(link).status_code == 200
    assert httpx.post(link, data={"head": "张三", "phone": PHONE}).status_code == 200
    for again in (httpx.get(link), httpx.post(link, data={"head": "李四"})):
        assert again.status_code == 410 and wording.REFUSALS["used"][0] in again.text
    assert cadre.answers(draft)["head"] == "张三"


def test_the_page_shows_of_the_household_a_masked_name_alone(cadre: Cadre) -> None:
    draft = cadre.begins(head="乌云其其格", id_number=ID, phone=PHONE, narrative="住院")
    page = httpx.get(cadre.to_fill(draft, names=False)).text
    assert "户主：乌****" in page and wording.KNOWN in page
    assert not any(secret in page for secret in ("其其格", ID, PHONE, "0017", "住院"))


def test_a_name_that_the_chat_may_know_is_asked_there_and_else_here(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")
    assert _fields(httpx.get(cadre.to_fill(draft)).text) == ["id_number", "phone"]
    assert _fields(httpx.get(cadre.to_fill(draft, names=False)).text) == ["head", "id_number", "phone"]


def test_a_correction_asks_only_for_what_is_to_be_corrected(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")

    def only_phone(session: Session) -> None:
        session.merge(draft).fields = ["phone", "size"]

    cadre.server.in_session(only_phone)
    assert _fields(httpx.get(cadre.to_fill(draft)).text) == ["phone"]


def test_a_name_is_needed_and_the_numbers_are_not(cadre: Cadre) -> None:
    draft = cadre.begins()
    link = cadre.to_fill(draft)
    refused = httpx.post(link, data={"head": " ", "phone": PHONE})
    assert refused.status_code == 422 and wording.MISSING in refused.text
    assert httpx.post(link, data={"head": "阿拉腾·巴雅尔", "id_number": ""}).status_code == 200
    assert cadre.answers(draft) == {"head": "阿拉腾·巴雅尔"}


def test_what_the_chat_asked_for_and_was_filled_in_here_is_not_asked_again(cadre: Cadre) -> None:
    draft = cadre.begins(place={"code": VILLAGE, "typed": ""})
    httpx.post(cadre.to_fill(draft, names=False), data={"head": "张三"})
    now = cadre.server.in_session(lambda session: drafts.get(session, draft.id or 0, cadre.id))
    assert now is not None and now.asked == "size"


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("id_number", "150626199001010018", wording.wrong_id()),  # the check digit
        ("id_number", "15062619900101001", wording.wrong_id()),
        ("id_number", "150626199002300016", wording.wrong_id()),  # 30 February
        ("id_number", "150626209001010013", wording.wrong_id()),  # not born yet
        ("id_number", "150626900101001", wording.wrong_id()),  # of before 1999
        ("phone", "1384870000", wording.wrong_phone()),
        ("phone", "23848700001", wording.wrong_phone()),
        ("head", "张3", "姓名里不能有数字、符号和表情。"),
    ],
)
def test_a_fault_is_told_at_its_field_and_what_was_typed_stays(
    cadre: Cadre, field: str, typed: str, fault: str
) -> None:
    draft = cadre.begins()
    link = cadre.to_fill(draft)
    given = {"head": "张三", "id_number": ID, "phone": PHONE} | {field: typed}
    refused = httpx.post(link, data=given)
    assert refused.status_code == 422
    assert re.search(rf'id="{field}-fault">{fault}', refused.text)
    assert all(f'value="{value}"' in refused.text for value in given.values())
    assert cadre.answers(draft) == {} and cadre.told() == []
    assert (
        httpx.post(link, data=given | {field: {"head": "张三", "phone": ""}.get(field, ID)}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"id_number": "１５０６２６ 19900101 0017"}, {"id_number": ID}),
        ({"id_number": "11010519491231002x"}, {"id_number": "11010519491231002X"}),
        ({"phone": "+86 138-4870-0001"}, {"phone": PHONE}),
        ({"phone": " 138 4870 0001 "}, {"phone": PHONE}),
    ],
)
def test_numbers_are_taken_as_people_write_them(
    cadre: Cadre, typed: dict[str, str], stored: dict[str, str]
) -> None:
    draft = cadre.begins(head="张三")
    assert httpx.post(cadre.to_fill(draft), data=typed).status_code == 200
    assert cadre.answers(draft) == {"head": "张三"} | stored


def test_nothing_filled_in_uses_nothing_up(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")
    link = cadre.to_fill(draft)
    refused = httpx.post(link, data={})
    assert refused.status_code == 422 and wording.NOTHING in refused.text
    assert httpx.get(link).status_code == 200


def test_fields_that_were_not_asked_for_are_not_stored(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")
    httpx.post(cadre.to_fill(draft), data={"phone": PHONE, "head": "李四", "size": "9", "urgent": "yes"})
    assert cadre.answers(draft) == {"head": "张三", "phone": PHONE}


def test_what_is_typed_cannot_become_a_part_of_the_page(cadre: Cadre) -> None:
    link = cadre.to_fill(cadre.begins())
    page = httpx.post(link, data={"head": '"><script>alert(1)</script>'}).text
    assert "<script" not in page and "&lt;script&gt;" in page


def test_a_draft_that_was_submitted_takes_nothing_more(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")
    link = cadre.to_fill(draft)
    cadre.server.in_session(
        lambda session: drafts.close(
            session, session.merge(draft), drafts.Status.SUBMITTED, now=cadre.server.clock()
        )
    )
    for answer in (httpx.get(link), httpx.post(link, data={"phone": PHONE})):
        assert answer.status_code == 410 and wording.REFUSALS["over"][0] in answer.text


# --- the link -------------------------------------------------------------------------------


def test_a_link_that_is_too_old_says_how_to_get_another(cadre: Cadre, clock: Clock) -> None:
    link = cadre.to_fill(cadre.begins(head="张三"))
    clock.now += LIFETIME
    for answer in (httpx.get(link), httpx.post(link, data={"phone": PHONE})):
        assert answer.status_code == 410 and wording.REFUSALS["expired"][1] in answer.text


def test_a_link_that_was_never_given_out_is_unknown(server: WebServer) -> None:
    for answer in (
        httpx.get(f"{server.url}/p/abc"),
        httpx.post(f"{server.url}/p/abc", data={"phone": PHONE}),
    ):
        assert answer.status_code == 404 and wording.REFUSALS["unknown"][1] in answer.text


def test_who_is_signed_in_as_somebody_else_is_refused_and_the_link_stays(cadre: Cadre, clock: Clock) -> None:
    draft = cadre.begins(head="张三")
    link = cadre.to_fill(draft)
    other = Page(cadre.server).sign_in(cadre.server.invitation("李四"))
    for answer in (other.client.get(link), other.client.post(link, data={"phone": PHONE})):
        assert answer.status_code == 403 and wording.REFUSALS["somebody_else"][0] in answer.text
    secret = cadre.server.in_session(lambda session: codes.link(session, cadre.id, now=clock()))
    own = Page(cadre.server).sign_in(f"{cadre.server.url}/in/{secret}")
    assert own.client.post(link, data={"phone": PHONE}).status_code == 200


def test_a_visitor_without_a_name_may_use_a_link(cadre: Cadre) -> None:
    link = cadre.to_fill(cadre.begins(head="张三"))
    visitor = Page(cadre.server).open()
    assert visitor.client.post(link, data={"phone": PHONE}).status_code == 200


def test_a_link_of_somebody_switched_off_opens_nothing(cadre: Cadre) -> None:
    link = cadre.to_fill(cadre.begins(head="张三"))
    cadre.server.invitation()

    def switch_off(session: Session) -> None:
        person = people.get(session, cadre.id)
        assert person is not None
        administration.switch_off(session, person, now=cadre.server.clock())

    cadre.server.in_session(switch_off)
    assert httpx.get(link).status_code == 403


def test_another_site_cannot_fill_it_in(cadre: Cadre) -> None:
    draft = cadre.begins(head="张三")
    link = cadre.to_fill(draft)
    for origin in ("https://evil.example", "null"):
        assert httpx.post(link, data={"phone": PHONE}, headers={"Origin": origin}).status_code == 403
    assert cadre.answers(draft) == {"head": "张三"}
    own = {"Origin": cadre.server.url}
    assert httpx.post(link, data={"phone": PHONE}, headers=own).status_code == 200


def test_the_page_runs_nothing_and_is_kept_nowhere(cadre: Cadre) -> None:
    answer = httpx.get(cadre.to_fill(cadre.begins()))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<script|<style|style=|\son\w+=", answer.text)


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"phone": ("x.txt", b"13848700001")}},
        {"content": b"--", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"data": {f"f{number}": "x" for number in range(500)}},
    ],
)
def test_a_form_that_is_not_ours_is_refused_and_the_link_stays(cadre: Cadre, body: dict[str, Any]) -> None:
    link = cadre.to_fill(cadre.begins(head="张三"))
    assert httpx.post(link, **body).status_code in (400, 422)
    assert httpx.get(link).status_code == 200


def test_an_address_cannot_try_many_links(server: WebServer) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    with httpx.Client(headers=headers) as client:
        statuses = [client.get(f"{server.url}/p/x{number}").status_code for number in range(61)]
    assert statuses == [404] * 60 + [429]


def test_the_log_does_not_have_the_link(
    cadre: Cadre, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(PHONE)

    link = cadre.to_fill(cadre.begins())
    monkeypatch.setattr(links, "find", broken)
    answer = httpx.post(link, data={"phone": PHONE})
    assert answer.status_code == 500 and wording_web.TROUBLE_TITLE in answer.text
    assert link.rpartition("/")[2] not in caplog.text and PHONE not in caplog.text and "/p/…" in caplog.text


# --- a case ---------------------------------------------------------------------------------


def _values(cadre: Cadre, case: Case) -> list[str]:
    return cadre.server.in_session(
        lambda session: [personal.value(session, session.get_one(Case, case.id), field) for field in Field]
    )


def _history(cadre: Cadre, case: Case) -> list[audit.Entry]:
    return cadre.server.in_session(lambda session: audit.of_case(session, cases.known_id(case)))


def test_numbers_of_a_case_are_changed_with_an_entry_that_masks_them(cadre: Cadre) -> None:
    case = cadre.reported()
    link = cadre.to_correct(case)
    assert f"编号：{case.number}" in httpx.get(link).text
    assert httpx.post(link, data={"id_number": ID, "phone": PHONE}).status_code == 200
    assert _values(cadre, case) == ["乌云其其格", ID, PHONE]
    entry = _history(cadre, case)[-1]
    assert (entry.action, entry.person_id) == ("personal", cadre.id)
    assert entry.detail == {
        "id_number": ["", "1506**********0017"],
        "phone": ["13*******00", "13*******01"],
    }
    assert cadre.told()[0].buttons[0][0].data == f"case:{case.number}"
    now = cadre.server.in_session(lambda session: session.get_one(Case, case.id))
    assert now.version == case.version + 1 and now.id_hash and now.phone_hash != case.phone_hash
    assert cadre.server.in_session(lambda session: audit.first_fault(session, cases.known_id(case))) is None


def test_an_id_number_that_another_case_has_is_told(cadre: Cadre) -> None:
    first, second, foreign = cadre.reported(), cadre.reported(), cadre.reported(ELSEWHERE)
    for case, told in ((first, ""), (second, f"编号{first.number}的一样")):
        httpx.post(cadre.to_correct(case), data={"id_number": ID})
        assert told in cadre.told()[-1].text
    assert "一样" not in cadre.told()[0].text
    assert str(foreign.number) not in "".join(reply.text for reply in cadre.told())


def test_a_case_outside_of_the_area_takes_nothing(cadre: Cadre) -> None:
    case = cadre.reported(ELSEWHERE)
    link = cadre.to_correct(case)
    for answer in (httpx.get(link), httpx.post(link, data={"phone": PHONE})):
        assert answer.status_code == 403 and "编号" not in answer.text
    assert _values(cadre, case)[2] == "13900000000"


# --- revealing ------------------------------------------------------------------------------


def test_a_value_is_shown_once_after_a_press_and_that_is_written_down(cadre: Cadre) -> None:
    case = cadre.reported()
    link = cadre.to_reveal(case)
    offered = httpx.get(link)
    assert wording.SHOW in offered.text and "13900000000" not in offered.text
    assert len(_history(cadre, case)) == 1
    shown = httpx.post(link)
    assert "13900000000" in shown.text and "乌云" not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    hides_itself = f'http-equiv="refresh" content="60; url={link.removeprefix(cadre.server.url)}"'
    assert hides_itself in shown.text
    entry = _history(cadre, case)[-1]
    assert (entry.action, entry.person_id) == ("reveal", cadre.id)
    assert entry.detail == {"field": "phone", "reason": "打电话核实"}
    for again in (httpx.get(link), httpx.post(link)):
        assert again.status_code == 410 and "13900000000" not in again.text


def test_a_value_that_there_is_not_is_said_to_be_missing(cadre: Cadre) -> None:
    assert wording.NOT_RECORDED in httpx.post(cadre.to_reveal(cadre.reported(), Field.ID_NUMBER)).text


def test_who_may_no_longer_reveal_sees_nothing(cadre: Cadre) -> None:
    case = cadre.reported()
    link = cadre.to_reveal(case)

    def becomes_reader(session: Session) -> None:
        person = session.get_one(Person, cadre.id)
        person.role, person.area = Role.CITY_READER, ""

    cadre.server.in_session(becomes_reader)
    for answer in (httpx.get(link), httpx.post(link)):
        assert answer.status_code == 403 and wording.REFUSALS["not_allowed"][0] in answer.text
    assert len(_history(cadre, case)) == 1


def test_a_link_to_fill_in_reveals_nothing(cadre: Cadre) -> None:
    case = cadre.reported()
    link = cadre.to_correct(case)
    pages_seen = [httpx.get(link).text, httpx.post(link).text, httpx.post(link, data={"phone": PHONE}).text]
    assert not any("13900000000" in page or "其其格" in page for page in pages_seen)


def test_a_link_that_was_used_up_meanwhile_stores_nothing(
    cadre: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = cadre.begins(head="张三")
    monkeypatch.setattr(links, "use", lambda *_: False)  # as when another press came first
    assert httpx.post(cadre.to_fill(draft), data={"phone": PHONE}).status_code == 410
    assert cadre.answers(draft) == {"head": "张三"}
