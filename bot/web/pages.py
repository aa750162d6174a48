"""The page itself and its files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.web.errors import WebError
from bot.web.parts import web_of
from bot.web.security import is_secure
from bot.web.sessions import COOKIE, Visitor
from handlers import wording_web

_FOREVER = "public, max-age=31536000, immutable"


async def chat(request: Request) -> Response:
    """The page. It holds nothing of anybody, so that the phone can keep it for times without a line."""
    web = web_of(request)
    await web.limits.count_request(request)
    visitor = await web.sessions.find(request.cookies.get(COOKIE))
    if visitor is None and web.parts.visitors_may_ask:
        await web.limits.count_new_session(request)
        visitor = await web.sessions.open_anonymous()
        return _with_cookie(request, HTMLResponse(web.assets.chat), visitor)
    if visitor is None or (visitor.name is None and not web.parts.visitors_may_ask):
        note = web.assets.note(title=wording_web.INVITED_ONLY_TITLE, text=wording_web.INVITED_ONLY)
        return HTMLResponse(note, 401)
    response = HTMLResponse(web.assets.chat)
    return _with_cookie(request, response, visitor) if await web.sessions.extend(visitor) else response


async def worker(request: Request) -> Response:
    return Response(web_of(request).assets.worker, media_type="text/javascript")


async def static(request: Request) -> Response:
    assets = web_of(request).assets
    asset = assets.files.get(request.path_params["name"])
    if asset is None:
        raise WebError(404, wording_web.NO_SUCH_PAGE)
    current = request.path_params["version"] == assets.version
    return Response(
        asset.content,
        media_type=asset.media_type,
        headers={"Cache-Control": _FOREVER if current else "no-cache"},
    )


def set_cookie(request: Request, response: Response, visitor: Visitor) -> None:
    web = web_of(request)
    response.set_cookie(
        COOKIE,
        visitor.token,
        max_age=web.sessions.seconds,
        httponly=True,
        samesite="lax",
        secure=is_secure(request, web.parts.settings.public_url),
    )


def _with_cookie(request: Request, response: Response, visitor: Visitor) -> Response:
    set_cookie(request, response, visitor)
    return response
