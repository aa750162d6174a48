"""Errors of the web as a sentence: JSON for the page's calls, a small page for people."""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers import wording_web
from handlers.errors import new_reference, trace

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
_SECRET_PATHS = ("/in/", "/p/")


class WebError(Exception):
    """A request that is not served; the message is for the person. `retry_after` are seconds."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


async def explain(request: Request, error: Exception) -> Response:
    assert isinstance(error, WebError)
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return _response(request, error.status, error.message, headers)


async def explain_http(request: Request, error: Exception) -> Response:
    """What Starlette refuses by itself: an unknown path, a wrong method, a broken form."""
    assert isinstance(error, HTTPException)
    message = wording_web.NO_SUCH_PAGE if error.status_code == 404 else wording_web.NOT_UNDERSTOOD
    return _response(request, error.status_code, message, dict(error.headers or {}))


class ErrorEdge:
    """Whatever goes wrong is told with a reference number; the log has the traceback with the same one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except Exception as error:
            response = _unexpected(Request(scope), error)
            if started:  # nothing can be said any more; ending it short tells the browser
                raise ConnectionAbortedError("the response broke off") from None
            await response(scope, receive, send)


def _unexpected(request: Request, error: Exception) -> Response:
    reference = new_reference()
    logger.error("reference %s: %s %s\n%s", reference, request.method, _route(request), trace(error))
    message = wording_web.sorry(reference)
    if isinstance(error, SQLAlchemyError):  # the database is away; later it may go well
        return _response(request, 503, message, {"Retry-After": str(RETRY_SECONDS)}, reference)
    return _response(request, 500, message, {}, reference)


def _route(request: Request) -> str:
    """The path without what may be a secret in it."""
    opening = next((prefix for prefix in _SECRET_PATHS if request.url.path.startswith(prefix)), None)
    return f"{opening}…" if opening else request.url.path


def _response(
    request: Request, status: int, message: str, headers: dict[str, str], reference: str | None = None
) -> Response:
    if request.url.path.startswith(("/api/", "/out")):
        content = {"message": message} | ({"reference": reference} if reference else {})
        return JSONResponse(content, status, headers)
    note = request.app.state.web.assets.note(
        title=wording_web.TROUBLE_TITLE, text=message, link="/", label=wording_web.TO_CHAT
    )
    return Response(note, status, headers, media_type="text/html")
