"""The one-time page for what must not go through a chat. Its address is the key, so it stands in no log."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.web.errors import WebError
from bot.web.parts import web_of
from bot.web.security import require_own_page
from bot.web.sessions import COOKIE
from handlers import page_filling, wording_web
from handlers import wording_pages as wording
from handlers.page_shown import FillPage, Refusal, Revealed, RevealPage, Shown

MAX_FIELDS = 20
MAX_FIELD_BYTES = 16 * 1024
_STATUS: Mapping[Refusal, int] = {
    Refusal.EXPIRED: 410,
    Refusal.USED: 410,
    Refusal.UNKNOWN: 404,
    Refusal.OVER: 410,
    Refusal.SOMEBODY_ELSE: 403,
    Refusal.NOT_ALLOWED: 403,
}
# With no-referrer, browsers hide the origin of the form that is posted from here.
_HEADERS = {"Referrer-Policy": "same-origin"}


async def offer(request: Request) -> Response:
    """The form, or the button. Chat apps fetch links for a preview, which must not use the link up."""
    web = web_of(request)
    await web.limits.count_secret(request)
    secret, now = request.path_params["secret"], web.parts.clock()
    visitor = await _visitor(request)

    def work(session: Session) -> Shown:
        return page_filling.open_page(session, secret, visitor, now)

    return _shown(request, await web.delivery.in_session(work))


async def press(request: Request) -> Response:
    """Store what was typed, or show the value; either uses the link up."""
    web = web_of(request)
    require_own_page(request, web.parts.settings.public_url)
    await web.limits.count_secret(request)
    secret, now = request.path_params["secret"], web.parts.clock()
    given, visitor = await _given(request), await _visitor(request)

    def work(session: Session) -> Shown:
        return page_filling.press(session, secret, visitor, given, now)

    return _shown(request, await web.delivery.in_session(work))


async def _visitor(request: Request) -> str | None:
    """The chat of somebody who is signed in here; none is needed."""
    visitor = await web_of(request).sessions.find(request.cookies.get(COOKIE))
    return visitor.chat if visitor and visitor.name is not None else None


async def _given(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES) as form:
        if not all(isinstance(value, str) for value in form.values()):
            raise WebError(422, wording_web.NOT_UNDERSTOOD)
        return {name: str(value) for name, value in form.items()}


def _shown(request: Request, shown: Shown) -> Response:
    assets, action = web_of(request).assets, request.url.path
    if isinstance(shown, Refusal):
        title, text = wording.REFUSALS[shown]
        return HTMLResponse(assets.note(title=title, text=text), _STATUS[shown])
    if isinstance(shown, FillPage):
        page = assets.render("fill.html", page=shown, action=action, words=wording)
        return HTMLResponse(page, 422 if shown.fault else 200, _HEADERS)
    if isinstance(shown, RevealPage):
        note = assets.note(title=wording.REVEAL_TITLE, text=shown.text, action=action, label=wording.SHOW)
        return HTMLResponse(note, 200, _HEADERS)
    if isinstance(shown, Revealed):
        return HTMLResponse(assets.render("revealed.html", page=shown, action=action, words=wording))
    saved = f"{wording.received(shown.labels)}{wording.SAVED}"
    return HTMLResponse(assets.note(title=wording.SAVED_TITLE, text=saved))
