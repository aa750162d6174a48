"""One turn as one transaction; an error becomes a sentence with a reference number."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import traceback
from collections.abc import Callable, Iterator

from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from handlers import wording
from handlers.router import route
from handlers.turn import Desk, Reply, Turn
from knowledge.library import KnowledgeBase

logger = logging.getLogger(__name__)


def converse(
    turn: Turn,
    *,
    library: KnowledgeBase,
    index_version: str,
    sessions: sessionmaker[Session],
    clock: Callable[[], dt.datetime],
) -> tuple[Reply, ...]:
    """Handle one turn. Nothing is stored of a turn that fails."""
    try:
        with sessions.begin() as session:
            return route(turn, Desk(library, session, clock(), index_version))
    except Exception as error:
        reference = secrets.token_hex(3).upper()
        logger.error("reference %s\n%s", reference, "".join(_trace(error)))
        return (Reply(wording.sorry(reference)),)


def _trace(error: BaseException) -> Iterator[str]:
    """The traceback with its causes, without their messages: these may quote what the person wrote."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _trace(earlier)
        yield "then\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
