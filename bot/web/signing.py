"""Signing in with a link that works once, and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.web.access import writer
from bot.web.pages import set_cookie
from bot.web.parts import web_of
from bot.web.security import require_own_page
from bot.web.sessions import COOKIE
from handlers import wording_web


async def offer(request: Request) -> Response:
    """A page with a button: chat apps fetch links for a preview, which must not use the code up."""
    web = web_of(request)
    await web.limits.count_request(request)
    note = web.assets.note(
        title=wording_web.SIGN_IN_TITLE,
        text=wording_web.SIGN_IN,
        action=request.url.path,
        label=wording_web.SIGN_IN_BUTTON,
    )
    # With no-referrer, browsers hide the origin of the form that is posted from here.
    return HTMLResponse(note, headers={"Referrer-Policy": "same-origin"})


async def sign_in(request: Request) -> Response:
    web = web_of(request)
    require_own_page(request, web.parts.settings.public_url)
    await web.limits.count_request(request)
    visitor = await web.sessions.sign_in(request.path_params["code"], request.cookies.get(COOKIE))
    if visitor is None:
        note = web.assets.note(
            title=wording_web.CODE_REFUSED_TITLE,
            text=wording_web.CODE_REFUSED,
            link="/",
            label=wording_web.TO_CHAT,
        )
        return HTMLResponse(note, 410)
    response = RedirectResponse("/", 303)
    set_cookie(request, response, visitor)
    return response


async def sign_out(request: Request) -> Response:
    visitor = await writer(request)
    await web_of(request).sessions.sign_out(visitor.token)
    response = JSONResponse({})
    response.delete_cookie(COOKIE)
    return response
