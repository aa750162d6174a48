"""The procedure under whatever people may try, against a table of its own (procedure_table.py)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, SQLModel, col

from db import audit, consents, entries, measures, workflow
from db.access import Role
from db.cases import known_id
from db.consents import Given
from db.crypto import seal, unseal
from db.measures import TooEarlyError
from db.models_cases import AuditEntry, Case, CaseEntry, CaseRisk, Consent, Measure
from db.workflow import MissingError, Move, ObstacleError, StaleCaseError, TransitionError, move_case
from tests.unit.db import procedure_table as table
from tests.unit.db.households import (
    BANNER,
    NOON,
    OTHER_BANNER,
    OTHER_TOWNSHIP,
    SIBLING_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    examples,
    member,
    reported,
)

Sessions = sessionmaker[Session]
PEOPLE: tuple[tuple[Role, str, bool], ...] = (
    (Role.VILLAGE_CADRE, VILLAGE, True),
    (Role.TOWNSHIP_REVIEWER, TOWNSHIP, True),
    (Role.BANNER_REVIEWER, BANNER, True),
    (Role.ADMINISTRATOR, "", True),
    (Role.CITY_READER, "", True),
    (Role.VILLAGE_CADRE, SIBLING_VILLAGE, True),
    (Role.TOWNSHIP_REVIEWER, OTHER_TOWNSHIP, True),
    (Role.BANNER_REVIEWER, OTHER_BANNER, True),
    (Role.VILLAGE_CADRE, VILLAGE, False),
    (Role.ADMINISTRATOR, "", False),
)
TABLES: tuple[type[SQLModel], ...] = (Case, CaseRisk, AuditEntry, CaseEntry, Consent, Measure)
ANYBODY = st.sampled_from(range(len(PEOPLE)))
TARGETS = st.sampled_from([None, None, "", *table.STEPS])
AT_A_TIME = 15
SEED = st.integers(0, 2**32)
PLACE = st.integers(0, 100)
REASON = st.sampled_from(["不符合条件", "不符合条件", "", " \n"])
FIELDS = st.sampled_from([("size",), ("size", "risks"), ()])
HOURS, DAYS = st.integers(0, 23), st.one_of(st.integers(0, 40), st.integers(20, 240))
SPOILERS = ["consent", "category", "labour", "criterion", "income", "natural"]
SPOILT = st.one_of(st.just(set[str]()), st.sets(st.sampled_from(SPOILERS), max_size=2))
TAMPERED = ("case_id", "seq", "at", "person_id", "action", "from_step", "to_step", "detail",
            "previous_hash", "hash")  # fmt: skip


@dataclass
class Known:
    """The case as it has to be."""

    case_id: int
    step: str = "application"
    former: str = ""
    version: int = 1
    category: str = "undetermined"
    capacity: str = "able"
    consent: bool = False
    identified_on: dt.date | None = None
    stable_since: dt.date | None = None
    exited_on: dt.date | None = None
    exit_kind: str = ""
    kind: str = ""
    ticked: frozenset[str] = frozenset()
    done: list[tuple[str, str, str, int]] = field(default_factory=list)  # action, from, to, person
    answers: list[dict[str, Any]] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    measures: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Try:
    who: int
    move: Move
    version: int


class Store:
    """A database with people in it; each example has a case of its own."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        with sessions.begin() as session:
            self.people = [member(session, role, area, active=on) for role, area, on in PEOPLE]


class Procedure(RuleBasedStateMachine):
    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.now = NOON
        self._open: Session | None = None
        self._report()

    # --- what people do ---------------------------------------------------------------------

    @initialize(seed=SEED)
    def much_has_happened(self, seed: int) -> None:
        self.many_people_try_many_things(seed)

    def begin_somewhere(self, steps: int, hours: int, days: int, spoilt: set[str]) -> None:
        """The way that is meant, a part of it, so that the later steps come up as often as the first.

        What is `spoilt` on the way stands against the next step or a later one.
        """
        self.now += dt.timedelta(hours=hours)
        with self._one_transaction():
            self._walk(steps, days, spoilt)
        if self.known.step not in table.CLOSED:
            self._try(self._way_on())

    def _walk(self, steps: int, days: int, spoilt: set[str]) -> None:
        self._agree("户主")
        self._change(category="marginal")
        for _ in range(min(steps, 8)):
            self._try(self._way_on())
        self._change(
            stable_since=table.china_day(self.now) - dt.timedelta(days=150 if "income" in spoilt else 200)
        )
        self.now += dt.timedelta(days=days)
        self._tick("natural" if "natural" in spoilt else "stable", table.CRITERIA)
        for _ in range(steps - 8):
            self._try(self._way_on())
        self._spoil(spoilt)

    @rule(steps=st.integers(0, 11), hours=HOURS, days=DAYS, spoilt=SPOILT)
    def another_household_is_reported(self, steps: int, hours: int, days: int, spoilt: set[str]) -> None:
        self._report()
        self.begin_somewhere(steps, hours, days, spoilt)

    @precondition(lambda self: self.known.step not in table.CLOSED)
    @rule()
    def somebody_in_charge_goes_on(self) -> None:
        self._try(self._way_on())

    @rule(who=ANYBODY, action=st.sampled_from(table.ACTIONS), goal=TARGETS, reason=REASON, fields=FIELDS,
          behind=st.sampled_from([0, 0, 0, 1, 2, -1]))  # fmt: skip
    def anybody_tries_anything(
        self, who: int, action: str, goal: str | None, reason: str, fields: tuple[str, ...], behind: int
    ) -> None:
        self._try(Try(who, Move(action, reason, fields, goal), self.known.version - behind))

    @rule(seed=SEED)
    def many_people_try_many_things(self, seed: int) -> None:
        """Hypothesis repeats itself for the sake of small examples; this goes everywhere soon."""
        chance = Random(seed)
        for _ in range(AT_A_TIME):
            self._try_something(chance)
            self.all_is_as_it_has_to_be()

    @precondition(lambda self: self._rows())
    @rule(place=PLACE)
    def somebody_with_the_role_does_what_is_possible(self, place: int) -> None:
        row = self._row(place)
        self._try_row(row, self._insider(row.roles[0]), "原因", ("size",))

    @precondition(lambda self: self._rows())
    @rule(place=PLACE, who=ANYBODY)
    def anybody_tries_what_is_possible(self, place: int, who: int) -> None:
        self._try_row(self._row(place), who, "原因", ("size",))

    @precondition(lambda self: any(row.needs for row in self._rows()))
    @rule(place=PLACE, reason=REASON, fields=FIELDS)
    def something_is_forgotten(self, place: int, reason: str, fields: tuple[str, ...]) -> None:
        row = self._row(place, needing=True)
        self._try_row(row, self._insider(row.roles[0]), reason, fields)

    @rule(who=ANYBODY, name=st.sampled_from(["户主", "乌云·其其格", "监护人"]))
    def consent_is_given(self, who: int, name: str) -> None:
        self._agree(name)

    @rule()
    def consent_is_withdrawn(self) -> None:
        with self._session() as (session, case):
            consents.withdraw(session, case, actor=self.store.people[0], now=self.now)
        self.known.consent = False
        self._noted("consent_withdrawn")

    @rule(category=st.sampled_from(["unstable", "marginal", "sudden", "undetermined"]))
    def the_category_is_set(self, category: str) -> None:
        self._change(category=category)

    @rule(capacity=st.sampled_from(["able", "able", "partial", "none"]))
    def the_labour_capacity_is_set(self, capacity: str) -> None:
        self._change(capacity=capacity)

    @rule(days=st.integers(-400, 0))
    def income_is_said_to_be_stable(self, days: int) -> None:
        self._change(stable_since=table.china_day(self.now) + dt.timedelta(days=days))

    @rule(
        kind=st.sampled_from(["stable", "natural"]),
        missing=st.sampled_from([(), (), (), *((code,) for code in table.CRITERIA), table.CRITERIA]),
    )
    def the_check_list_is_filled_in(self, kind: str, missing: tuple[str, ...]) -> None:
        self._tick(kind, [code for code in table.CRITERIA if code not in missing])

    @rule(form=st.sampled_from(["visit", "income"]), said=st.text(max_size=20))
    def an_answer_is_recorded(self, form: str, said: str) -> None:
        self._record(form, {"said": said})

    @rule()
    def a_measure_is_started(self) -> None:
        allowed = self.known.step in ("helping", "exit_township", "exit_banner", "exited")
        try:
            with self._session() as (session, case):
                measures.start(session, case, "health_help", actor=self.store.people[0],
                               started_on=table.china_day(self.now), now=self.now)  # fmt: skip
        except TooEarlyError:
            assert not allowed
        else:
            assert allowed
            self.known.measures.append(("health_help", False))
            self._noted("measure_started")

    @rule(hours=st.one_of(st.integers(0, 48), st.integers(0, 24 * 70)))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @precondition(lambda self: self.known.step not in table.CLOSED)
    @rule(reason=st.sampled_from(["原因", ""]))
    def two_sessions_decide_at_once(self, reason: str) -> None:
        """Both have the case before them; the second is told, whatever it wants."""
        first = self._way_on()
        second = Try(self._insider(Role.ADMINISTRATOR), Move("merge", reason), first.version)
        with self.store.sessions() as late:
            seen = late.get_one(Case, self.known.case_id)
            late.commit()
            self._try(first)
            self._try(second, session=late, seen=seen)

    @rule(
        place=st.integers(0, 1000), column=st.sampled_from(TAMPERED), how=st.sampled_from(["change", "take"])
    )
    def whoever_tampers_with_the_history_is_found(self, place: int, column: str, how: str) -> None:
        with self.store.sessions() as session:
            chain = _chain(session, self.known.case_id)
            entry = chain[place % len(chain)]
            if how == "take":
                session.delete(entry)
            else:
                setattr(entry, column, self._other(session, entry, column))
            session.flush()
            assert audit.first_fault(session, self.known.case_id) is not None, (how, column, entry.seq)
            session.rollback()

    # --- what holds at every moment ---------------------------------------------------------

    @invariant()
    def all_is_as_it_has_to_be(self) -> None:
        with self.store.sessions() as session:
            case = session.get_one(Case, self.known.case_id)
            self._case_is_as_the_table_says(case)
            self._history_holds_and_says_what_was_done(session)
            self._every_answer_can_still_be_read(session, case)

    def _case_is_as_the_table_says(self, case: Case) -> None:
        names = ("step", "version", "category", "capacity", "identified_on", "stable_since", "exited_on",
                 "exit_kind")  # fmt: skip
        assert {name: getattr(case, name) for name in names} == {
            name: getattr(self.known, name) for name in names
        }
        assert case.step in table.STEPS
        if case.exited_on:
            assert case.identified_on
            assert case.exited_on.replace(day=1) > case.identified_on.replace(day=1)

    def _history_holds_and_says_what_was_done(self, session: Session) -> None:
        assert audit.first_fault(session, self.known.case_id) is None
        history = audit.of_case(session, self.known.case_id)
        assert [(e.action, e.from_step, e.to_step, e.person_id) for e in history] == self.known.done
        assert len(history) == self.known.version

    def _every_answer_can_still_be_read(self, session: Session, case: Case) -> None:
        assert _answers(session, self.known.case_id) == self.known.answers
        assert [given.given_by for _, given in consents.of_case(session, case)] == self.known.agreed
        rows = measures.of_case(session, case)
        assert [(row.measure, row.before_procedure) for row in rows] == self.known.measures

    # --- how it is done ---------------------------------------------------------------------

    def _try(self, wanted: Try, session: Session | None = None, seen: Case | None = None) -> None:
        """Whoever is refused is told so in the same transaction, which is committed all the same."""
        expected = self._expected(wanted)
        before = None if isinstance(expected, table.Row) else self._everything()
        refusal: tuple[str, Any] | None = None
        with self._session(session, seen) as (at, case):
            try:
                move_case(at, case, wanted.move, actor=self.store.people[wanted.who],
                          expected_version=wanted.version, now=self.now)  # fmt: skip
            except (StaleCaseError, TransitionError, MissingError, ObstacleError) as refused:
                refusal = _kind_of(refused)
        if isinstance(expected, table.Row):
            assert refusal is None, (wanted, self.known)
            self._moved(expected, wanted)
        else:
            assert refusal == expected, (wanted, self.known)
            assert self._everything() == before

    def _expected(self, wanted: Try) -> table.Row | tuple[str, Any]:
        """The row of the table that allows it, or why it is refused."""
        known, target = self.known, wanted.move.target
        if wanted.version != known.version:
            return ("stale", None)
        row = table.row(known.step, wanted.move.action, table.FORMER if target == "" else target)
        role, area, active = PEOPLE[wanted.who]
        near = VILLAGE.startswith(area) if area else role is Role.ADMINISTRATOR
        if row is None or role not in row.roles or not near or not active:
            return ("transition", None)
        return self._unmet(row, wanted.move) or row

    def _unmet(self, row: table.Row, move: Move) -> tuple[str, Any] | None:
        known = self.known
        if "reason" in row.needs and not move.reason.strip():
            return ("missing", "reason")
        if "fields" in row.needs and not move.fields:
            return ("missing", "fields")
        compared = row.source in ("consent", "comparison") or row.target == "comparison"
        if row.action == "pass" and compared and not known.consent:
            return ("missing", "consent")
        if row.action == "pass" and row.source == "registration" and known.category == "undetermined":
            return ("missing", "category")
        if row.target in ("exit_township", "exit_banner", "exited"):
            against = table.obstacles(
                today=table.china_day(self.now), identified_on=known.identified_on,
                stable_since=known.stable_since, kind=known.kind, ticked=known.ticked,
                capacity=known.capacity,
            )  # fmt: skip
            return ("obstacles", against) if against else None
        return None

    def _moved(self, row: table.Row, wanted: Try) -> None:
        known, source = self.known, self.known.step
        target = known.former if row.target == table.FORMER else row.target
        known.former = source if target == "merged" else ""
        known.step = target
        known.version += 1
        known.done.append((row.action, source, target, self._id(wanted.who)))
        if (source, row.action) == ("registration", "pass"):
            known.identified_on = table.china_day(self.now)
        if target == "exited":
            known.exited_on, known.exit_kind = table.china_day(self.now), known.kind

    def _report(self) -> None:
        with self.store.sessions.begin() as session:
            self.known = Known(known_id(reported(session, self.store.people[0], now=self.now)))
        self.known.done.append(("report", "", "application", self._id(0)))

    def _spoil(self, spoilt: set[str]) -> None:
        if "consent" in spoilt:
            self.consent_is_withdrawn()
        if "category" in spoilt:
            self._change(category="undetermined")
        if "labour" in spoilt:
            self._change(capacity="none")
        if "criterion" in spoilt:
            self._tick("stable", table.CRITERIA[1:])

    def _try_something(self, chance: Random) -> None:
        """Mostly what is possible but for one thing; a new household now and then."""
        if chance.random() < 0.2 or not self._rows():
            self._report()
            spoilt = set(chance.sample(SPOILERS, chance.choice([0, 1, 1, 2])))
            self.begin_somewhere(chance.randrange(12), chance.randrange(24), chance.randrange(120), spoilt)
            return
        row = self._row(chance.randrange(100))
        who, reason, fields = self._insider(row.roles[0]), "原因", ("size",)
        match chance.randrange(4):
            case 0:
                who = chance.randrange(len(PEOPLE))
            case 1:
                reason = chance.choice(["", " \n"])
            case 2:
                fields = ()
        self._try_row(row, who, reason, fields)

    def _rows(self) -> list[table.Row]:
        """What is possible now, for whomever."""
        return [row for row in table.TABLE if row.source == self.known.step]

    def _row(self, place: int, *, needing: bool = False) -> table.Row:
        rows = [row for row in self._rows() if row.needs or not needing]
        return rows[place % len(rows)]

    def _try_row(self, row: table.Row, who: int, reason: str, fields: tuple[str, ...]) -> None:
        target = "" if row.target == table.FORMER else row.target
        self._try(Try(who, Move(row.action, reason, fields, target), self.known.version))

    def _way_on(self) -> Try:
        row = table.in_charge(self.known.step)
        return Try(self._insider(row.roles[0]), Move(row.action), self.known.version)

    def _insider(self, role: Role) -> int:
        return next(number for number, (named, _, _) in enumerate(PEOPLE) if named is role)

    def _agree(self, name: str) -> None:
        given = Given(name, "signed", "数据比对", table.china_day(self.now))
        with self._session() as (session, case):
            consents.record(session, case, given, actor=self.store.people[0], now=self.now)
        self.known.consent = True
        self.known.agreed.append(name)
        self._noted("consent_given")

    def _change(self, **fields: Any) -> None:
        with self._session() as (session, case):
            workflow.lock(session, known_id(case))
            for name, value in fields.items():
                setattr(case, name, value)
            workflow.change(session, case, "changed", actor=self.store.people[0], now=self.now, detail={})
        self.known = replace(self.known, **fields)
        self._noted("changed")

    def _tick(self, kind: str, criteria: Any) -> None:
        self._record("exit", {"kind": kind, "criteria": list(criteria)})
        self.known.kind, self.known.ticked = kind, frozenset(criteria)

    def _record(self, form: str, answers: dict[str, Any]) -> None:
        with self._session() as (session, _):
            entries.record(session, self.known.case_id, form, answers, person_id=self._id(0), now=self.now)
        self.known.answers.append(answers)

    def _noted(self, action: str) -> None:
        self.known.version += 1
        self.known.done.append((action, self.known.step, self.known.step, self._id(0)))

    def _id(self, who: int) -> int:
        number = self.store.people[who].id
        assert number is not None
        return number

    @contextmanager
    def _session(
        self, session: Session | None = None, seen: Case | None = None
    ) -> Iterator[tuple[Session, Case]]:
        """The case in a transaction; that of `session` is the one it has seen before."""
        if session is not None and seen is not None:
            with session.begin():
                yield session, seen
        elif self._open is not None:
            yield self._open, self._open.get_one(Case, self.known.case_id)
        else:
            with self.store.sessions.begin() as own:
                yield own, own.get_one(Case, self.known.case_id)

    @contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """For all that is done meanwhile, because each commit takes its time."""
        with self.store.sessions.begin() as self._open:
            yield
        self._open = None

    def _everything(self) -> list[dict[str, Any]]:
        """All that is stored about the case."""
        with self._session() as (session, _):
            return [
                row.model_dump()
                for kind in TABLES
                for row in session.execute(select(kind).where(self._about(kind))).scalars()
            ]

    def _about(self, kind: type[SQLModel]) -> Any:
        return (Case.id if kind is Case else kind.case_id) == self.known.case_id  # type: ignore[attr-defined]

    def _other(self, session: Session, entry: AuditEntry, column: str) -> Any:
        """Another value than the one that is there, of a kind that the column takes."""
        value = getattr(entry, column)
        if column == "case_id":
            other = known_id(reported(session, self.store.people[0]))
            session.execute(delete(AuditEntry).where(col(AuditEntry.case_id) == other))
            return other
        if column == "detail":
            return seal(session, unseal(session, value) + " ")
        if column == "person_id":
            return self._id(1) if value != self._id(1) else self._id(0)
        if isinstance(value, int):
            return value + 1000
        return value + dt.timedelta(microseconds=1) if column == "at" else f"{value}x"


def _chain(session: Session, case_id: int) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(col(AuditEntry.case_id) == case_id).order_by(col(AuditEntry.seq))
    return list(session.execute(wanted).scalars())


def _answers(session: Session, case_id: int) -> list[dict[str, Any]]:
    wanted = select(CaseEntry).where(col(CaseEntry.case_id) == case_id).order_by(col(CaseEntry.id))
    return [json.loads(unseal(session, row.answers)) for row in session.execute(wanted).scalars()]


def _kind_of(refused: Exception) -> tuple[str, Any]:
    match refused:
        case StaleCaseError():
            return ("stale", None)
        case MissingError(what=what):
            return ("missing", what)
        case ObstacleError(obstacles=found):
            return ("obstacles", {obstacle.code for obstacle in found})
        case _:
            return ("transition", None)


@pytest.mark.parametrize(
    ("database_url", "few"), [("sqlite", 12), ("postgresql", 4)], indirect=["database_url"]
)
def test_nothing_that_people_try_leads_where_the_table_forbids(store: Sessions, few: int) -> None:
    ready = Store(store)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Procedure(ready),
        settings=settings(
            max_examples=examples(few), stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
