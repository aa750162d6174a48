"""Questions: in free words, as one of the examples, or as an option of the last answer."""

from __future__ import annotations

from db import conversations, feedback
from db.conversations import Standing
from handlers import wording
from handlers.feedback import verdict_buttons
from handlers.turn import Button, Desk, Reply, Turn, bold_opening
from knowledge.answers.greeting import GREETING
from knowledge.context import Context
from knowledge.model import Answer, Status


def answer_text(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    return _answer(turn.text or "", turn.chat, desk)


def answer_example(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`say:…`: the question itself."""
    return _answer(_argument(turn), turn.chat, desk)


def answer_option(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """`pick:ANSWER:POSITION`. An option means what it says only after the answer that offered it."""
    conversation = conversations.find(desk.session, turn.chat)
    offered, _, position = _argument(turn).partition(":")
    if conversation is None or offered != str(conversation.answers) or not position.isdecimal():
        return (Reply(wording.STALE_BUTTON),)
    if int(position) >= len(conversation.options):
        return (Reply(wording.STALE_BUTTON),)
    return _answer(conversation.options[int(position)], turn.chat, desk)


def has_answer(text: str, desk: Desk) -> bool:
    """Whether the documents have something to say to it. Nothing is remembered of it."""
    return desk.library.ask(text)[0].status is not Status.NOT_FOUND


def start_over(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """Forget what was talked about."""
    conversations.forget(desk.session, turn.chat, now=desk.now)
    return (Reply(wording.STARTED_OVER),)


def _argument(turn: Turn) -> str:
    return (turn.button or "").partition(":")[2]


def _answer(question: str, chat: str, desk: Desk) -> tuple[Reply, ...]:
    conversation = conversations.find(desk.session, chat)
    before = _context(conversation)
    answer, context = desk.library.ask(question, before)
    answers = conversations.remember(
        desk.session, chat, context=context.to_json(), options=answer.options, now=desk.now
    )
    buttons = _option_buttons(answer, answers)
    if context.kind != GREETING:
        earlier = before.question if before and desk.library.leans_on(question, before) else ""
        buttons += (_keep(question, earlier, answer, chat, desk),)
    return (Reply(bold_opening(answer.text, answer.lead), buttons, status=answer.status),)


def _keep(question: str, earlier: str, answer: Answer, chat: str, desk: Desk) -> tuple[Button, ...]:
    """Store the answer for a verdict, and the question among the open ones if it has none."""
    if answer.status is Status.NOT_FOUND:
        conversations.record_unanswered(
            desk.session, question, earlier=earlier, status=answer.status,
            index_version=desk.index_version, now=desk.now,
        )  # fmt: skip
    number = feedback.record_answer(
        desk.session, chat=chat, question=question, earlier=earlier, answer=answer.text,
        status=answer.status, index_version=desk.index_version, now=desk.now,
    )  # fmt: skip
    return verdict_buttons(number)


def _context(conversation: Standing | None) -> Context | None:
    """None also for what another version of the library stored: a chat must survive an upgrade."""
    if conversation is None or not conversation.context:
        return None
    try:
        return Context.from_json(conversation.context)
    except (ValueError, TypeError):
        return None


def _option_buttons(answer: Answer, answers: int) -> tuple[tuple[Button, ...], ...]:
    """One row each: options are whole phrases, and phones are narrow."""
    return tuple(
        (Button(label, f"pick:{answers}:{position}"),) for position, label in enumerate(answer.options)
    )
