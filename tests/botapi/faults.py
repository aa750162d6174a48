"""What can go wrong on the way, on demand."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class FloodLimit:
    """429 with retry_after, and 429 for every further call of the method until that time is over.

    Like Telegram's it is one of the chat, where the call names one.
    """

    retry_after: int


@dataclass(frozen=True)
class BadGateway:
    """502 with a page of HTML, as a proxy in front of the server answers."""


@dataclass(frozen=True)
class Unauthorized:
    """401, as when the token was revoked."""


@dataclass(frozen=True)
class DropBefore:
    """The connection is closed before anything was done."""


@dataclass(frozen=True)
class DropAfter:
    """The call is carried out, then the connection is closed without an answer."""


@dataclass(frozen=True)
class Slow:
    """The call is carried out at once and answered `seconds` later."""

    seconds: float


Fault = FloodLimit | BadGateway | Unauthorized | DropBefore | DropAfter | Slow


class Faults:
    def __init__(self) -> None:
        self._planned: dict[str, list[Fault]] = {}
        self._flooded_until: dict[tuple[str, str], float] = {}

    def plan(self, method: str, fault: Fault, times: int) -> None:
        self._planned.setdefault(method.lower(), []).extend([fault] * times)

    def clear(self) -> None:
        self._planned.clear()
        self._flooded_until.clear()

    def next(self, method: str, chat: str = "") -> Fault | None:
        """The fault of this call; planned for the method, or for "*"."""
        if not self._planned and not self._flooded_until:
            return None
        rest = self._flooded_until.get((method, chat), 0.0) - time.monotonic()
        if rest > 0:
            return FloodLimit(math.ceil(rest))
        self._flooded_until.pop((method, chat), None)
        for name in (method, "*"):
            if planned := self._planned.get(name):
                fault = planned.pop(0)
                if isinstance(fault, FloodLimit):
                    self._flooded_until[method, chat] = time.monotonic() + fault.retry_after
                return fault
        return None
