"""Just enough HTTP/1.1 for one peer on loopback: fast, and able to hang up whenever it is asked to."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

_ESCAPED = re.compile("(?:%[0-9A-Fa-f]{2})+")
REASONS = {200: "OK", 502: "Bad Gateway"}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes
    content_type: str = "application/json"
    hang_up: bool = False
    """Close the connection instead of answering."""

    def encoded(self) -> bytes:
        head = (
            f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'No')}\r\n"
            f"Content-Type: {self.content_type}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


HANG_UP = Response(0, b"", hang_up=True)
Answering = Callable[[Request], Response | Awaitable[Response]]


class Connection(asyncio.Protocol):
    """Requests of one connection are answered one after the other."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting:
            self._waiting.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._work()

    def _work(self) -> None:
        while self._transport and not self._waiting and (request := self._next_request()):
            response = self._answer(request)
            if isinstance(response, Response):
                self._send(response)
            else:
                self._waiting = asyncio.ensure_future(self._send_later(response))

    async def _send_later(self, response: Awaitable[Response]) -> None:
        sent = await response
        self._waiting = None
        self._send(sent)
        self._work()

    def _send(self, response: Response) -> None:
        if self._transport is None:
            return
        if response.hang_up:
            self._transport.abort()
        else:
            self._transport.write(response.encoded())

    def _next_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._buffer[:end].decode("latin-1")
        length = int(_header(head, "content-length") or 0)
        if len(self._buffer) < end + 4 + length:
            if "100-continue" in head and self._transport:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        method, target, _ = head.split("\r\n", 1)[0].split(" ", 2)
        path, _, query = target.partition("?")
        return Request(method, unquote(path), query, _header(head, "content-type"), body)


def _header(head: str, name: str) -> str:
    start = head.lower().find(f"\r\n{name}:")
    if start < 0:
        return ""
    start += len(name) + 3
    end = head.find("\r\n", start)
    return head[start : end if end >= 0 else None].strip()


def arguments_of(request: Request) -> dict[str, object]:
    """Query, form, multipart and JSON arguments alike; an uploaded file is an `Upload`."""
    found: dict[str, object] = dict(parse_qsl(request.query, keep_blank_values=True))
    kind = request.content_type
    if kind.startswith("application/x-www-form-urlencoded"):
        found.update(_form(request.body.decode()))
    elif kind.startswith("application/json") and request.body:
        found.update(json.loads(request.body))
    elif kind.startswith("multipart/form-data"):
        boundary = kind.partition("boundary=")[2].strip('"')
        found.update(_parts(request.body, boundary.encode()))
    return found


def _form(body: str) -> Iterator[tuple[str, str]]:
    """As `parse_qsl` does it, four times as fast for Chinese: runs of %XX are decoded at once."""
    for pair in body.replace("+", " ").split("&"):
        name, _, value = pair.partition("=")
        yield _ESCAPED.sub(_unescaped, name), _ESCAPED.sub(_unescaped, value)


def _unescaped(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("%", "")).decode(errors="replace")


def _parts(body: bytes, boundary: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        disposition = _header(head.decode(), "content-disposition")
        fields = {
            name: value.strip('"')
            for name, _, value in (piece.strip().partition("=") for piece in disposition.split(";"))
        }
        file_name = fields.get("filename")
        found[fields["name"]] = content.decode() if file_name is None else Upload(file_name, content)
    return found
