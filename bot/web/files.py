"""Photos that people send, and files that they are sent."""

from __future__ import annotations

import asyncio
import io
from functools import partial
from urllib.parse import quote

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.access import reader, writer
from bot.web.errors import WebError
from bot.web.parts import web_of
from db import files
from db.models import StoredFile
from handlers import wording_web

MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = MAX_PHOTO_BYTES + 64 * 1024  # the form around it
LONGEST_SIDE = 1600  # pixels; a document page is still readable
MAX_PIXELS = 60_000_000  # unpacked, it takes three bytes each
JPEG_QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
_AT_ONCE = asyncio.Semaphore(2)  # photos being unpacked, for the memory's sake


async def upload(request: Request) -> Response:
    """Store one photo and answer its id."""
    web, visitor = web_of(request), await writer(request)
    if visitor.name is None:
        raise WebError(403, wording_web.MEMBERS_ONLY)
    await web.limits.count_turn(visitor.chat)
    content = await _uploaded(request)
    async with _AT_ONCE:
        photo = await run_in_threadpool(plain_jpeg, content)
    store = partial(
        files.store, chat=visitor.chat, content=photo, media_type="image/jpeg", name="photo.jpg",
        now=web.parts.clock(),
    )  # fmt: skip
    return JSONResponse({"id": await web.delivery.in_session(store)})


async def download(request: Request) -> Response:
    """A file of the visitor's own chat; of others it is not even said that they exist."""
    web, visitor = web_of(request), await reader(request)
    file_id = request.path_params["file_id"]

    def work(session: Session) -> StoredFile | None:
        return files.load(session, file_id) if file_id < 2**63 else None

    file = await web.delivery.in_session(work)
    if file is None or file.chat != visitor.chat:
        raise WebError(404, wording_web.NO_SUCH_FILE)
    kind = "inline" if file.media_type == "image/jpeg" else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def plain_jpeg(content: bytes) -> bytes:
    """The picture alone, upright and small: no place, no time, no camera. Raises WebError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise WebError(413, wording_web.TOO_LARGE)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is unpacked smaller at once
            picture = _on_white(ImageOps.exif_transpose(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise WebError(422, wording_web.NO_PHOTO) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=JPEG_QUALITY, exif=b"")
    return stored.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise WebError(422, wording_web.NO_PHOTO)
        content = await file.read()
    if len(content) > MAX_PHOTO_BYTES:
        raise WebError(413, wording_web.TOO_LARGE)
    return content
