"""For those who watch over the service: does it live, can it serve, and how much does it do."""

from __future__ import annotations

import asyncio
import hmac

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.web.errors import WebError
from bot.web.limiting import is_local
from bot.web.parts import Web, web_of
from db import inbox, outbox
from handlers import wording_web

DATABASE_SECONDS = 2.0


async def alive(request: Request) -> Response:
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """200 when a question would be answered now; else 503 with what is missing."""
    missing = await _missing(web_of(request))
    return PlainTextResponse(missing or "ok", 503 if missing else 200)


async def metrics(request: Request) -> Response:
    web = web_of(request)
    if not (is_local(request) or _has_token(request, web.parts.settings.metrics_token.get_secret_value())):
        raise WebError(403, wording_web.METRICS_CLOSED)
    turns, replies = await web.delivery.in_session(_depths)
    counts = web.delivery.metrics
    counts.waiting.labels("turns").set(turns)
    counts.waiting.labels("replies").set(replies)
    return Response(counts.text(), media_type=CONTENT_TYPE_LATEST)


async def _missing(web: Web) -> str:
    if web.delivery.stopping:
        return "stopping"
    if not web.parts.library.files:
        return "no documents"
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await web.delivery.in_session(_depths)
    except (TimeoutError, SQLAlchemyError):
        return "database does not answer"
    return ""


def _depths(session: Session) -> tuple[int, int]:
    return inbox.depth(session), outbox.depth(session)


def _has_token(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").encode("latin-1")
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())
