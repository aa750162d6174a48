"""Who lives in a household, as the visits have found it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db import entries

MEMBER = "member"
GONE = "gone"  # in the newest entry of somebody who was entered by mistake or is no longer there
GUARDED_UNTIL = 14  # under that age a guardian agrees in the child's place


@dataclass(frozen=True, slots=True)
class Member:
    """`answers` are those of the form "member"; `name` is "" where it was not to be asked."""

    item: str
    answers: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.answers.get("name") or ""

    @property
    def relation(self) -> str:
        return str(self.answers.get("relation", ""))

    @property
    def birth_year(self) -> int | None:
        return self.answers.get("birth_year")

    def is_child(self, today: dt.date) -> bool:
        """Whether a guardian may be needed: the year alone leaves it open in the year of the birthday."""
        return self.birth_year is not None and today.year - self.birth_year <= GUARDED_UNTIL


def members(session: Session, case_id: int) -> list[Member]:
    """In the order in which they were entered."""
    return [
        Member(entry.item, entry.answers)
        for entry in entries.current(session, case_id, MEMBER)
        if not entry.answers.get(GONE)
    ]


def find(session: Session, case_id: int, item: str) -> Member | None:
    return next((member for member in members(session, case_id) if member.item == item), None)


def free_item(session: Session, case_id: int) -> str:
    """For somebody new. The case must be locked; numbers of those who are gone are not given again."""
    return str(1 + max((int(e.item) for e in entries.current(session, case_id, MEMBER)), default=0))
