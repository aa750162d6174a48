"""Who a browser is: a cookie with a secret, and behind it a row that can be ended at any time."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from bot.delivery import Delivery
from db import people, web_sessions

COOKIE = "policybot"
REMEMBERED_SECONDS = 15.0  # how long a session that somebody else has ended may still work here
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that we know. `name` is the person's; None for somebody who only asks."""

    token: str
    chat: str
    name: str | None
    expires_at: dt.datetime


class Sessions:
    """Looks up sessions, and remembers them for a moment: a page comes often."""

    def __init__(self, delivery: Delivery, clock: Callable[[], dt.datetime], days: int) -> None:
        self._delivery = delivery
        self._clock = clock
        self._days = days
        self._remembered: dict[str, tuple[float, Visitor]] = {}

    @property
    def seconds(self) -> int:
        return self._days * 24 * 3600

    async def find(self, token: str | None) -> Visitor | None:
        if not token:
            return None
        looked_up, visitor = self._remembered.get(token, (-REMEMBERED_SECONDS, None))
        if time.monotonic() - looked_up < REMEMBERED_SECONDS:
            return visitor
        return await self.look_up(token)

    async def look_up(self, token: str) -> Visitor | None:
        """As `find`, but as it stands now."""
        visitor = await self._delivery.in_session(lambda session: self._load(session, token))
        self._remember(token, visitor)
        return visitor

    async def open_anonymous(self) -> Visitor:
        def work(session: Session) -> Visitor | None:
            chat = web_sessions.anonymous_chat()
            token = web_sessions.open_session(
                session, chat=chat, person_id=None, now=self._clock(), days=self._days
            )
            return self._load(session, token)

        visitor = await self._delivery.write(work)
        assert visitor is not None  # stored just now
        return visitor

    async def sign_in(self, code: str, old_token: str | None) -> Visitor | None:
        """Take a code; None when it is refused. The browser's session until now ends."""

        def work(session: Session) -> Visitor | None:
            signed_in = web_sessions.sign_in(session, code, self._clock(), self._days)
            if signed_in is None:
                return None
            if old_token:
                web_sessions.revoke(session, old_token, self._clock())
            return self._load(session, signed_in[0])

        visitor = await self._delivery.in_session(work)
        if visitor and old_token:
            self._remembered.pop(old_token, None)
        return visitor

    async def sign_out(self, token: str) -> None:
        await self._delivery.write(lambda session: web_sessions.revoke(session, token, self._clock()))
        self._remembered.pop(token, None)

    async def extend(self, visitor: Visitor) -> bool:
        """Give a session its full time again when half of it is over. Returns whether it did."""
        if visitor.expires_at - self._clock() > dt.timedelta(days=self._days) / 2:
            return False
        await self._delivery.write(
            lambda session: web_sessions.extend(session, visitor.token, self._clock(), self._days)
        )
        self._remembered.pop(visitor.token, None)
        return True

    def _load(self, session: Session, token: str) -> Visitor | None:
        known = web_sessions.find(session, token, self._clock())
        if known is None:
            return None
        person = people.find(session, known.chat)
        return Visitor(token, known.chat, person.name if person else None, known.expires_at)

    def _remember(self, token: str, visitor: Visitor | None) -> None:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        if visitor is None:
            self._remembered.pop(token, None)
        else:
            self._remembered[token] = (time.monotonic(), visitor)
