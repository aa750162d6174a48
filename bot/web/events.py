"""Replies as they come, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.delivery import Delivery
from bot.sending import Outgoing
from bot.web.access import reader
from bot.web.errors import WebError
from bot.web.parts import Web, web_of
from bot.web.sessions import Visitor
from bot.web.turns import page_id
from handlers import wording_web
from handlers.turn import spans

PING_SECONDS = 15.0
STREAMS_OF_CHAT = 8  # tabs and devices of one person
# A named event instead of a comment: the page cannot see comments, and it has to notice a dead line.
_PING = "event: ping\ndata: {}\n\n"
_HEADERS = {"X-Accel-Buffering": "no"}  # nginx would hold the replies back


async def stream(request: Request) -> Response:
    """The replies of the chat with a higher number than `after` (or Last-Event-ID), then those to come."""
    web, visitor = web_of(request), await reader(request)
    after = _number(request.headers.get("last-event-id") or request.query_params.get("after", "0"))
    if web.streams[visitor.chat] >= STREAMS_OF_CHAT:
        raise WebError(429, wording_web.TOO_MANY_PAGES, retry_after=30)
    return StreamingResponse(_events(web, visitor, after), media_type="text/event-stream", headers=_HEADERS)


def reply_fields(outgoing: Outgoing) -> dict[str, Any]:
    """A reply as the page gets it."""
    reply = outgoing.reply
    return {
        "seq": outgoing.seq,
        "turn": page_id(outgoing.chat, outgoing.turn_id),
        "spans": spans(reply.text),
        "buttons": [[{"label": one.label, "data": one.data} for one in row] for row in reply.buttons],
        "edit": int(outgoing.edits) if outgoing.edits else None,
        "photo": reply.photo,
        "file": reply.file,
    }


async def _events(web: Web, visitor: Visitor, after: int) -> AsyncIterator[str]:
    """Ends when delivery stops, or the session has ended."""
    waiting: asyncio.Queue[Outgoing | None] = asyncio.Queue()
    fetching = asyncio.create_task(_fetch(web.delivery, visitor.chat, after, waiting))
    with _counted(web, visitor.chat):
        try:
            yield _PING  # the headers leave with the first bytes
            while True:
                try:
                    async with asyncio.timeout(PING_SECONDS):
                        outgoing = await waiting.get()
                except TimeoutError:
                    if await web.sessions.find(visitor.token) is None:
                        return
                    yield _PING
                    continue
                if outgoing is None:
                    await fetching  # raises what it failed with
                    return
                yield _event(outgoing)
        finally:
            fetching.cancel()


async def _fetch(delivery: Delivery, chat: str, after: int, waiting: asyncio.Queue[Outgoing | None]) -> None:
    """Runs on its own: what reads the stream is cancelled in the middle when the browser goes."""
    try:
        async for outgoing in delivery.replies(chat, after):
            waiting.put_nowait(outgoing)
    finally:
        waiting.put_nowait(None)


@contextmanager
def _counted(web: Web, chat: str) -> Iterator[None]:
    web.streams[chat] += 1
    web.delivery.metrics.listeners.inc()
    try:
        yield
    finally:
        web.delivery.metrics.listeners.dec()
        web.streams[chat] -= 1
        if not web.streams[chat]:
            del web.streams[chat]


def _event(outgoing: Outgoing) -> str:
    fields = json.dumps(reply_fields(outgoing), ensure_ascii=False, separators=(",", ":"))
    return f"id: {outgoing.seq}\ndata: {fields}\n\n"


def _number(given: str) -> int:
    if not (given.isascii() and given.isdecimal()) or len(given) > 18:
        raise WebError(422, wording_web.NOT_UNDERSTOOD)
    return int(given)
