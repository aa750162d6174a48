import logging
from collections.abc import Callable

import httpx
import pytest

from handlers import wording_web
from tests.webserver import Page, WebServer

PATHS = ("/", "/in/abc", "/api/history", "/nothing", "/worker.js", "/healthz", "/files/1", "/static/x/app.js")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded_by_headers(server: WebServer, path: str) -> None:
    headers = httpx.get(f"{server.url}{path}").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == ("same-origin" if path == "/in/abc" else "no-referrer")
    assert headers["cache-control"] in ("no-store", "no-cache")


def test_the_page_has_no_scripts_or_styles_of_its_own(server: WebServer) -> None:
    page = httpx.get(server.url).text
    assert "<style" not in page and "style=" not in page and "onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')
    assert "http" not in page


def test_another_site_cannot_send_in_somebodys_name(visitor: Page) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        headers = {"Origin": origin, "X-CSRF-Token": visitor.csrf}
        answer = visitor.client.post("/api/turns", json={}, headers=headers)
        assert (answer.status_code, answer.json()["message"]) == (403, wording_web.FOREIGN_PAGE)


def test_own_pages_may_send_under_both_names(serve: Callable[..., WebServer]) -> None:
    page = Page(serve(public_url="http://zhengce.example.cn")).open()
    for origin in ("http://zhengce.example.cn", str(page.client.base_url).rstrip("/")):
        page.client.headers["Origin"] = origin
        assert page.turn(text="问").status_code == 200


@pytest.mark.parametrize("path", ["/api/turns", "/api/seen", "/api/files", "/out"])
@pytest.mark.parametrize("token", [None, "", "0" * 64, "长"])
def test_nothing_is_changed_without_the_pages_token(visitor: Page, path: str, token: str | None) -> None:
    headers = {} if token is None else {"X-CSRF-Token": token.encode()}
    assert visitor.client.post(path, json={}, headers=headers).status_code == 401
    assert visitor.client.post(path, json={}, headers=headers).json()["message"] == wording_web.PAGE_OUTDATED


def test_the_token_of_another_does_not_count(server: WebServer, visitor: Page) -> None:
    visitor.csrf = Page(server).open().csrf
    assert visitor.turn(text="问").status_code == 401


@pytest.mark.parametrize("path", ["/api/turns", "/api/seen", "/api/files", "/out"])
def test_nothing_is_changed_without_a_session(server: WebServer, path: str) -> None:
    answer = httpx.post(f"{server.url}{path}", json={})
    assert (answer.status_code, answer.json()["message"]) == (401, wording_web.NOT_SIGNED_IN)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 400),
        ("evil.example:8080", 400),
        ("", 400),
        ("[::", 400),
        ("localhost:8080", 200),
        ("192.168.1.7", 200),
        ("[::1]:8080", 200),
        ("zhengce.example.cn", 200),
        ("ZHENGCE.example.cn:443", 200),
    ],
)
def test_only_our_own_names_are_answered(serve: Callable[..., WebServer], host: str, status: int) -> None:
    server = serve(public_url="https://zhengce.example.cn")
    answer = httpx.get(server.url, headers={"Host": host})
    assert answer.status_code == status
    assert httpx.get(f"{server.url}/healthz", headers={"Host": host or "x"}).status_code == 200


def test_too_large_a_body_is_refused(visitor: Page) -> None:
    assert visitor.turn(text="长" * 1_000_000).status_code == 413


def test_one_address_cannot_come_too_often(serve: Callable[..., WebServer]) -> None:
    server = serve(requests_per_minute=3)
    codes = [httpx.get(server.url, headers={"X-Forwarded-For": "203.0.113.9"}).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert httpx.get(server.url, headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200


def test_an_ipv6_user_is_one_address(serve: Callable[..., WebServer]) -> None:
    server = serve(requests_per_minute=3)
    codes = [
        httpx.get(server.url, headers={"X-Forwarded-For": f"2001:db8::{number}"}).status_code
        for number in range(4)
    ]
    assert codes == [200, 200, 200, 429]


def test_an_unexpected_error_gets_a_number_and_the_log_no_words(
    server: WebServer, visitor: Page, clock, caplog: pytest.LogCaptureFixture, monkeypatch
) -> None:
    secret = "王五"

    def broken(session, *rest) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("bot.web.sessions.web_sessions.sign_in", broken)
    with caplog.at_level(logging.ERROR):
        answer = visitor.client.post("/in/secretcode")
    reference = answer.text.partition("编号 ")[2][:6]
    assert answer.status_code == 500 and len(reference) == 6
    assert reference in caplog.text and "sign_in" in caplog.text
    assert secret not in caplog.text and "secretcode" not in caplog.text


def test_an_unknown_page_and_a_wrong_method_are_told_in_chinese(server: WebServer) -> None:
    assert wording_web.NO_SUCH_PAGE in httpx.get(f"{server.url}/nothing").text
    assert httpx.get(f"{server.url}/api/nothing").json()["message"] == wording_web.NO_SUCH_PAGE
    assert httpx.get(f"{server.url}/api/turns").json()["message"] == wording_web.NOT_UNDERSTOOD
