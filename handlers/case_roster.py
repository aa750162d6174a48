"""The people of a household, entered one at a time during the visit and never asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db import cases, entries, roster, workflow
from db.crypto import unseal
from db.days import today_of
from db.masking import masked_name
from db.models_cases import Case, Draft
from db.people import known_id
from db.roster import MEMBER, Member
from handlers import casework, pages
from handlers import wording_visit as wording
from handlers.casework import BASE, VISIT, Replies
from handlers.filling import Ledger
from handlers.form_view import in_rows
from handlers.form_visit import YEAR, member_form
from handlers.turn import Button, Desk, Reply, Turn

_NEW = "new"  # the item of somebody who has no place in the roster yet


def members_of(case: Case, desk: Desk) -> list[Member]:
    return roster.members(desk.session, cases.known_id(case))


def show(case: Case, desk: Desk, *, note: str = "", edit: bool = False) -> Reply:
    people = members_of(case, desk)
    lines = [describe(member, desk) for member in people] or [wording.EMPTY_ROSTER]
    text = wording.roster(lines, len(people), case.size)
    rows: tuple[tuple[Button, ...], ...] = ()
    if not VISIT.refusal(case, desk.person):
        edits = [Button(short(member), f"visit:{case.number}:{MEMBER}:{member.item}") for member in people]
        add = Button(wording.ADD, f"visit:{case.number}:add")
        drop = (Button(wording.DROP, f"visit:{case.number}:drop"),) if people else ()
        rows = (*in_rows(edits), (add, *drop))
    back = (Button(wording.TO_MENU, f"visit:{case.number}:back"),)
    return Reply(f"{note}\n\n{text}" if note else text, (*rows, back), edit=edit)


def describe(member: Member, desk: Desk) -> str:
    """`张**（子女，女，2015年生）`; the name always masked."""
    relation, sex = _label("relation", member), _label("sex", member)
    facts = [relation, sex, wording.born(member.birth_year) if member.birth_year else ""]
    facts += [wording.UNDER_14] if member.is_child(today_of(desk.now)) else []
    return wording.member(masked_name(member.name) or wording.NAMELESS, filter(None, facts))


def short(member: Member) -> str:
    """`张**（子女）`."""
    return wording.member(masked_name(member.name) or wording.NAMELESS, [_label("relation", member)])


def _label(code: str, member: Member) -> str:
    question = member_form().question(code)
    assert question is not None  # the codes are the form's
    return question.label_of(member.answers[code]) if code in member.answers else ""


def add(case: Case, turn: Turn, desk: Desk) -> Replies:
    """Somebody new; the first is the head, whose name is known."""
    first = not members_of(case, desk)
    known = {"name": unseal(desk.session, case.head_name) or None, "relation": "head"} if first else {}
    return _begin_member(case, _NEW, known, turn, desk)


def edit(case: Case, item: str, turn: Turn, desk: Desk) -> Replies:
    member = roster.find(desk.session, cases.known_id(case), item)
    if member is None:
        return (show(case, desk, note=wording.NO_SUCH_MEMBER),)
    return _begin_member(case, item, dict(member.answers), turn, desk)


def _begin_member(case: Case, item: str, known: dict[str, Any], turn: Turn, desk: Desk) -> Replies:
    """Without the name where the chat must not hear it: that is for the page, or known already."""
    asks_name = desk.hears_names
    known = {BASE: casework.known_since(case, MEMBER, item, desk), **known}
    if not asks_name:
        known["name"] = None
    draft, asked = casework.begin_form(
        LEDGER, case, desk, item=item, known=known, context={YEAR: today_of(desk.now).year}
    )
    if asks_name:
        return asked
    url = pages.link_for_draft(draft, desk) if desk.web_url else ""
    return (Reply("\n".join(filter(None, (wording.NAME_ON_PAGE, url)))), *asked)


def _member_done(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    case = casework.submitted(draft, VISIT, desk)
    if isinstance(case, Reply):
        return (case,)
    if overtaken := casework.overtaken(draft, answers, case, desk):
        return (overtaken,)
    number = cases.known_id(case)
    item = roster.free_item(desk.session, number) if draft.item == _NEW else draft.item
    if not answers.get("name"):
        answers = answers | {"name": _known_name(case, item, answers, desk) or None}
    casework.record(draft, member_form(), answers, case, desk, item=item)
    member = roster.find(desk.session, number, item)
    assert member is not None  # just recorded
    return (_recorded(case, member, desk),)


def _known_name(case: Case, item: str, answers: Mapping[str, Any], desk: Desk) -> str:
    before = roster.find(desk.session, cases.known_id(case), item)
    if before and before.name:
        return before.name
    return unseal(desk.session, case.head_name) if answers.get("relation") == "head" else ""


def _recorded(case: Case, member: Member, desk: Desk) -> Reply:
    left = max(0, case.size - len(members_of(case, desk)))
    said = [wording.recorded_member(describe(member, desk), left)]
    said += [wording.CHILD_NOTE] if member.is_child(today_of(desk.now)) else []
    more = ((Button(wording.NEXT_MEMBER, f"visit:{case.number}:add"),),) if left else ()
    ways = (
        Button(wording.TO_ROSTER, f"visit:{case.number}:roster"),
        Button(wording.TO_MENU, f"visit:{case.number}"),
    )
    return Reply("\n".join(said), (*more, ways))


def ask_to_drop(case: Case, item: str, desk: Desk) -> Reply:
    """Whom; then whether really."""
    people = members_of(case, desk)
    keep = (Button(wording.KEEP, f"visit:{case.number}:roster"),)
    chosen = next((member for member in people if member.item == item), None)
    if chosen is None:
        rows = in_rows([Button(short(m), f"visit:{case.number}:drop:{m.item}") for m in people])
        return Reply(wording.ASK_WHOM_TO_DROP, (*rows, keep), edit=True)
    really = Button(wording.DROP_REALLY, f"visit:{case.number}:dropped:{item}:{case.version}")
    return Reply(wording.really_drop(describe(chosen, desk)), ((really,), keep), edit=True)


def drop(case: Case, item: str, version: int | None, desk: Desk) -> Replies:
    """What was recorded of somebody stays in the history of the household."""
    assert desk.person is not None
    member = roster.find(desk.session, cases.known_id(case), item)
    if member is None or version != case.version:
        return (show(case, desk, note=wording.NO_SUCH_MEMBER),)
    case = workflow.lock(desk.session, cases.known_id(case))
    entries.record(
        desk.session, cases.known_id(case), MEMBER, {**member.answers, roster.GONE: True}, item=item,
        person_id=known_id(desk.person), now=desk.now,
    )  # fmt: skip
    detail = {"form": MEMBER, "item": item, "changed": {roster.GONE: [False, True]}}
    workflow.change(desk.session, case, "recorded", actor=desk.person, now=desk.now, detail=detail)
    return (show(case, desk, note=wording.dropped(describe(member, desk)), edit=True),)


LEDGER = Ledger(member_form, _member_done)
