"""Photos of reports, fetched from Telegram after the message was stored: a bad line delays them alone.

What is still to fetch stands in the database, so a restart goes on with it. Two processes may fetch the
same photo: it is kept once.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from telegram import File
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.delivery import Delivery
from bot.pictures import NoPictureError, TooManyPixelsError, plain_photo
from bot.telegram.failures import flood_seconds, growing_pause
from bot.telegram.incoming import CHANNEL
from db import photos
from db.models_cases import CaseFile
from handlers import case_photos
from handlers.errors import trace

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
AT_ONCE = 4
FETCH_SECONDS = 60.0
REFUSALS = 3  # Telegram says the same of a file that is gone and of one that is not there just now


class _RefusedError(Exception):
    """Telegram does not give the file, or it cannot be worked on."""


class _LostError(Exception):
    """There is no such photo, and there will be none."""


@dataclasses.dataclass(slots=True)
class _Trouble:
    """With one photo. Known to this process only."""

    failures: int = 0
    refusals: int = 0
    not_before: float = 0.0  # of time.monotonic()


class PhotoFetcher:
    """Fetches what waits, a few at a time."""

    def __init__(self, bot: ExtBot[Any], delivery: Delivery, clock: Callable[[], dt.datetime]) -> None:
        self._bot = bot
        self._delivery = delivery
        self._clock = clock
        self._troubles: dict[int, _Trouble] = {}

    async def run(self) -> None:
        """Until delivery stops."""
        while not self._delivery.stopping:
            try:
                found_some = await self._bring_some()
            except SQLAlchemyError as error:
                logger.warning("photos have to wait for the database: %s", type(error).__name__)
                found_some = False
            if not found_some:
                await self._delivery.wait_until_stopped(POLL_SECONDS)

    async def _bring_some(self) -> bool:
        """What breaks our own code is told in the log, and tried again as what Telegram refuses."""
        waiting = await self._waiting()
        bringing = (self._bring(number, file_id) for number, file_id in waiting)
        for (number, _), error in zip(
            waiting, await asyncio.gather(*bringing, return_exceptions=True), strict=True
        ):
            if isinstance(error, SQLAlchemyError):
                self._later(number, error)
            elif isinstance(error, Exception):
                logger.error("photo %s: %s", number, trace(error))
                await self._refused(number, error)
        return bool(waiting)

    async def _waiting(self) -> list[tuple[int, str]]:
        """Numbers of photos, with what Telegram finds them by."""
        now = time.monotonic()
        beside = [number for number, trouble in self._troubles.items() if trouble.not_before > now]

        def work(session: Session) -> list[CaseFile]:
            return photos.to_fetch(session, CHANNEL, beside=beside, limit=AT_ONCE)

        rows = await self._delivery.in_session(work)
        return [(row.id, row.fetch.partition(":")[2]) for row in rows if row.id is not None]

    async def _bring(self, number: int, file_id: str) -> None:
        try:
            content = await self._photo(file_id)
        except _LostError:
            await self._give_up(number)
        except _RefusedError as error:
            await self._refused(number, error)
        except (TelegramError, TimeoutError) as error:
            self._later(number, error)
        else:
            await self._delivery.in_session(lambda session: photos.fetched(session, number, content))
            self._troubles.pop(number, None)

    async def _photo(self, file_id: str) -> bytes:
        """Raises _LostError, _RefusedError, TelegramError or TimeoutError."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                file = await self._bot.get_file(file_id)
                content = await _downloaded(file)
            return await plain_photo(content)
        except BadRequest as error:
            raise _RefusedError(error.message) from None
        except (NoPictureError, TooManyPixelsError) as error:
            raise _LostError(str(error)) from None

    async def _refused(self, number: int, error: Exception) -> None:
        trouble = self._troubles.setdefault(number, _Trouble())
        trouble.refusals += 1
        if trouble.refusals < REFUSALS:
            self._later(number, error)
        else:
            logger.warning("photo %s is given up: %s", number, type(error).__name__)
            await self._give_up(number)

    async def _give_up(self, number: int) -> None:
        await self._delivery.in_session(
            lambda session: case_photos.lose(session, number, CHANNEL, now=self._clock())
        )
        self._troubles.pop(number, None)

    def _later(self, number: int, error: Exception) -> None:
        trouble = self._troubles.setdefault(number, _Trouble())
        trouble.failures += 1
        seconds = flood_seconds(error) if isinstance(error, RetryAfter) else growing_pause(trouble.failures)
        trouble.not_before = time.monotonic() + seconds
        logger.info("photo %s is tried again in %.0f s: %s", number, seconds, type(error).__name__)


async def _downloaded(file: File) -> bytes:
    """Raises _LostError for more than is kept."""
    if (file.file_size or 0) > photos.MAX_BYTES:
        raise _LostError("too large")
    try:
        content = bytes(await file.download_as_bytearray())
    except InvalidToken:  # what python-telegram-bot makes of 404: the address was good for an hour
        raise _RefusedError("not found") from None
    if len(content) > photos.MAX_BYTES:
        raise _LostError("too large")
    return content
