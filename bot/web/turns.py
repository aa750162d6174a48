"""What the page sends: turns, and how far it has read."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.access import writer
from bot.web.errors import WebError
from bot.web.parts import Web, web_of
from bot.web.sessions import Visitor
from db import files
from handlers import wording_web
from handlers.privacy import hide_numbers
from handlers.turn import MAX_BUTTON_BYTES, Attachment, Place, Turn

MAX_TEXT = 4000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # a line break and a tab may stay
_SEQ = Field(default=0, ge=0, lt=2**63)

Body = TypeVar("Body", bound=BaseModel)


def _fitting(button: str) -> str:
    if len(button.encode()) > MAX_BUTTON_BYTES or _CONTROL.search(button):
        raise ValueError("button data is longer than any of ours, or holds what none of ours does")
    return button


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceBody(_Body):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class TurnBody(_Body):
    """A turn in JSON. `id` is the page's own; `seen` the number of the last reply that it shows."""

    id: uuid.UUID
    text: str | None = None
    button: Annotated[str, AfterValidator(_fitting)] | None = None
    message: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    photo: Annotated[int, Field(gt=0, lt=2**63)] | None = None
    place: PlaceBody | None = None
    seen: int = _SEQ


class SeenBody(_Body):
    seq: int = _SEQ


async def take(request: Request) -> Response:
    """Answers 200 when the turn is stored. A turn that is sent again is answered so again.

    `text` in the answer is what was stored instead of what was sent, where a number had to be left out.
    """
    web, visitor = web_of(request), await writer(request)
    body = _parsed(TurnBody, await request.body())
    await web.limits.count_turn(visitor.chat)
    turn = await _turn(web, visitor, body)
    await asyncio.gather(web.delivery.accept([turn]), web.delivery.seen(visitor.chat, body.seen))
    return JSONResponse({"id": str(body.id)} | ({"text": turn.text} if turn.hidden else {}))


async def seen(request: Request) -> Response:
    visitor = await writer(request)
    body = _parsed(SeenBody, await request.body())
    await web_of(request).delivery.seen(visitor.chat, body.seq)
    return JSONResponse({})


def turn_id(chat: str, page_id: str) -> str:
    return f"{chat}:{page_id}"


def page_id(chat: str, turn_id: str) -> str | None:
    """The page's own id of a turn; None for what was not said in this chat."""
    return turn_id.removeprefix(f"{chat}:") if turn_id.startswith(f"{chat}:") else None


def _parsed(kind: type[Body], body: bytes) -> Body:
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise WebError(422, wording_web.NOT_UNDERSTOOD) from None


async def _turn(web: Web, visitor: Visitor, body: TurnBody) -> Turn:
    if visitor.name is None and (body.photo is not None or body.place):
        raise WebError(403, wording_web.MEMBERS_ONLY)
    try:
        turn = Turn(
            id=turn_id(visitor.chat, str(body.id)),
            person=visitor.chat,
            chat=visitor.chat,
            text=None if body.text is None else _readable(body.text),
            button=body.button,
            message=body.message if body.button is not None else None,
            photo=None if body.photo is None else await _photo(web, visitor, body.photo),
            place=None if body.place is None else Place(body.place.latitude, body.place.longitude),
        )
    except ValueError:  # nothing, or two things at once
        raise WebError(422, wording_web.NOT_UNDERSTOOD) from None
    return hide_numbers(turn)


def _readable(text: str) -> str:
    text = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if not text:
        raise WebError(422, wording_web.NOTHING_SAID)
    if len(text) > MAX_TEXT:
        raise WebError(413, wording_web.TOO_LONG)
    return text


async def _photo(web: Web, visitor: Visitor, file_id: int) -> Attachment:
    def work(session: Session) -> Attachment | None:
        file = files.load(session, file_id)
        if file is None or file.chat != visitor.chat:
            return None
        return Attachment(str(file_id), len(file.content), file.name, file.media_type)

    photo = await web.delivery.in_session(work)
    if photo is None:
        raise WebError(422, wording_web.PHOTO_UNKNOWN)
    return photo
