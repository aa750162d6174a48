"""People and cases for the tests of the store."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from sqlmodel import Session

from db import cases, people
from db.access import Role
from db.cases import NewCase
from db.models import Person
from db.models_cases import Case

NOON = dt.datetime(2026, 1, 15, 4, tzinfo=dt.UTC)  # in China
REGION, LEAGUE, BANNER, TOWNSHIP, VILLAGE = "15", "1506", "150626", "150626103", "150626103201"
SIBLING_VILLAGE, OTHER_TOWNSHIP, OTHER_BANNER = "150626103202", "150626104", "150625"
OTHER_VILLAGE, FOREIGN_VILLAGE = "150626104201", "150625100201"


def examples(few: int) -> int:
    """How many examples a property is tried on; more of them when POLICYBOT_EXAMPLES says so."""
    return max(few, int(os.environ.get("POLICYBOT_EXAMPLES", "0")))


def member(session: Session, role: Role, area: str = "", *, active: bool = True) -> Person:
    person = people.create(session, role=role, area=area, name="李四", now=NOON)
    person.active = active
    session.flush()
    return person


def household(**given: Any) -> NewCase:
    said: dict[str, Any] = {
        "area": VILLAGE, "head_name": "乌云其其格", "size": 4, "risks": ("illness",), "capacity": "able",
        "source": "cadre",
    }  # fmt: skip
    return NewCase(**{**said, **given})


def reported(session: Session, reporter: Person, *, now: dt.datetime = NOON, **given: Any) -> Case:
    return cases.create(session, household(**given), reporter=people.known_id(reporter), now=now)
