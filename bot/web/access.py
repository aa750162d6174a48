"""Who may come in: the checks at the door of every route."""

from __future__ import annotations

from starlette.requests import Request

from bot.web.errors import WebError
from bot.web.parts import web_of
from bot.web.security import require_csrf_token, require_own_page
from bot.web.sessions import COOKIE, Visitor
from handlers import wording_web


async def reader(request: Request) -> Visitor:
    """The visitor of a request that changes nothing. Raises WebError."""
    web = web_of(request)
    await web.limits.count_request(request)
    visitor = await web.sessions.find(request.cookies.get(COOKIE))
    if visitor is None or (visitor.name is None and not web.parts.visitors_may_ask):
        raise WebError(401, wording_web.NOT_SIGNED_IN)
    return visitor


async def writer(request: Request) -> Visitor:
    """The visitor of a request that changes something, sent by a page of ours. Raises WebError."""
    require_own_page(request, web_of(request).parts.settings.public_url)
    visitor = await reader(request)
    require_csrf_token(request, visitor.token)
    return visitor
