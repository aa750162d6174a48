"""What was said lately, so that a page opened anew shows it."""

from __future__ import annotations

import datetime as dt
import itertools
from operator import itemgetter
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sending import Outgoing
from bot.web.access import reader
from bot.web.events import reply_fields
from bot.web.parts import web_of
from bot.web.security import csrf_token
from bot.web.turns import page_id
from db import history, people
from db.history import Said
from db.outbox import Due
from handlers.turn import Reply, Turn

SHOWN = 60  # turns, and replies


async def recent(request: Request) -> Response:
    visitor = await reader(request)

    def work(session: Session) -> dict[str, Any]:
        turns, replies = history.recent(session, visitor.chat, limit=SHOWN)
        person = people.find(session, visitor.chat)
        return {
            "name": person.name if person else None,
            "cursor": replies[-1].seq if replies else 0,
            "items": _items(turns, replies),
        }

    shown = await web_of(request).delivery.in_session(work)
    return JSONResponse({"chat": visitor.chat, "csrf": csrf_token(visitor.token)} | shown)


def _items(turns: list[Said], replies: list[Due]) -> list[dict[str, Any]]:
    """Turns and replies in their order; an edited message stands in its place as it is now."""
    messages = _Messages()
    for row in replies:
        messages.add(_outgoing(row), row.created_at)
    said = [
        (row.received_at, messages.said(Turn.from_json(row.turn), waiting=row.waiting))
        for row in turns
        if row.turn_id not in messages.edits
    ]
    return [item for _, item in sorted([*said, *messages.shown.values()], key=itemgetter(0))]


class _Messages:
    """What the page shows of the replies, by number. `edits` are the turns that only changed a message."""

    def __init__(self) -> None:
        self.shown: dict[int, tuple[dt.datetime, dict[str, Any]]] = {}
        self.edits: set[str] = set()
        self._labels: dict[tuple[str, str], str] = {}

    def add(self, outgoing: Outgoing, at: dt.datetime) -> None:
        message = int(outgoing.edits) if outgoing.edits else outgoing.seq
        if message in self.shown:
            self.edits.add(outgoing.turn_id)
            at = self.shown[message][0]
        else:
            message = outgoing.seq
        self.shown[message] = at, reply_fields(outgoing) | {"seq": message, "edit": None}
        for button in itertools.chain.from_iterable(outgoing.reply.buttons):
            self._labels[str(message), button.data] = button.label

    def said(self, turn: Turn, *, waiting: bool) -> dict[str, Any]:
        label = self._labels.get((turn.message or "", turn.button or ""))
        photo = int(turn.photo.ref) if turn.photo else None
        given = {"text": turn.text, "label": label, "photo": photo, "place": bool(turn.place)}
        said = {name: value for name, value in given.items() if value}
        return {"turn": page_id(turn.chat, turn.id), "waiting": waiting} | said


def _outgoing(row: Due) -> Outgoing:
    return Outgoing(row.seq, row.turn_id, row.chat, Reply.from_json(row.reply), row.edits)
