"""Messages that nobody asked for: what is due soon, and what is overdue, to the level above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db import reminders, screening
from db.access import Role, role_of
from db.days import CHINA
from db.models import Person
from db.screening import ANNUAL, QUARTERLY, Period
from handlers import notify
from handlers import wording_screening as wording
from handlers.account import area_path
from handlers.turn import Button, Desk, Reply
from knowledge.rules import rules

MOST_VILLAGES = 30
AT_ONCE = 200  # cases over their time limit in one go
_ABOVE: Mapping[Role, Role] = {
    Role.VILLAGE_CADRE: Role.TOWNSHIP_REVIEWER,
    Role.TOWNSHIP_REVIEWER: Role.BANNER_REVIEWER,
}


@dataclass(frozen=True, slots=True)
class ReminderTimes:
    """At which hour (in China), and how many days before a period ends; `annual` to turn the year's on."""

    hour: int = 9
    days_before: Sequence[int] = (14, 3)
    annual: bool = True


def send_due(desk: Desk, times: ReminderTimes) -> int:
    """Send what is due now and was not sent yet. Returns how many people were told."""
    here = desk.now.astimezone(CHINA)
    if here.hour < times.hour:
        return 0
    told = 0
    for person in reminders.bound_people(desk.session):
        for form in (QUARTERLY, ANNUAL) if times.annual else (QUARTERLY,):
            told += _remind(person, screening.period(form, here.date()), here.date(), times, desk)
            told += _escalate(person, screening.period(form, here.date()).before, desk)
    return told + _overdue(here.date(), desk)


def _remind(person: Person, period: Period, today: dt.date, times: ReminderTimes, desk: Desk) -> int:
    """A village's own cadre, as the end of the period comes near."""
    left = (period.last - today).days
    reached = [days for days in times.days_before if left <= days]
    if role_of(person) is not Role.VILLAGE_CADRE or not reached:
        return 0
    count = screening.count_due(desk.session, person, period)
    kind = f"due:{period.form}:{min(reached)}"
    if not count or not reminders.claim(desk.session, person, kind, period.name, now=desk.now):
        return 0
    begin = Button(wording.START, f"due:{period.form}:0")
    reply = Reply(wording.reminder(period, count), ((begin,),))
    notify.tell(desk, [person], reply, reason=f"{kind}:{period.name}:{person.id}")
    return 1


def _escalate(person: Person, period: Period, desk: Desk) -> int:
    """What a village did not do in a period goes to its township; in the order of the codes, no ranking."""
    if role_of(person) is not Role.TOWNSHIP_REVIEWER:
        return 0
    late = screening.due_by_village(desk.session, person.area, period)
    if not late or not reminders.claim(
        desk.session, person, f"late:{period.form}", period.name, now=desk.now
    ):
        return 0
    names = (area_path(desk.library.areas, code).rpartition(" ")[2] for code in late)
    lines = [wording.village_line(name, number) for name, number in zip(names, late.values(), strict=True)]
    text = wording.escalation(period, lines[:MOST_VILLAGES])
    notify.tell(desk, [person], Reply(text), reason=f"late:{period.form}:{period.name}:{person.id}")
    return 1


def _overdue(today: dt.date, desk: Desk) -> int:
    """Steps that have passed a local time limit: to the level above those who act there."""
    told = 0
    for case in reminders.overdue(desk.session, today, limit=AT_ONCE):
        step = rules().step(case.step)
        acting = {role_of(person) for person in notify.acting(desk, case)}
        above = {_ABOVE[role] for role in acting if role in _ABOVE}
        text = wording.overdue(str(case.number), step.label, case.due_on or today)
        for person in notify.of_roles(desk, above, case):
            if reminders.claim(desk.session, person, f"overdue:{case.step}", str(case.number), now=desk.now):
                look = Button(wording.LOOK, f"case:{case.number}")
                reason = f"overdue:{case.id}:{case.step}:{person.id}"
                notify.tell(desk, [person], Reply(text, ((look,),)), reason=reason)
                told += 1
    return told
