"""What Alembic runs for an upgrade; the connection comes from db.migrate."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from db.columns import UtcDateTime
from db.models_cases import Case


def _plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """How types of our own are written into a new step: a step must outlive them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


# One transaction for all steps: what fails leaves the database as it was, on SQLite too.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Case.metadata,
    transactional_ddl=True,
    render_as_batch=True,
    render_item=_plain,
)
with context.begin_transaction():
    context.run_migrations()
