"""What guards every request: headers, the host's name, where a request comes from."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.errors import WebError, explain
from handlers import wording_web

CSRF_HEADER = "X-CSRF-Token"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # links carry codes
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_CHECKS = ("/healthz", "/readyz", "/metrics")  # called by machines, under any name


class SecurityHeaders:
    """Sets the headers that a response does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarding_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarding_send if scope["type"] == "http" else send)


class HostCheck:
    """Refuses names that are not ours: a foreign page may point its name at this machine.

    Plain addresses and localhost pass, no foreign page can have them. So do the paths of `others`, which
    are called by machines under a name of their own, and ask for a secret.
    """

    def __init__(self, app: ASGIApp, public_url: str, others: Sequence[BaseRoute] = ()) -> None:
        self._app = app
        self._open = (*_CHECKS, *(route.path for route in others if isinstance(route, Route)))
        self._public = urlsplit(public_url).hostname if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self._open:
            host = _host_name(Headers(scope=scope).get("host", ""))
            if host not in (self._public, "localhost") and not _is_address(host):
                refusal = await explain(Request(scope), WebError(400, wording_web.wrong_host(host[:80])))
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies of more bytes than `most`, or than `larger` says for a path."""

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._most = most
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = self._larger.get(scope["path"], self._most)

        async def counting_receive() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise WebError(413, wording_web.TOO_LARGE)
            return message

        await self._app(scope, counting_receive, send)


def require_own_page(request: Request, public_url: str) -> None:
    """Refuse what another site makes the browser send. Programs that send no Origin have no browser."""
    origin = request.headers.get("origin")
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}", public_url.rstrip("/")}
    if origin is not None and origin not in own:
        raise WebError(403, wording_web.FOREIGN_PAGE)


def csrf_token(session_token: str) -> str:
    """Known only to a page that may read our answers; the cookie's secret does not follow from it."""
    return hashlib.sha256(f"csrf {session_token}".encode()).hexdigest()


def require_csrf_token(request: Request, session_token: str) -> None:
    given = request.headers.get(CSRF_HEADER, "").encode("latin-1")
    if not hmac.compare_digest(given, csrf_token(session_token).encode()):
        raise WebError(401, wording_web.PAGE_OUTDATED)


def is_secure(request: Request, public_url: str) -> bool:
    return request.url.scheme == "https" or public_url.startswith("https://")


def _host_name(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:  # a broken IPv6 address
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
