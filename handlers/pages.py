"""Links from the conversation to the one-time page, where what a chat must not see is filled in or shown."""

from __future__ import annotations

from db import cases, links
from db.drafts import known_id
from db.links import Purpose
from db.models_cases import Case, Draft
from db.people import known_id as person_id
from db.personal import Field
from handlers.turn import Desk, Turn

IN_CHAT = "names"  # in a link's detail: the chat may know names, and asks for them itself


def link_for_draft(draft: Draft, desk: Desk) -> str:
    """The address of a page for the draft's personal questions."""
    detail = IN_CHAT if desk.hears_names else ""
    secret = links.make(
        desk.session, draft.person_id, desk.chat, Purpose.FILL,
        draft_id=known_id(draft), detail=detail, now=desk.now,
    )  # fmt: skip
    return _address(desk, secret)


def link_for_case(case: Case, desk: Desk, turn: Turn) -> str:
    """The address of a page for the name and numbers of a household that was reported already."""
    assert desk.person is not None  # the caller has looked who may
    secret = links.make(
        desk.session, person_id(desk.person), turn.chat, Purpose.FILL,
        case_id=cases.known_id(case), now=desk.now,
    )  # fmt: skip
    return _address(desk, secret)


def link_to_reveal(case: Case, field: Field, reason: str, turn: Turn, desk: Desk) -> str:
    """The address of a page that shows one value once. Whether the person may, it asks again then."""
    assert desk.person is not None  # the caller has looked who may
    secret = links.make(
        desk.session, person_id(desk.person), turn.chat, Purpose.REVEAL,
        case_id=cases.known_id(case), detail=f"{Field(field)} {reason}", now=desk.now,
    )  # fmt: skip
    return _address(desk, secret)


def _address(desk: Desk, secret: str) -> str:
    return f"{desk.web_url.rstrip('/')}/p/{secret}"
