"""Numbers of persons that somebody typed into a chat: left out before anything is stored, and explained."""

from __future__ import annotations

import dataclasses
import re

from handlers import wording_privacy as wording
from handlers.personal_numbers import find, masked
from handlers.turn import Attachment, Reply, Turn

CONTACT = "contact"  # beside the kinds of personal_numbers
_LETTERS_OF_A_QUESTION = 2


def hide_numbers(turn: Turn, message: str | None = None) -> Turn:
    """The turn as it may be stored; every channel calls this before it does so.

    `message` is the channel's id of what the person sent, if it can be removed there.
    """
    written = (turn.text, _name(turn.photo), _name(turn.document))
    kinds = [number.kind for text in written for number in find(text or "")]
    hidden = (*dict.fromkeys(kinds), *((CONTACT,) if turn.contact else ()))
    if not hidden:
        return turn
    return dataclasses.replace(
        turn,
        text=None if turn.text is None else masked(turn.text),
        photo=turn.photo and _renamed(turn.photo),
        document=turn.document and _renamed(turn.document),
        contact=turn.contact and dataclasses.replace(turn.contact, phone=""),
        message=message,
        hidden=hidden,
    )


def explain(turn: Turn) -> Reply:
    """Why something was hidden; it is also to be removed from the chat, where that can be done."""
    deletes = turn.message is not None
    text = wording.not_kept(turn.hidden, deletes=deletes, goes_on=rest(turn) is not None)
    return Reply(text, deletes=deletes)


def rest(turn: Turn) -> Turn | None:
    """What was sent beside the numbers, to be handled as usual; None when there is nothing else to it."""
    text = None if turn.text is None else wording.without_marks(turn.text)
    has_thing = turn.photo is not None or turn.document is not None
    if not has_thing and len(re.findall(r"\w", wording.without_labels(text or ""))) < _LETTERS_OF_A_QUESTION:
        return None
    return dataclasses.replace(turn, text=text, message=None, hidden=())


def _name(attachment: Attachment | None) -> str:
    return attachment.name if attachment else ""


def _renamed(attachment: Attachment) -> Attachment:
    return dataclasses.replace(attachment, name=masked(attachment.name))
