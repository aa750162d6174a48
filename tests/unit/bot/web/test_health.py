from collections.abc import Callable
from pathlib import Path

import httpx

from knowledge.library import KnowledgeBase
from tests.webserver import Page, WebServer

OUTSIDE = {"X-Forwarded-For": "203.0.113.9"}


def test_a_server_that_can_answer_says_so(server: WebServer) -> None:
    for path in ("/healthz", "/readyz"):
        answer = httpx.get(f"{server.url}{path}")
        assert (answer.status_code, answer.text) == (200, "ok")


def test_a_server_without_documents_is_not_ready(serve: Callable[..., WebServer], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    empty = KnowledgeBase.open(tmp_path / "empty", tmp_path)
    answer = httpx.get(f"{serve(library=empty).url}/readyz")
    assert (answer.status_code, answer.text) == (503, "no documents")


def test_what_was_done_is_counted(visitor: Page) -> None:
    visitor.says("一")
    visitor.hears()
    counted = visitor.client.get("/metrics").text
    assert 'policybot_turns_total{channel="web"} 1.0' in counted
    assert 'policybot_turn_seconds_count{channel="web"} 1.0' in counted
    assert 'policybot_waiting{queue="turns"} 0.0' in counted
    assert 'policybot_waiting{queue="replies"} 1.0' in counted


def test_counts_are_for_this_machine_and_who_has_the_token(serve: Callable[..., WebServer]) -> None:
    address = f"{serve(metrics_token='geheim').url}/metrics"
    assert httpx.get(address).status_code == 200
    assert httpx.get(address, headers=OUTSIDE).status_code == 403
    assert httpx.get(address, headers=OUTSIDE | {"Authorization": "Bearer falsch"}).status_code == 403
    assert httpx.get(address, headers=OUTSIDE | {"Authorization": "Bearer geheim"}).status_code == 200


def test_without_a_token_counts_are_for_this_machine_alone(server: WebServer) -> None:
    headers = OUTSIDE | {"Authorization": "Bearer"}
    assert httpx.get(f"{server.url}/metrics", headers=headers).status_code == 403
