"""One turn, all or nothing; an error becomes a sentence with a reference number."""

from __future__ import annotations

import dataclasses
import logging
import secrets
import traceback
from collections.abc import Iterator

from db import people
from db.session import is_transient
from handlers import wording
from handlers.router import route
from handlers.turn import Desk, Reply, Turn

logger = logging.getLogger(__name__)


def converse(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """Handle one turn in the transaction of the desk's session. Nothing is stored of a turn that fails.

    Raises what may go better when the whole transaction is tried again.
    """
    try:
        with desk.session.begin_nested():
            person = people.find(desk.session, turn.person)
            return route(turn, dataclasses.replace(desk, person=person))
    except Exception as error:
        if is_transient(error):
            raise
        reference = new_reference()
        logger.error("reference %s\n%s", reference, trace(error))
        return (Reply(wording.sorry(reference)),)


def new_reference() -> str:
    """A number that a person can read out and the log can be searched for."""
    return secrets.token_hex(3).upper()


def trace(error: BaseException) -> str:
    """The traceback with its causes, without their messages: these may quote what the person wrote."""
    return "".join(_trace(error))


def _trace(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _trace(earlier)
        yield "then\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
