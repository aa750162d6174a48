"""The place of a household: a village of the register, or as it was typed."""

from __future__ import annotations

from db.access import Action, level_of, may
from db.drafts import known_id
from db.models_cases import Draft
from handlers import wording_forms as wording
from handlers.account import area_path
from handlers.form_view import data
from handlers.forms import Question
from handlers.turn import Button, Desk, Reply
from knowledge.places.choosing import AreaChoice, areas_meant
from knowledge.places.register import Area

LEVEL = "village"
_TOWNSHIP_DIGITS = 9


def meant(text: str, draft: Draft, question: Question, desk: Desk) -> str | Reply:
    """The code of the village that was named; else a reply that offers what can be meant."""
    assert desk.person is not None  # it is somebody's draft
    choice = _within_reach(text, desk)
    if choice.sure:
        return refusal(choice.sure.code, draft, desk) or choice.sure.code
    keep = Button(wording.KEEP_TYPED, data("k", known_id(draft), question.code))
    if not choice.areas:
        return Reply(wording.place_unknown(text[:80]), ((keep,),))
    rows = tuple((_offer(area, draft, question, desk),) for area in choice.areas)
    return Reply(wording.WHICH_PLACE, (*rows, (keep,)))


def refusal(code: str, draft: Draft, desk: Desk) -> Reply | None:
    """Why this village cannot be chosen by this person; None when it can."""
    assert desk.person is not None
    areas = desk.library.areas
    if level_of(code) != LEVEL or code not in areas.by_code:
        return Reply(wording.place_unknown(code[:80]))
    if may(desk.person, Action.REPORT, code):
        return None
    return Reply(wording.place_outside(area_path(areas, code), area_path(areas, desk.person.area)))


def _within_reach(text: str, desk: Desk) -> AreaChoice:
    """Villages of the person's own area; one of elsewhere only if it is named beyond doubt."""
    assert desk.person is not None
    areas = desk.library.areas
    scope = (
        desk.person.area[:_TOWNSHIP_DIGITS] if len(desk.person.area) > _TOWNSHIP_DIGITS else desk.person.area
    )
    near = areas_meant(areas, f"{area_path(areas, scope)} {text}", LEVEL) if " " not in text else AreaChoice()
    mine = AreaChoice(
        tuple(area for area in near.areas if area.code.startswith(scope)),
        near.sure if near.sure and near.sure.code.startswith(scope) else None,
    )
    if mine.areas:
        return mine
    elsewhere = areas_meant(areas, text, LEVEL)
    return elsewhere if elsewhere.sure else AreaChoice()


def _offer(area: Area, draft: Draft, question: Question, desk: Desk) -> Button:
    label = " ".join(desk.library.areas.path(area)[-2:])
    return Button(label, data("m", known_id(draft), question.code, area.code))
