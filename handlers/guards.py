"""Who may come to a handler at all."""

from __future__ import annotations

from functools import wraps

from db.access import Action, may
from handlers import wording_people as wording
from handlers.turn import Desk, Handler, Reply, Turn


def is_shut_out(desk: Desk) -> bool:
    """Whether somebody may not even ask: a visitor, where only those invited may."""
    return not may(desk.person, Action.ASK) or (desk.person is None and not desk.visitors_may_ask)


def private(handler: Handler) -> Handler:
    """Nothing personal is said where others read it."""

    @wraps(handler)
    def guarded(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
        return (Reply(wording.PRIVATE_ONLY),) if turn.group else handler(turn, desk)

    return guarded


def administrators(handler: Handler) -> Handler:
    @wraps(handler)
    def guarded(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
        if not may(desk.person, Action.MANAGE_PEOPLE):
            return (Reply(wording.ADMINISTRATORS_ONLY),)
        return handler(turn, desk)

    return private(guarded)
