"""What all tests share."""

from tests.databases import database, database_url, postgresql_server, postgresql_url

__all__ = ["database", "database_url", "postgresql_server", "postgresql_url"]
