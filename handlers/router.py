"""Which handler a turn goes to: one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from db.access import Action, may
from db.models_cases import Draft
from handlers import (
    account,
    ask,
    browse,
    case_routes,
    casework_routes,
    exporting,
    feedback,
    guards,
    help,
    invite,
    people,
    privacy,
    report,
    screening,
    wording,
    wording_people,
)
from handlers.filling import Filling
from handlers.turn import Desk, Handler, Reply, Turn

_COMMAND = re.compile(r"\s*(/[a-z_]+)(?:@\w+)?(?:\s|$)", re.IGNORECASE)


def _unknown_command(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    commands = [name for name in ROUTES if name.startswith("/")]
    if not may(desk.person, Action.MANAGE_PEOPLE):
        commands = [name for name in commands if name not in _FOR_ADMINISTRATORS]
    return (Reply(wording.unknown_command(commands)),)


def _unknown_button(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return (Reply(wording.STALE_BUTTON),)


def _unexpected(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """A photo, a voice message …: in a group people send these to each other, not to us."""
    return () if turn.group or turn.further else (Reply(wording.unexpected(turn.other or turn.kind)),)


FILLING = Filling(
    {"report": report.LEDGER, **screening.LEDGERS, **case_routes.LEDGERS, **casework_routes.LEDGERS}
)

# "/name" is a command, "name:" a button whose data begins so; a word alone is the kind of what was sent.
ROUTES: Mapping[str, Handler] = {
    "/start": help.start,
    "/help": help.explain,
    "/new": ask.start_over,
    "/me": account.me,
    "/link": account.link,
    "/invite": invite.invite,
    "/people": people.manage,
    "start:": help.home,
    "/report": report.start,
    "report:": report.start,
    "report-anew:": report.begin_anew,
    "report-same:": report.submit_as_known,
    "report-other:": report.submit_as_new,
    "form:": FILLING.press,
    "/export": exporting.offer,
    "export:": exporting.make,
    "/quarter": screening.quarter,
    "/year": screening.year,
    "due:": screening.turn_page,
    "screen:": screening.start,
    **case_routes.ROUTES,
    **casework_routes.ROUTES,
    browse.ROUTE: browse.open_button,
    "say:": ask.answer_example,
    "pick:": ask.answer_option,
    "good:": feedback.praise,
    "bad:": feedback.complain,
    "why:": feedback.give_reason,
    "invite-role:": invite.explain_role,
    "invite:": invite.choose_area,
    "people:": people.turn_page,
    "person:": people.show,
    "person-role:": people.offer_roles,
    "set-role:": people.set_role,
    "person-area:": people.explain_area,
    "set-area:": people.set_area,
    "switch-off:": people.ask_to_switch_off,
    "switch-off-now:": people.switch_off,
    "switch-on:": people.switch_on,
    "text": ask.answer_text,
    "photo": _unexpected,
    "document": _unexpected,
    "place": _unexpected,
    "contact": _unexpected,
    "other": _unexpected,
    "unknown command": _unknown_command,
    "unknown button": _unknown_button,
}

_FOR_ADMINISTRATORS = ("/invite", "/people", "/merge")
# What asks the documents something; the others are for everybody or look for themselves.
_ASKING = ("text", "say:", "pick:", browse.ROUTE)
# What goes to a form that is being filled in; a form may leave it to others.
_FILLING: Mapping[str, Callable[[Draft, Turn, Desk], tuple[Reply, ...] | None]] = {
    "text": FILLING.take_text,
    "photo": FILLING.take_photo,
    "document": FILLING.take_photo,
    "place": FILLING.take_point,
}


def route(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    if turn.hidden and not turn.group:
        return (privacy.explain(turn), *_rest(turn, desk))
    name = _name(turn)
    if name in _FILLING and (draft := FILLING.active(turn, desk)):
        replies = _FILLING[name](draft, turn, desk)
        if replies is not None:
            return replies
    if name in _ASKING and guards.is_shut_out(desk):
        return (Reply(wording_people.INVITED_ONLY),)
    return ROUTES[name](turn, desk)


def _rest(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """What else was said beside a number that was left out; else where the open form stands."""
    if rest := privacy.rest(turn):
        return route(rest, desk)
    draft = FILLING.active(turn, desk)
    return FILLING.resume(draft, desk) if draft else ()


def _name(turn: Turn) -> str:
    if turn.button is not None:
        name = turn.button.partition(":")[0] + ":"
        return name if name in ROUTES else "unknown button"
    command = _COMMAND.match(turn.text or "") if turn.kind == "text" else None
    if not command:
        return turn.kind
    name = command[1].lower()
    return name if name in ROUTES else "unknown command"
