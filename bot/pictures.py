"""Photos as they are kept: small, upright, and without where, when and with what they were taken."""

from __future__ import annotations

import asyncio
import io

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 1600  # pixels; a document page is still readable
MAX_PIXELS = 60_000_000  # unpacked, it takes three bytes each
JPEG_QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
_AT_ONCE = asyncio.Semaphore(2)  # photos being unpacked, for the memory's sake


class NoPictureError(Exception):
    """It cannot be read as a photo."""


class TooManyPixelsError(Exception):
    """It would not fit into memory."""


async def plain_photo(content: bytes) -> bytes:
    """`plain_jpeg` in a thread, when its turn comes."""
    async with _AT_ONCE:
        return await asyncio.to_thread(plain_jpeg, content)


def plain_jpeg(content: bytes) -> bytes:
    """The picture alone: no place, no time, no camera. Raises NoPictureError or TooManyPixelsError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixelsError(f"{image.width} × {image.height}, at most {MAX_PIXELS} pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is unpacked smaller at once
            picture = _on_white(ImageOps.exif_transpose(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPictureError(type(error).__name__) from error
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
