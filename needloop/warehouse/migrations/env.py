"""What Alembic runs for every migration: all missing steps in one transaction, on the connection it is given."""

from __future__ import annotations

from alembic import context
from alembic.ddl.impl import DefaultImpl

from needloop.warehouse.schema import VERSION_SCHEMA, VERSION_TABLE


class DuckDBImpl(DefaultImpl):
    """DuckDB takes back created and altered tables with the transaction, so a migration is done as a whole or not."""

    __dialect__ = "duckdb"
    transactional_ddl = True


context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()
