import datetime as dt
from collections.abc import Callable

import httpx
import pytest

from bot.web import sessions
from db import administration, people
from db.access import Role
from handlers import wording_web
from tests.webserver import Page, WebServer


def _cookie(answer: httpx.Response) -> set[str]:
    return {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}


def test_a_visitor_gets_a_cookie_that_scripts_and_other_sites_cannot_use(server: WebServer) -> None:
    cookie = _cookie(httpx.get(server.url))
    assert {"httponly", "samesite=lax", "path=/", f"max-age={30 * 24 * 3600}"} <= cookie
    assert "secure" not in cookie


def test_the_cookie_is_sent_encrypted_only_where_the_address_says_https(
    serve: Callable[..., WebServer],
) -> None:
    assert "secure" in _cookie(httpx.get(serve(public_url="https://zhengce.example.cn").url))


def test_a_visitor_keeps_the_chat(visitor: Page) -> None:
    chat = visitor.chat
    assert chat.startswith("web:a") and visitor.open().chat == chat


def test_visitors_are_sent_away_where_only_members_may_ask(serve: Callable[..., WebServer]) -> None:
    server = serve(visitors_may_ask=False)
    answer = httpx.get(server.url)
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert wording_web.INVITED_ONLY in answer.text
    assert Page(server).sign_in(server.invitation()).turn(text="问").status_code == 200


def test_looking_at_a_link_does_not_use_it_up(server: WebServer) -> None:
    link = server.invitation()
    for _ in range(3):
        assert wording_web.SIGN_IN in httpx.get(link).text
    assert Page(server).sign_in(link).history()["name"] == "张三"


def test_a_link_signs_in_once(server: WebServer) -> None:
    link = server.invitation()
    Page(server).sign_in(link)
    again = httpx.post(link)
    assert (again.status_code, "set-cookie" in again.headers) == (410, False)
    assert wording_web.CODE_REFUSED in again.text


def test_a_link_that_is_too_old_or_was_never_made_is_refused(server: WebServer, clock) -> None:
    link = server.invitation()
    clock.now += dt.timedelta(days=8)
    assert [httpx.post(address).status_code for address in (link, f"{server.url}/in/abc")] == [410, 410]


def test_another_site_cannot_sign_a_browser_in(server: WebServer) -> None:
    link = server.invitation()
    for origin in ("https://evil.example", "null"):
        assert httpx.post(link, headers={"Origin": origin}).status_code == 403
    assert httpx.post(link, headers={"Origin": server.url}).status_code == 303


def test_signing_in_ends_the_session_before(server: WebServer, visitor: Page) -> None:
    before = dict(visitor.client.cookies)
    visitor.sign_in(server.invitation())
    assert visitor.chat.startswith("web:p")
    assert httpx.get(f"{server.url}/api/history", cookies=before).status_code == 401


def test_signing_out_ends_the_session(server: WebServer, member: Page) -> None:
    before = dict(member.client.cookies)
    assert member.post("/out").status_code == 200
    assert not member.client.cookies
    assert httpx.get(f"{server.url}/api/history", cookies=before).status_code == 401


def test_a_session_ends_when_nobody_came_for_its_time(visitor: Page, clock, monkeypatch) -> None:
    monkeypatch.setattr(sessions, "REMEMBERED_SECONDS", 0.0)
    clock.now += dt.timedelta(days=30)
    answer = visitor.client.get("/api/history")
    assert (answer.status_code, answer.json()["message"]) == (401, wording_web.NOT_SIGNED_IN)


def test_a_session_lasts_as_long_as_somebody_comes(visitor: Page, clock, monkeypatch) -> None:
    monkeypatch.setattr(sessions, "REMEMBERED_SECONDS", 0.0)
    chat = visitor.chat
    for _ in range(4):
        clock.now += dt.timedelta(days=20)
        assert visitor.open().chat == chat


def test_somebody_switched_off_is_out(server: WebServer, member: Page, monkeypatch) -> None:
    monkeypatch.setattr(sessions, "REMEMBERED_SECONDS", 0.0)

    def switch_off(session) -> None:
        people.create(session, role=Role.ADMINISTRATOR, area="", name="李四", now=server.clock())
        administration.switch_off(session, people.find(session, member.chat), now=server.clock())

    server.in_session(switch_off)
    assert member.turn(text="还能问吗").status_code == 401


@pytest.mark.parametrize("cookie", [b"", b"x", "长".encode(), b"a" * 4000])
def test_a_cookie_of_anything_else_is_a_new_visitor(server: WebServer, cookie: bytes) -> None:
    answer = httpx.get(server.url, headers={"Cookie": b"policybot=" + cookie})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, True)
