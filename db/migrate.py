"""Bring the tables of a database to what this version needs. The steps lie in db/migrations/versions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

VERSION_TABLE = "alembic_version"
BEFORE_MIGRATIONS = "0001"  # the tables of databases made before there were migrations


def upgrade(engine: Engine, to: str = "head") -> None:
    """Take every step that is missing, all or none; a second process waits for the first."""
    with engine.begin() as connection:
        upgrade_within(connection, to)


def upgrade_within(connection: Connection, to: str = "head") -> None:
    """`upgrade` as a part of a transaction."""
    config = _config(connection)
    if _was_made_before_migrations(connection):
        command.stamp(config, BEFORE_MIGRATIONS)
    command.upgrade(config, to)


def is_current(engine: Engine) -> bool:
    """Whether no step is missing."""
    return current(engine) == newest()


def current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return version(connection)


def version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def knows(revision: str) -> bool:
    """Whether it is one of this program's, so not one of a newer program."""
    return revision in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _was_made_before_migrations(connection: Connection) -> bool:
    tables = set(inspect(connection).get_table_names())
    return "conversation" in tables and VERSION_TABLE not in tables


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
