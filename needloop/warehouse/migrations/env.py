"""Alembic's entry point: runs all pending migrations in one transaction, on the given connection."""

from __future__ import annotations

from alembic import context
from alembic.ddl.impl import DefaultImpl

from needloop.warehouse.schema import VERSION_SCHEMA, VERSION_TABLE


class DuckDBImpl(DefaultImpl):
    """DuckDB rolls back created and altered tables with the transaction, so migrations are all or nothing."""

    __dialect__ = "duckdb"
    transactional_ddl = True


context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()
