import re

import httpx
import pytest

from bot.web.assets import PAGES
from tests.webserver import WebServer

MOST_BYTES = 40 * 1024
# Syntax and calls that browsers of 2018 do not know.
TOO_NEW = re.compile(
    r"\?\.(?!\d)|\?\?|replaceChildren|randomUUID|replaceAll|\.at\(|structuredClone|\.flatMap|#\w+ ?="
)


def _served(server: WebServer) -> dict[str, httpx.Response]:
    page = httpx.get(server.url).text
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return {address: httpx.get(f"{server.url}{address}") for address in addresses}


def test_everything_that_the_page_names_is_served_and_may_be_kept(server: WebServer) -> None:
    served = _served(server)
    assert {"app.js", "view.js", "style.css"} <= {address.rpartition("/")[2] for address in served}
    for answer in served.values():
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_what_modules_import_is_fetched_ahead(server: WebServer) -> None:
    served = {address.rpartition("/")[2]: answer.text for address, answer in _served(server).items()}
    imported = {name for text in served.values() for name in re.findall(r'from "\./([\w.]+)"', text)}
    assert imported and imported <= set(served)


def test_the_page_is_small(server: WebServer) -> None:
    parts = [httpx.get(server.url), *_served(server).values()]
    assert sum(len(answer.content) for answer in parts) < MOST_BYTES


def test_the_page_is_sent_compressed(server: WebServer) -> None:
    assert httpx.get(server.url).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("script", sorted(path.name for path in (PAGES / "static").glob("*.js")))
def test_old_browsers_understand_the_scripts(script: str) -> None:
    assert not TOO_NEW.findall((PAGES / "static" / script).read_text(encoding="utf-8"))


def test_the_worker_keeps_all_files_of_the_page(server: WebServer) -> None:
    worker = httpx.get(f"{server.url}/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    kept = set(re.findall(r'"(/static/[^"]+)"', worker.text))
    assert set(_served(server)) <= kept


def test_a_file_that_is_not_there_is_told(server: WebServer) -> None:
    for name in ("nothing.js", "..%2Fchat.html", "..%2f..%2fconfig.toml"):
        assert httpx.get(f"{server.url}/static/x/{name}").status_code == 404
