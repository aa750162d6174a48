"""👍 and 👎 under an answer."""

from __future__ import annotations

from db import feedback
from db.feedback import REASONS, Verdict
from db.models import GivenAnswer
from handlers import wording_people as wording
from handlers.turn import Button, Desk, Reply, Turn


def verdict_buttons(answer_id: int) -> tuple[Button, ...]:
    return (Button(wording.GOOD, f"good:{answer_id}"), Button(wording.BAD, f"bad:{answer_id}"))


def praise(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`good:ID`. The answer stays as it is: its own buttons are still wanted."""
    given, _ = _judged(turn, desk)
    if given is None:
        return (Reply(wording.ANSWER_GONE),)
    feedback.judge(desk.session, given, Verdict.GOOD, now=desk.now)
    return (Reply(wording.THANKS),)


def complain(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`bad:ID`: kept at once, and why asked in one tap."""
    given, _ = _judged(turn, desk)
    if given is None:
        return (Reply(wording.ANSWER_GONE),)
    feedback.judge(desk.session, given, Verdict.BAD, now=desk.now)
    buttons = [Button(wording.REASON_NAMES[reason], f"why:{given.id}:{reason}") for reason in REASONS]
    return (Reply(wording.WHAT_IS_BAD, (tuple(buttons[:2]), tuple(buttons[2:]))),)


def give_reason(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`why:ID:REASON`."""
    given, reason = _judged(turn, desk)
    if given is None or reason not in REASONS:
        return (Reply(wording.ANSWER_GONE, edit=True),)
    feedback.judge(desk.session, given, Verdict(reason), now=desk.now)
    return (Reply(wording.verdict_kept(Verdict(reason)), edit=True),)


def _judged(turn: Turn, desk: Desk) -> tuple[GivenAnswer | None, str]:
    """The answer that a button means, if it was given in this chat, and the rest of the button's data."""
    _, number, rest = [*(turn.button or "").split(":", 2), "", ""][:3]
    known = number.isascii() and number.isdigit() and len(number) < 10
    return feedback.find_answer(desk.session, int(number), chat=turn.chat) if known else None, rest
