"""Showing what is masked: one value, to those entitled, with a reason, written down."""

from __future__ import annotations

from db import personal
from db.access import Action, may
from db.models_cases import Case
from db.personal import Field
from handlers import wording_cases as wording
from handlers import wording_pages
from handlers.case_access import Replies, of_case
from handlers.case_pages import back_to
from handlers.pages import link_to_reveal
from handlers.turn import Button, Desk, Reply, Turn


def _reveal(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`reveal:NUMBER:FIELD[:REASON]`. The reason is chosen, so that nothing personal gets into it."""
    if not may(desk.person, Action.REVEAL, case.area):
        return (Reply(wording.MAY_NOT_REVEAL),)
    code, reason = rest[0], wording.REASONS.get(rest[1])
    if code not in set(Field) or not personal.value(desk.session, case, Field(code)):
        return (Reply(wording.NOT_RECORDED),)
    if reason is None:
        return (_ask(case, code),)
    return (_show(case, Field(code), reason, turn, desk),)


reveal = of_case(_reveal)


def _ask(case: Case, code: str) -> Reply:
    rows = tuple(
        (Button(text, f"reveal:{case.number}:{code}:{reason}"),) for reason, text in wording.REASONS.items()
    )
    return Reply(wording.reveal_head(str(case.number), code), (*rows, back_to(case)))


def _show(case: Case, field: Field, reason: str, turn: Turn, desk: Desk) -> Reply:
    """A name in the chat where it may be named. What is said stays there, so a number is shown on a page
    that keeps nothing, wherever there is one."""
    assert desk.person is not None  # may() looked
    in_chat = desk.hears_names and (field is Field.HEAD or not desk.web_url)
    if in_chat and (field is Field.HEAD or turn.channel != "telegram"):
        value = personal.reveal(desk.session, case, field, actor=desk.person, reason=reason, now=desk.now)
        return Reply(wording.revealed(str(case.number), field, value), (back_to(case),), edit=True)
    if desk.web_url:
        url = link_to_reveal(case, field, reason, turn, desk)
        return Reply(wording_pages.reveal_on_page(url), (back_to(case),), edit=True)
    return Reply(wording.ON_THE_PAGE, (back_to(case),), edit=True)
