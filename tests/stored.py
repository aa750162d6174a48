"""All that a database holds, for tests of what it must not hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

import db.models
import db.models_cases  # noqa: F401  (the tables)
from db.crypto import key_id_of, unseal, unseal_bytes


def everything_stored(session: Session) -> str:
    """The values of all tables, opened where they are sealed."""
    rows = (
        row
        for table in SQLModel.metadata.sorted_tables
        for row in session.connection().execute(select(table))
    )
    return "\n".join(_opened(session, value) for row in rows for value in row)


def _opened(session: Session, value: Any) -> str:
    if isinstance(value, bytes):
        return (unseal_bytes(session, value) if key_id_of(value) else value).decode("utf-8", "replace")
    return unseal(session, value) if isinstance(value, str) and key_id_of(value) else str(value)
