import uuid
from collections.abc import Callable

import pytest

from handlers import wording_web
from tests.stored import everything_stored
from tests.webserver import Page, WebServer


def test_what_is_said_is_answered(visitor: Page) -> None:
    turn = visitor.says("村规民约")
    (reply,) = visitor.hears()
    assert (reply["turn"], reply["spans"]) == (turn, [["您说", True], ["：村规民约", False]])


def test_a_turn_sent_twice_is_taken_twice_and_handled_once(visitor: Page) -> None:
    said = {"id": str(uuid.uuid4()), "text": "一遍"}
    answers = [visitor.post("/api/turns", json=said) for _ in range(3)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"id": said["id"]})] * 3
    visitor.says("完了")
    assert [reply["spans"][1][0] for reply in visitor.hears(2)] == ["：一遍", "：完了"]


def test_two_people_may_use_the_same_id(server: WebServer, visitor: Page) -> None:
    other = Page(server).open()
    said = {"id": str(uuid.uuid4()), "text": "同号"}
    assert visitor.post("/api/turns", json=said).status_code == 200
    assert other.post("/api/turns", json=said).status_code == 200
    assert [page.hears()[0]["turn"] for page in (visitor, other)] == [said["id"]] * 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"text": " \n\t "}, 422),
        ({"text": "\x00\x1b"}, 422),
        ({"text": "长" * 4001}, 413),
        ({"text": "a", "button": "say:a"}, 422),
        ({"button": "say:" + "长" * 21}, 422),
        ({"button": "say:a", "message": "x'; --"}, 422),
        ({"button": "say:a\x00b"}, 422),
        ({"photo": 2**70}, 422),
        ({"photo": -1}, 422),
        ({"text": "a", "colour": "red"}, 422),
        ({"text": 5}, 422),
        ({"text": "a", "seen": -1}, 422),
        ({"text": "a", "seen": 2**63}, 422),
        ({"text": "a", "id": "1"}, 422),
        ({"place": {"latitude": 91, "longitude": 0}}, 422),
        ({"place": {"latitude": 1}}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(member: Page, fields: dict, status: int) -> None:
    answer = member.turn(**fields)
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert member.history()["items"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"id": "\\ud800"}', b"[" * 100_000])
def test_what_is_no_json_is_refused_with_a_sentence(visitor: Page, body: bytes) -> None:
    answer = visitor.post("/api/turns", content=body)
    assert (answer.status_code, answer.json()["message"]) == (422, wording_web.NOT_UNDERSTOOD)


def test_what_a_keyboard_cannot_write_is_left_out(visitor: Page) -> None:
    visitor.says("  一\x00二\r\n三\x02 ")
    assert visitor.hears()[0]["spans"][1][0] == "：一二\n三"


def test_a_button_says_which_message_it_hangs_on(visitor: Page) -> None:
    visitor.says("一")
    first = visitor.hears()[0]["seq"]
    visitor.turn(button="edit:1", message=str(first))
    assert visitor.hears(after=first)[0]["edit"] == first


def test_a_place_is_taken_from_members_only(visitor: Page, member: Page) -> None:
    place = {"latitude": 38.6, "longitude": 109.0}
    assert visitor.turn(place=place).json() == {"message": wording_web.MEMBERS_ONLY}
    assert member.turn(place=place).status_code == 200
    assert "latitude=38.6" in member.hears()[0]["spans"][1][0]


def test_who_sends_too_fast_is_told_when_to_send_again(serve: Callable[..., WebServer]) -> None:
    page = Page(serve(turns_per_minute=3)).open()
    assert [page.turn(text="快").status_code for _ in range(3)] == [200] * 3
    refused = page.turn(text="快")
    assert (refused.status_code, refused.json()["message"]) == (429, wording_web.TOO_FAST)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_what_was_read_does_not_wait_any_more(server: WebServer, visitor: Page) -> None:
    visitor.says("一")
    (first,) = visitor.hears()
    waiting = 'policybot_waiting{queue="replies"} '
    assert f"{waiting}1.0" in visitor.client.get("/metrics").text
    assert visitor.post("/api/seen", json={"seq": first["seq"]}).status_code == 200
    assert f"{waiting}0.0" in visitor.client.get("/metrics").text


def test_a_number_of_a_person_is_left_out_before_anything_is_stored(server: WebServer, visitor: Page) -> None:
    number = "150602196001010012"
    said = {"id": str(uuid.uuid4()), "text": f"身份证{number}"}
    shown = "身份证〔身份证号已隐去〕"
    assert [visitor.post("/api/turns", json=said).json() for _ in range(2)] == [
        {"id": said["id"], "text": shown}
    ] * 2
    visitor.hears()
    assert [item.get("text") for item in visitor.history()["items"]] == [shown, None]
    stored = server.in_session(everything_stored)
    assert number not in stored and shown in stored


def test_a_text_replaces_no_message(visitor: Page) -> None:
    visitor.says("甲")
    (first,) = visitor.hears()
    visitor.turn(text="身份证150602196001010012", message=str(first["seq"]))
    assert [reply["edit"] for reply in visitor.hears(2)] == [None, None]
