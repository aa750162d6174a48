"""Getting at a case from what a button or a command says; who may not see it learns nothing."""

from __future__ import annotations

from collections.abc import Callable

from db import cases
from db.access import Action, may
from db.models_cases import Case
from handlers import wording_cases as wording
from handlers.guards import private
from handlers.turn import Desk, Handler, Reply, Turn

Replies = tuple[Reply, ...]
OfCase = Callable[[Case, list[str], Turn, Desk], Replies]
_MOST_DIGITS = 15  # longer ones are forged; PostgreSQL refuses some signs, so these are kept from it
_PARTS = 4


def members(handler: Handler) -> Handler:
    """For those who see cases at all, and where nobody else reads."""

    def guarded(turn: Turn, desk: Desk) -> Replies:
        if not may(desk.person, Action.SEE_CASES):
            return (Reply(wording.REGISTER_FIRST),)
        return handler(turn, desk)

    return private(guarded)


def of_case(work: OfCase, *, place: int = 1) -> Handler:
    """A handler for a button with a case's number at that place; the other parts come as a list of four."""

    def handler(turn: Turn, desk: Desk) -> Replies:
        parts = (turn.button or "").split(":")
        case = find(desk, parts.pop(place)) if len(parts) > place else None
        rest = [*parts[1:], *[""] * _PARTS][:_PARTS]
        return work(case, rest, turn, desk) if case else (Reply(wording.NO_SUCH_CASE),)

    return members(handler)


def find(desk: Desk, number: str) -> Case | None:
    """The case of that number, if the person may see it."""
    well_formed = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    return cases.find(desk.session, desk.person, number) if well_formed else None


def works_on(case_id: int, desk: Desk) -> bool:
    """Whether the person may, now."""
    case = cases.get(desk.session, desk.person, case_id)
    return case is not None and may(desk.person, Action.WORK_ON_CASES, case.area)


def count(text: str) -> int | None:
    """A version or page that a button carries; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
