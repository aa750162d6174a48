"""Consent of a household: a record of its own, before any comparison of data, that can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from db import cases, consents, drafts, roster, workflow
from db.consents import Given
from db.crypto import unseal
from db.days import today_of
from db.drafts import Status
from db.masking import masked_name
from db.models_cases import Case, Draft
from db.roster import Member
from db.workflow import StaleCaseError, has_consent
from handlers import casework, notify, wording_casework, wording_decisions
from handlers import wording_consent as wording
from handlers.case_access import count, of_case
from handlers.case_roster import short
from handlers.casework import CONSENT, WITHDRAWAL, Replies
from handlers.filling import Ledger
from handlers.form_consent import (
    ALL,
    CHILDREN,
    DAYS,
    GUARDIANS,
    NAMES,
    NOBODY,
    OTHER,
    PEOPLE,
    consent_form,
)
from handlers.forms import relevant
from handlers.turn import Button, Desk, Reply, Turn
from handlers.wording_forms import chinese_day
from handlers.wording_visit import RELATIONS
from knowledge.rules import rules

_HEAD = "head"  # offered while the roster does not have the head


def _open(case: Case, rest: list[str], turn: Turn, desk: Desk) -> Replies:
    """`consent:NUMBER[:PART[:VERSION]]`."""
    part, version = rest[0], count(rest[1])
    work = WITHDRAWAL if part in ("withdraw", "withdrawn") else CONSENT
    if refusal := work.refusal(case, desk.person):
        return (Reply(refusal, (casework.to_case(case),)),)
    if part == "withdraw":
        return (_ask_to_withdraw(case, desk),)
    if part == "withdrawn":
        return _withdraw(case, version or 0, desk)
    if part != "new" and has_consent(desk.session, case):
        return (_show(case, desk),)
    return _begin(case, turn, desk)


open_part = of_case(_open)


# --- giving ---------------------------------------------------------------------------------


def _begin(case: Case, turn: Turn, desk: Desk) -> Replies:
    people = roster.members(desk.session, cases.known_id(case))
    today = today_of(desk.now)
    adults = [[member.item, short(member)] for member in people if not member.is_child(today)]
    if all(member.relation != "head" for member in people):
        head = masked_name(unseal(desk.session, case.head_name))
        adults.insert(0, [_HEAD, wording.head(head)])
    context = {
        PEOPLE: adults,
        GUARDIANS: adults,
        DAYS: recent_days(today),
        CHILDREN: any(member.is_child(today) for member in people),
        NAMES: desk.hears_names,
    }
    return casework.begin_form(LEDGER, case, desk, context=context, intro=wording.INTRO)[1]


def recent_days(today: dt.date) -> list[list[str]]:
    """Today and yesterday, to choose."""
    yesterday = today - dt.timedelta(days=1)
    return [[today.isoformat(), wording.TODAY], [yesterday.isoformat(), wording.YESTERDAY]]


def _done(draft: Draft, answers: dict[str, Any], desk: Desk) -> Replies:
    """One record for the household, and one for each child that a guardian answers for."""
    assert desk.person is not None
    case = casework.submitted(draft, CONSENT, desk)
    if isinstance(case, Reply):
        return (case,)
    given = relevant(consent_form(), answers)
    consents.supersede(desk.session, case, now=desk.now)
    for consent in _consents(case, given, desk):
        consents.record(desk.session, case, consent, actor=desk.person, now=desk.now)
    drafts.close(desk.session, draft, Status.SUBMITTED, now=desk.now)
    lines = [*_lines(case, desk), *((wording.GUARDIAN_OPEN,) if given.get("guardian") == NOBODY else ())]
    return (Reply(wording.recorded(lines), _ways_on(case)),)


def _consents(case: Case, given: Mapping[str, Any], desk: Desk) -> list[Given]:
    people = roster.members(desk.session, cases.known_id(case))
    manner, day = str(given["manner"]), dt.date.fromisoformat(given["given_on"])
    chosen = [option.code for option in rules().departments]
    purpose = ",".join(chosen if given["scope"] == ALL else given["departments"])
    as_ = _relation(str(given.get("given_as", "")))
    who = _name(given["member"], given.get("given_by", ""), as_, people, case, desk)
    found = [Given(who, manner, purpose, day)]
    if given.get("guardian", NOBODY) != NOBODY:
        guardian = _name(given["guardian"], given.get("guardian_name", ""), "监护人", people, case, desk)
        children = [member for member in people if member.is_child(today_of(desk.now))]
        found += [Given(guardian, manner, purpose, day, _child(member)) for member in children]
    return found


def _name(item: str, typed: str, relation: str, people: list[Member], case: Case, desk: Desk) -> str:
    """The name that is known or was typed; without one what the person is to the household."""
    if item == OTHER:
        return typed or wording.unnamed(relation)
    if item == _HEAD:
        return unseal(desk.session, case.head_name)
    member = next((member for member in people if member.item == item), None)
    return (member.name or short(member)) if member else wording.unnamed(relation)


def _child(member: Member) -> str:
    return member.name or short(member)


def _relation(code: str) -> str:
    return next((choice.label for choice in RELATIONS if choice.code == code), "")


# --- what there is --------------------------------------------------------------------------


def _show(case: Case, desk: Desk) -> Reply:
    rows = (
        (Button(wording.AGAIN, f"consent:{case.number}:new"),),
        (Button(wording.WITHDRAW, f"consent:{case.number}:withdraw"),),
    )
    return Reply(wording.given(_lines(case, desk)), (*rows, *_ways_on(case)))


def _lines(case: Case, desk: Desk) -> list[str]:
    valid = [given for row, given in consents.of_case(desk.session, case) if row.withdrawn_at is None]
    return [
        wording.line(
            _masked(given.given_by),
            next((choice.label for choice in wording.MANNERS if choice.code == given.manner), given.manner),
            chinese_day(given.given_on),
            [option.label for option in rules().departments if option.code in given.purpose.split(",")],
            _masked(given.guardian_for),
        )
        for given in valid
    ]


def _masked(name: str) -> str:
    """A name; what stands for one that is not known tells nothing and stays."""
    return name if "（" in name else masked_name(name)


def _ways_on(case: Case) -> tuple[tuple[Button, ...], ...]:
    passing = Button(wording_decisions.PASS["consent"], f"do:pass:{case.number}:{case.version}")
    return (*(((passing,),) if case.step == "consent" else ()), casework.to_case(case))


# --- taking back ----------------------------------------------------------------------------


def _ask_to_withdraw(case: Case, desk: Desk) -> Reply:
    if not has_consent(desk.session, case):
        return Reply(wording.NONE_TO_WITHDRAW, (casework.to_case(case),))
    really = Button(wording.WITHDRAW_REALLY, f"consent:{case.number}:withdrawn:{case.version}")
    keep = Button(wording.KEEP, f"case:{case.number}")
    return Reply(wording.ASK_TO_WITHDRAW, ((really, keep),))


def _withdraw(case: Case, version: int, desk: Desk) -> Replies:
    """Whoever has the case before them is told."""
    assert desk.person is not None
    if not has_consent(desk.session, case):
        return (Reply(wording.NONE_TO_WITHDRAW, (casework.to_case(case),)),)
    try:
        case = workflow.locked(desk.session, case, version)
    except StaleCaseError as stale:
        again = _ask_to_withdraw(stale.case, desk)
        return (Reply(f"{wording_casework.CHANGED_MEANWHILE}\n{again.text}", again.buttons),)
    consents.withdraw(desk.session, case, actor=desk.person, now=desk.now)
    head = masked_name(unseal(desk.session, case.head_name))
    news = Reply(wording.withdrawn_news(str(case.number), head), (casework.to_case(case),))
    reason = f"consent:{case.id}:{case.version}"
    notify.tell(desk, notify.in_charge(desk, case), news, reason=reason)
    return (Reply(wording.WITHDRAWN, (casework.to_case(case),), edit=True),)


LEDGER = Ledger(consent_form, _done)
