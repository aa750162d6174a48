"""Routes and assembly of the web chat."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from bot.web import events, files, health, history, pages, secure, signing, turns
from bot.web.assets import Assets
from bot.web.errors import ErrorEdge, WebError, explain, explain_http
from bot.web.limiting import Limits
from bot.web.parts import Web, WebParts
from bot.web.security import BodyLimit, HostCheck, SecurityHeaders
from bot.web.sessions import Sessions

MAX_BODY_BYTES = 1024 * 1024
SMALLEST_COMPRESSED = 600  # bytes; below, the headers cost more than is gained


def create_app(parts: WebParts) -> Starlette:
    """The application. Where it listens, and which proxies it believes, is the server's business."""
    app = Starlette(
        routes=[*_routes(), *parts.extra_routes],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(ErrorEdge),
            Middleware(HostCheck, public_url=parts.settings.public_url, others=parts.extra_routes),
            Middleware(BodyLimit, most=MAX_BODY_BYTES, larger={"/api/files": files.MAX_UPLOAD_BYTES}),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED),
        ],
        exception_handlers={WebError: explain, HTTPException: explain_http},
    )
    sessions = Sessions(parts.delivery, parts.clock, parts.settings.session_days)
    app.state.web = Web(parts, Assets.read(), sessions, Limits(parts.settings))
    return app


def _routes() -> list[Route]:
    return [
        Route("/", pages.chat),
        Route("/worker.js", pages.worker),
        Route("/static/{version}/{name}", pages.static),
        Route("/in/{code}", signing.offer),
        Route("/in/{code}", signing.sign_in, methods=["POST"]),
        Route("/p/{secret}", secure.offer),
        Route("/p/{secret}", secure.press, methods=["POST"]),
        Route("/out", signing.sign_out, methods=["POST"]),
        Route("/api/history", history.recent),
        Route("/api/events", events.stream),
        Route("/api/turns", turns.take, methods=["POST"]),
        Route("/api/seen", turns.seen, methods=["POST"]),
        Route("/api/files", files.upload, methods=["POST"]),
        Route("/files/{file_id:int}", files.download),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
    ]
