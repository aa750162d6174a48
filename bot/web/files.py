"""Photos that people send, and files that they are sent."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.pictures import NoPictureError, TooManyPixelsError, plain_photo
from bot.web.access import reader, writer
from bot.web.errors import WebError
from bot.web.parts import web_of
from db import files, photos
from db.files import File
from handlers import wording_web

MAX_UPLOAD_BYTES = photos.MAX_BYTES + 64 * 1024  # the form around it


async def upload(request: Request) -> Response:
    """Store one photo and answer its id."""
    web, visitor = web_of(request), await writer(request)
    if visitor.name is None:
        raise WebError(403, wording_web.MEMBERS_ONLY)
    await web.limits.count_turn(visitor.chat)
    content = await _uploaded(request)
    try:
        photo = await plain_photo(content)
    except TooManyPixelsError:
        raise WebError(413, wording_web.TOO_LARGE) from None
    except NoPictureError:
        raise WebError(422, wording_web.NO_PHOTO) from None
    store = partial(
        files.store, chat=visitor.chat, content=photo, media_type="image/jpeg", name="photo.jpg",
        now=web.parts.clock(),
    )  # fmt: skip
    return JSONResponse({"id": await web.delivery.in_session(store)})


async def download(request: Request) -> Response:
    """A file of the visitor's own chat; of others it is not even said that they exist."""
    web, visitor = web_of(request), await reader(request)
    file_id = request.path_params["file_id"]

    def work(session: Session) -> File | None:
        return files.load(session, file_id)

    file = await web.delivery.in_session(work)
    if file is None or file.chat != visitor.chat:
        raise WebError(404, wording_web.NO_SUCH_FILE)
    kind = "inline" if file.media_type == "image/jpeg" else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise WebError(422, wording_web.NO_PHOTO)
        content = await file.read()
    if len(content) > photos.MAX_BYTES:
        raise WebError(413, wording_web.TOO_LARGE)
    return content
