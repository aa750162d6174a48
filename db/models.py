"""The tables. A change here needs a migration in db/migrations (a test compares the two)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from db.columns import moment
from db.crypto import sealed_file, sealed_message

# --- the conversation -----------------------------------------------------------------------


class Conversation(SQLModel, table=True):
    """Where a chat stands.

    `context` is JSON of knowledge's own making (what a follow-up question needs; "" after `/new`),
    `options` the choices of the last answer, `answers` how many were given so far: a button names the
    answer that it belongs to.
    """

    chat: str = Field(primary_key=True)
    context: str = Field(sa_column=Column(Text, nullable=False))
    options: list[str] = Field(sa_column=Column(JSON, nullable=False))
    answers: int
    updated_at: dt.datetime = Field(sa_column=moment())


class Unanswered(SQLModel, table=True):
    """A question that the documents did not answer. Who asked is not stored.

    `earlier` is the question before it, which it may lean on ("" for none).
    """

    id: int | None = Field(default=None, primary_key=True)
    question: str
    earlier: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    status: str
    index_version: str
    asked_at: dt.datetime = Field(sa_column=moment(index=True))


class GivenAnswer(SQLModel, table=True):
    """An answer as it was given, so that a verdict on it can be taken later; deleted after a while."""

    __tablename__ = "given_answer"

    id: int | None = Field(default=None, primary_key=True)
    chat: str
    question: str = Field(sa_column=Column(Text, nullable=False))
    earlier: str = Field(default="", sa_column=Column(Text, nullable=False))
    answer: str = Field(sa_column=Column(Text, nullable=False))
    status: str
    index_version: str
    given_at: dt.datetime = Field(sa_column=moment(index=True))


class Feedback(SQLModel, table=True):
    """A verdict on an answer: "good", or what is bad about it. Who gave it is not stored."""

    id: int | None = Field(default=None, primary_key=True)
    verdict: str
    question: str = Field(sa_column=Column(Text, nullable=False))
    earlier: str = Field(default="", sa_column=Column(Text, nullable=False))
    answer: str = Field(sa_column=Column(Text, nullable=False))
    status: str
    index_version: str
    given_answer_id: int = Field(unique=True)  # one verdict for an answer, the last one counts
    given_at: dt.datetime = Field(sa_column=moment(index=True))


# --- exactly once ---------------------------------------------------------------------------


class Chat(SQLModel, table=True):
    """A chat as a queue. Its row is locked while one of its turns is handled, so turns keep their order.

    `unreachable_at` is set when the channel says that nothing can be delivered any more (a blocked bot),
    and cleared by the next thing that comes from there.
    """

    id: str = Field(primary_key=True)
    unreachable_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))


class InboxTurn(SQLModel, table=True):
    """A turn that came in, stored before the channel is told so. `turn` is JSON of the Turn, sealed.

    Once handled, the row stays for a while so that a turn delivered again is known.
    """

    __tablename__ = "inbox_turn"
    __table_args__ = (
        Index(
            "ix_inbox_turn_waiting",
            "seq",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_inbox_turn_waiting_in_chat",
            "chat",
            "seq",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True)
    turn_id: str = Field(unique=True)
    chat: str = Field(sa_column=Column(ForeignKey("chat.id"), nullable=False, index=True))
    turn: str = Field(sa_column=sealed_message())
    received_at: dt.datetime = Field(sa_column=moment(index=True))
    done_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))


class OutboxReply(SQLModel, table=True):
    """A reply, stored in the transaction of its turn and kept until it has been delivered (and a while more).

    `reply` is JSON of the Reply, sealed; `edits` and `message` are the channel's ids of the message to
    replace and of the message that was made. Nobody else sends it before `due_at`.
    """

    __tablename__ = "outbox_reply"
    __table_args__ = (
        Index(
            "ix_outbox_reply_waiting",
            "chat",
            "seq",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
        Index(
            "ix_outbox_reply_waiting_in_channel",
            "channel",
            "seq",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
        Index("ix_outbox_reply_chat", "chat", "seq"),
        Index("ux_outbox_reply_turn", "turn_id", "position", unique=True),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True)
    turn_id: str
    position: int
    chat: str = Field(sa_column=Column(ForeignKey("chat.id"), nullable=False))
    channel: str
    reply: str = Field(sa_column=sealed_message())
    edits: str | None = None
    message: str | None = None
    created_at: dt.datetime = Field(sa_column=moment(index=True))
    due_at: dt.datetime = Field(sa_column=moment())
    delivered_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))
    attempts: int = 0
    failure: str | None = None


class StoredFile(SQLModel, table=True):
    """A photo or file that a chat sent or is sent, sealed."""

    __tablename__ = "stored_file"

    id: int | None = Field(default=None, primary_key=True)
    chat: str = Field(index=True)
    name: str
    media_type: str
    content: bytes = Field(sa_column=sealed_file())
    created_at: dt.datetime = Field(sa_column=moment(index=True))


# --- people ---------------------------------------------------------------------------------


class Person(SQLModel, table=True):
    """Somebody who was invited. `role` is one of db.access.Role, `area` a code of the register or ""."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    role: str
    area: str = ""
    active: bool = True
    created_at: dt.datetime = Field(sa_column=moment())


class Identity(SQLModel, table=True):
    """How a channel knows a person: `Turn.person`, such as "telegram:77"."""

    id: str = Field(primary_key=True)
    person_id: int = Field(sa_column=Column(ForeignKey("person.id"), nullable=False, index=True))
    linked_at: dt.datetime = Field(sa_column=moment())


class Code(SQLModel, table=True):
    """A secret that works once: an invitation, or a further channel of a person (`person_id`).

    Only a hash of it is stored.
    """

    hash: str = Field(primary_key=True)
    purpose: str
    role: str = ""
    area: str = ""
    name: str = ""
    person_id: int | None = Field(default=None, sa_column=Column(ForeignKey("person.id"), nullable=True))
    created_by: int | None = Field(default=None, sa_column=Column(ForeignKey("person.id"), nullable=True))
    created_at: dt.datetime = Field(sa_column=moment())
    expires_at: dt.datetime = Field(sa_column=moment())
    used_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))


class WebSession(SQLModel, table=True):
    """A browser that is signed in, or asks without a name (`person_id` None). Only a hash is stored."""

    __tablename__ = "web_session"

    hash: str = Field(primary_key=True)
    chat: str
    person_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("person.id"), nullable=True, index=True)
    )
    created_at: dt.datetime = Field(sa_column=moment())
    expires_at: dt.datetime = Field(sa_column=moment(index=True))
    revoked_at: dt.datetime | None = Field(default=None, sa_column=moment(optional=True))
