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


class TurnFailedError(Exception):
    """Handling a turn failed, and its transaction must be rolled back; `reply` is for the person."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


def converse(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """Handle one turn in the transaction of the desk's session.

    Raises:
        TurnFailedError: for anything that goes wrong, after it was logged under a reference number,
            except what may go better when the transaction is tried again.
    """
    try:
        person = people.find(desk.session, turn.person)
        replies = route(turn, dataclasses.replace(desk, person=person, chat=turn.chat))
        desk.session.flush()
        return replies
    except Exception as error:
        if is_transient(error):
            raise
        reference = new_reference()
        logger.error("reference %s\n%s", reference, trace(error))
        raise TurnFailedError(Reply(wording.sorry(reference))) from None


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
