"""Leaving a form: for later, or for good. Buttons of handlers/filling: `form:ACTION:DRAFT`."""

from __future__ import annotations

from db import drafts, photos
from db.drafts import Status, known_id
from db.models_cases import Draft
from handlers import wording_forms as wording
from handlers.case_access import works_on
from handlers.form_view import data
from handlers.turn import Button, Desk, Reply, Turn
from handlers.wording_cases import NO_SUCH_CASE

Replies = tuple[Reply, ...]


def take_up(draft: Draft, desk: Desk) -> None:
    """Make it the draft that what the person types goes to."""
    if not draft.active:
        drafts.pause(desk.session, draft.person_id)
        draft.active = True


def lost(draft: Draft, desk: Desk) -> Replies:
    """What is said to somebody who no longer works on the case of the draft: its answers tell of it."""
    if draft.case_id is None or works_on(draft.case_id, desk):
        return ()
    drafts.pause(desk.session, draft.person_id)
    return (Reply(NO_SUCH_CASE),)


def set_aside(draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
    drafts.pause(desk.session, draft.person_id)
    return (Reply(wording.SET_ASIDE),)


def ask_to_cancel(draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
    really = Button(wording.REALLY_CANCEL, data("X", known_id(draft)))
    on = Button(wording.GO_ON, data("r", known_id(draft)))
    return (Reply(wording.ASK_TO_CANCEL, ((on, really),)),)


def cancel(draft: Draft, field: str, value: str, turn: Turn, desk: Desk) -> Replies:
    """What was filled in is deleted, its photos too."""
    photos.forget(desk.session, draft_id=known_id(draft))
    drafts.close(desk.session, draft, Status.CANCELLED, now=desk.now)
    return (Reply(wording.CANCELLED, edit=True),)
