"""The tables of cases. What identifies a person or tells of health and money is stored sealed (db/crypto)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.columns import moment
from db.crypto import sealed, sealed_bytes
from db.models import Person


def _case(*, primary: bool = False) -> Column[int]:
    return Column(ForeignKey("monitoring_case.id"), nullable=False, index=not primary, primary_key=primary)


def _person(*, optional: bool = False, index: bool = False) -> Column[int]:
    return Column(ForeignKey(f"{Person.__tablename__}.id"), nullable=optional, index=index)


def _day() -> Column[dt.date]:
    return Column(Date, nullable=True)


class Case(SQLModel, table=True):
    """A household that was reported, and where it stands in the documented procedure.

    `step` and the other codes are those of knowledge.rules. `area` is a statistical code: who covers it may
    see the case; it is the village's, or for a village that is not in the register (`place_typed`) the
    reporter's own. `version` grows with every change. `before` is the step to which an appeal or the end
    of a merger leads back.
    """

    __tablename__ = "monitoring_case"
    __table_args__ = (
        Index("ix_monitoring_case_area", "area", "step"),
        Index("ix_monitoring_case_step", "step", "area"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str | None = Field(default=None, unique=True)  # made of the id, so it comes a moment later
    version: int = 1
    step: str
    before: str = ""
    category: str
    source: str
    department: str = ""
    area: str
    place_typed: str = Field(default="", sa_column=sealed())
    head_name: str = Field(default="", sa_column=sealed())
    name_hash: str = Field(default="", index=True)
    sound_hash: str = Field(default="", index=True)
    id_number: str = Field(default="", sa_column=sealed())
    id_hash: str = Field(default="", index=True)
    phone: str = Field(default="", sa_column=sealed())
    phone_hash: str = Field(default="", index=True)
    size: int
    capacity: str
    narrative: str = Field(default="", sa_column=sealed())
    point: str = Field(default="", sa_column=sealed())  # "latitude,longitude" in degrees
    urgent: bool = False
    help_first: bool = False
    reported_by: int = Field(sa_column=_person(index=True))
    created_at: dt.datetime = Field(sa_column=moment())
    step_since: dt.datetime = Field(sa_column=moment())
    due_on: dt.date | None = Field(default=None, sa_column=Column(Date, nullable=True, index=True))
    identified_on: dt.date | None = Field(default=None, sa_column=_day())
    stable_since: dt.date | None = Field(default=None, sa_column=_day())
    exited_on: dt.date | None = Field(default=None, sa_column=_day())
    exit_kind: str = ""
    history_end: str = ""  # a keyed hash of the newest audit entry, so that its absence shows
    merged_into: int | None = Field(
        default=None, sa_column=Column(ForeignKey("monitoring_case.id"), nullable=True, index=True)
    )


class CaseRisk(SQLModel, table=True):
    __tablename__ = "case_risk"

    case_id: int = Field(sa_column=_case(primary=True))
    risk: str = Field(primary_key=True)


class Draft(SQLModel, table=True):
    """A form that somebody is filling in, on whatever device. `asked` is the field that is open.

    `case_id` and `item` say what it is about, where it is not a new household ("2026Q4", "member 2").
    `fields` are the only ones to ask (a correction); empty for all. One draft of a person is `active`:
    what is typed goes there.
    """

    __table_args__ = (
        Index(
            "ux_draft_active", "person_id", unique=True,
            sqlite_where=text("active"), postgresql_where=text("active"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=_person(index=True))
    form: str
    case_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("monitoring_case.id"), nullable=True, index=True)
    )
    item: str = ""
    fields: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    asked: str = ""
    active: bool = True
    status: str = "open"
    created_at: dt.datetime = Field(sa_column=moment())
    updated_at: dt.datetime = Field(sa_column=moment(index=True))


class DraftAnswer(SQLModel, table=True):
    """One answer, stored before the next question is shown. `value` is JSON; null for a skipped field."""

    __tablename__ = "draft_answer"

    draft_id: int = Field(
        sa_column=Column(ForeignKey("draft.id", ondelete="CASCADE"), nullable=False, primary_key=True)
    )
    field: str = Field(primary_key=True)
    value: str = Field(sa_column=sealed())
    answered_at: dt.datetime = Field(sa_column=moment())


class Report(SQLModel, table=True):
    """A submitted report: the first makes a case, a later one about the same household adds to it."""

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(unique=True)  # a draft is submitted once
    case_id: int = Field(sa_column=_case())
    receipt: str = Field(unique=True)
    person_id: int = Field(sa_column=_person(index=True))
    answers: str = Field(sa_column=sealed())
    created_at: dt.datetime = Field(sa_column=moment())


class CaseEntry(SQLModel, table=True):
    """A filled form about a case: a visit's piece, a member, an income, a quarter's screening.

    Of entries with the same `form` and `item` the newest counts; the others are its history.
    """

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_case", "case_id", "form", "item"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=Column(ForeignKey("monitoring_case.id"), nullable=False))
    form: str
    item: str = ""
    answers: str = Field(sa_column=sealed())
    recorded_by: int = Field(sa_column=_person())
    recorded_at: dt.datetime = Field(sa_column=moment())


class Consent(SQLModel, table=True):
    """That the household agreed to the comparison of its data: who, when, how, for what."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=_case())
    given_by: str = Field(sa_column=sealed())
    guardian_for: str = Field(default="", sa_column=sealed())
    manner: str
    purpose: str
    given_on: dt.date = Field(sa_column=Column(Date, nullable=False))
    recorded_by: int = Field(sa_column=_person())
    recorded_at: dt.datetime = Field(sa_column=moment())
    withdrawn_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))


class Measure(SQLModel, table=True):
    """Help that a household gets. `measure` is a code of knowledge.rules."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=_case())
    measure: str
    note: str = Field(default="", sa_column=sealed())
    started_on: dt.date = Field(sa_column=Column(Date, nullable=False))
    ended_on: dt.date | None = Field(default=None, sa_column=_day())
    before_procedure: bool = False
    recorded_by: int = Field(sa_column=_person())
    recorded_at: dt.datetime = Field(sa_column=moment())


TO_FETCH = "\"fetch\" <> ''"  # the name is also a word of SQL


class CaseFile(SQLModel, table=True):
    """A photo of a report, without its metadata. `fetch` is the channel's id of one not yet fetched."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_to_fetch", "id", sqlite_where=text(TO_FETCH), postgresql_where=text(TO_FETCH)),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("monitoring_case.id"), nullable=True, index=True)
    )
    draft_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("draft.id"), nullable=True, index=True)
    )
    fetch: str = ""
    content: bytes = Field(default=b"", sa_column=sealed_bytes())
    created_by: int = Field(sa_column=_person())
    created_at: dt.datetime = Field(sa_column=moment())


class AuditEntry(SQLModel, table=True):
    """What was done to a case, in a chain: each `hash` covers the entry and the hash before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_column=Column(ForeignKey("monitoring_case.id"), nullable=False))
    seq: int
    at: dt.datetime = Field(sa_column=moment(index=True))
    person_id: int | None = Field(default=None, sa_column=_person(optional=True))
    action: str
    from_step: str = ""
    to_step: str = ""
    detail: str = Field(sa_column=sealed())
    previous_hash: str = ""
    hash: str


class Reminder(SQLModel, table=True):
    """That somebody was reminded of something, once a period."""

    __table_args__ = (UniqueConstraint("person_id", "kind", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_column=_person())
    kind: str
    period: str
    sent_at: dt.datetime = Field(sa_column=moment(index=True))


class SecureLink(SQLModel, table=True):
    """A page of our own that opens once, for one person and one draft or case. Only a hash is stored."""

    __tablename__ = "secure_link"

    hash: str = Field(primary_key=True)
    person_id: int = Field(sa_column=_person(index=True))
    chat: str
    purpose: str
    draft_id: int | None = Field(default=None, sa_column=Column(ForeignKey("draft.id"), nullable=True))
    case_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("monitoring_case.id"), nullable=True)
    )
    detail: str = Field(default="", sa_column=sealed())
    created_at: dt.datetime = Field(sa_column=moment())
    expires_at: dt.datetime = Field(sa_column=moment(index=True))
    used_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))
