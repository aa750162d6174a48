"""What delivery hands to a channel, and how a channel says that it cannot take it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.turn import Reply


class TryLaterError(Exception):
    """The channel cannot take the reply now (flood limit, network)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The channel will never take this reply; later ones may pass."""


class UnreachableError(Exception):
    """Nothing can be delivered to this chat any more, until something comes from there."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A stored reply. `edits` is the channel's id of the message to replace, or with `reply.deletes` of the
    message to remove; None for neither.
    """

    seq: int
    turn_id: str
    chat: str
    reply: Reply
    edits: str | None


Send = Callable[[Outgoing], Awaitable[str | None]]
