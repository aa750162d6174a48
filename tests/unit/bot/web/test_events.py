import contextlib
import threading
import time
from collections.abc import Callable

import pytest

from bot.web import events, sessions
from db import codes
from tests.webserver import SECONDS, Page, WebServer


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def _clients(page: Page) -> float:
    (line,) = [
        line
        for line in page.client.get("/metrics").text.splitlines()
        if line.startswith("policybot_web_clients")
    ]
    return float(line.split()[1])


def test_replies_after_a_number_are_sent_in_order(visitor: Page) -> None:
    for text in ("一", "二", "三"):
        visitor.says(text)
    first, second, third = visitor.hears(3)
    assert first["seq"] < second["seq"] < third["seq"]
    assert visitor.hears(2, after=first["seq"]) == [second, third]


def test_the_number_that_the_browser_saw_last_counts_more_than_the_address(visitor: Page) -> None:
    for text in ("一", "二"):
        visitor.says(text)
    first, second = visitor.hears(2)
    assert visitor.hears(1, after=0, **{"Last-Event-ID": str(first["seq"])}) == [second]


def test_a_reply_that_comes_later_is_sent_when_it_comes(server: WebServer, visitor: Page) -> None:
    heard: list[dict] = []
    listening = threading.Thread(target=lambda: heard.extend(visitor.hears()))
    listening.start()
    _until(lambda: _clients(visitor) == 1)
    visitor.says("后来")
    listening.join(SECONDS)
    assert heard[0]["spans"][1][0] == "：后来"


def test_nobody_hears_what_another_is_told(server: WebServer, visitor: Page) -> None:
    visitor.says("我的")
    visitor.hears()
    other = Page(server).open()
    other.says("别人的")
    assert [reply["spans"][1][0] for reply in other.hears()] == ["：别人的"]


def test_all_devices_of_a_person_hear_the_same(server: WebServer, member: Page) -> None:
    link = server.in_session(
        lambda session: codes.link(session, int(member.chat.removeprefix("web:p")), now=server.clock())
    )
    tablet = Page(server).sign_in(f"{server.url}/in/{link}")
    member.says("一")
    assert tablet.hears() == member.hears()


def test_the_stream_ends_when_the_server_stops(server: WebServer, visitor: Page) -> None:
    with visitor.client.stream("GET", "/api/events") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: ping"
        server.stop()
        assert [line for line in lines if line.startswith("data")] == ["data: {}"]


def test_the_stream_ends_soon_after_the_session(
    server: WebServer, visitor: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PING_SECONDS", 0.05)
    monkeypatch.setattr(sessions, "REMEMBERED_SECONDS", 0.0)
    with visitor.client.stream("GET", "/api/events") as answer:
        assert visitor.post("/out").status_code == 200
        assert list(answer.iter_lines())[-1] == ""  # read to its end


def test_a_browser_that_leaves_is_not_counted_any_more(server: WebServer, visitor: Page) -> None:
    with visitor.client.stream("GET", "/api/events"):
        _until(lambda: _clients(visitor) == 1)
    _until(lambda: _clients(visitor) == 0)


def test_one_person_cannot_hold_all_connections(visitor: Page) -> None:
    with contextlib.ExitStack() as streams:
        for _ in range(events.STREAMS_OF_CHAT):
            streams.enter_context(visitor.client.stream("GET", "/api/events"))
        _until(lambda: _clients(visitor) == events.STREAMS_OF_CHAT)
        refused = streams.enter_context(visitor.client.stream("GET", "/api/events"))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize("after", ["-1", "x", "٣", "9" * 30])
def test_a_number_that_is_none_is_refused(visitor: Page, after: str) -> None:
    assert visitor.client.get("/api/events", params={"after": after}).status_code == 422


def test_proxies_are_asked_not_to_hold_the_stream_back(visitor: Page) -> None:
    with visitor.client.stream("GET", "/api/events") as answer:
        headers = answer.headers
    assert headers["content-type"].startswith("text/event-stream")
    assert (headers["x-accel-buffering"], headers["cache-control"]) == ("no", "no-store")
    assert "content-encoding" not in headers
