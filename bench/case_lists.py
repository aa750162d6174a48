"""100,000 cases in the store: how long a list, a search or a card takes, for each role.

What is measured is a whole turn, reading and wording, without the channel. The cases lie spread over all
villages of the register; one village, township and banner have many more than the others.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, select
from sqlmodel import Session, col

from bench.report_burst import GIVEN, SOURCES, SURNAMES, database
from bot.services import utc_now, warm_up
from db import people
from db.access import Role
from db.cases import NewCase, case_number, create
from db.crypto import Keyring
from db.models_cases import AuditEntry, Case, CaseRisk
from db.session import open_database
from handlers.errors import converse
from handlers.turn import Desk, Turn
from knowledge.library import KnowledgeBase
from knowledge.rules import rules

VILLAGE, TOWNSHIP, BANNER = "150626103201", "150626103", "150626"
IN_ONE_BANNER = 0.1  # of all cases
PATTERNS = 500  # different households; the others repeat them, for the time that sealing takes
CHUNK = 2000
CALLS = 40
ROLES = {
    Role.VILLAGE_CADRE: VILLAGE,
    Role.TOWNSHIP_REVIEWER: TOWNSHIP,
    Role.BANNER_REVIEWER: BANNER,
    Role.CITY_READER: "",
    Role.ADMINISTRATOR: "",
}
ASKED = (
    "/cases", "/cases 王建国", "/cases 巴音高勒", "/quarter", "/export", "!cases:todo:0", "!cases:mine:0",
    "!cases:overdue:0", "!cases:all:0", "!cases:all:5", "!cases:villages:0", "!export:statistics",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench case_lists", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = KnowledgeBase.open(SOURCES, Path(folder))
        warm_up(library)
        for kind in ("sqlite", "postgresql"):
            with database(kind) as url:
                _measure(kind, url, library, given.cases)


def _measure(kind: str, url: str, library: KnowledgeBase, count: int) -> None:
    sessions = open_database(url, Keyring.new())
    with sessions.begin() as session:
        for role, area in ROLES.items():
            person = people.create(session, role=role, area=area, name="某人", now=utc_now())
            people.add_channel(session, person, f"web:{role}", now=utc_now())
        numbers = _fill(session, library, count)
    print(f"{kind}: {count} cases")
    for role, scope in ROLES.items():
        own = [number for area, number in numbers if area.startswith(scope)]
        cards = tuple(f"!case:{number}" for number in random.Random(1).sample(own, min(CALLS, len(own))))
        for asked in (*ASKED, *cards[:1]):
            name = "!case:…" if asked.startswith("!case:") else asked
            seconds = _times(sessions, library, role, cards if name == "!case:…" else (asked,) * CALLS)
            cut = statistics.quantiles(seconds, n=100)
            print(f"  {role:18} {name:20} p50 {cut[49] * 1000:6.1f} ms, p99 {cut[98] * 1000:6.1f} ms")


def _times(sessions, library: KnowledgeBase, role: Role, said: tuple[str, ...]) -> list[float]:  # type: ignore[no-untyped-def]
    chat, seconds = f"web:{role}", []
    for number, text in enumerate(said):
        fields = {"button": text[1:]} if text.startswith("!") else {"text": text}
        with sessions.begin() as session:
            desk = Desk(library, session, utc_now(), "bench")
            began = time.perf_counter()
            converse(Turn(id=f"{chat}:{number}", person=chat, chat=chat, **fields), desk)  # type: ignore[arg-type]
            seconds.append(time.perf_counter() - began)
            session.rollback()
    return seconds


def _fill(session: Session, library: KnowledgeBase, count: int) -> list[tuple[str, str]]:
    """Store so many cases; each area with its number."""
    chance, now = random.Random(1), utc_now()
    villages = [code for code, area in library.areas.by_code.items() if area.level == "village"]
    near = [code for code in villages if code.startswith(BANNER)]
    patterns = _patterns(session, chance, now)
    steps = [step.code for step in rules().steps if step.code != "merged"]
    stored: list[tuple[str, str]] = []
    numbers = iter(range(PATTERNS + 1, count + PATTERNS + 1))
    while chunk := list(itertools.islice(numbers, CHUNK)):
        cases, risks, audit = [], [], []
        for number in chunk:
            case, entry = patterns[number % PATTERNS]
            area = (
                VILLAGE
                if number % 500 == 0
                else chance.choice(near if chance.random() < IN_ONE_BANNER else villages)
            )
            step = chance.choice(steps)
            due = now.date() - dt.timedelta(days=3) if number % 50 == 0 else None
            identified = dt.date(2026, 1, 5) if step in ("helping", "exited") else None
            own = {"id": number, "number": case_number(number, now), "area": area, "step": step}
            cases.append(case | own | {"due_on": due, "identified_on": identified})
            cases[-1]["reported_by"] = 1 if area == VILLAGE else len(ROLES)
            risks += [{"case_id": number, "risk": risk} for risk in ("illness", "labour")[: 1 + number % 2]]
            audit.append(entry | {"case_id": number})
            stored.append((area, case_number(number, now)))
        session.execute(insert(Case), cases)
        session.execute(insert(CaseRisk), risks)
        session.execute(insert(AuditEntry), audit)
    return stored


def _patterns(session: Session, chance: random.Random, now: dt.datetime) -> list[tuple[dict, dict]]:  # type: ignore[type-arg]
    """Cases as the program stores them, as rows."""
    entries = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(1)
    found = []
    for _ in range(PATTERNS):
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        new = NewCase(
            area=VILLAGE, head_name=name, size=chance.randint(1, 6), risks=("illness",), capacity="able",
            source="cadre", narrative="住院花了很多钱，家里没有别的收入", id_number="150626199001010017",
        )  # fmt: skip
        case = create(session, new, reporter=1, now=now)
        entry = session.execute(entries).scalar_one()
        found.append((case.model_dump(exclude={"id"}), entry.model_dump(exclude={"id"})))
    return found


if __name__ == "__main__":
    main()
