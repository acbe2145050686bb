"""The version of the pipeline's own tables, and how to upgrade a warehouse to this program's version.

The pipeline itself writes the schemas raw, landing, pipeline, closing and part of quality; dbt builds everything else.
Raw tables follow the source contract (raw_tables), the others the migrations in migrations/versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from needloop.contract.model import Contract
from needloop.warehouse.raw_tables import RawTablesError, follow_contract

VERSION_SCHEMA = "pipeline"
VERSION_TABLE = "schema_version"
MIGRATIONS = Path(__file__).parent / "migrations"


class WarehouseVersionError(Exception):
    """This program cannot use the warehouse as it is. Nothing was changed; the message says what to do."""


@dataclass(frozen=True)
class Upgrade:
    """The changes to a warehouse."""

    before: str | None
    """The previous version; None if it had none."""
    after: str
    raw_tables: tuple[str, ...]
    """Raw tables that were created or extended."""

    def __bool__(self) -> bool:
        return self.before != self.after or bool(self.raw_tables)


def newest_version(migrations: Path = MIGRATIONS) -> str:
    """The version that this program needs: that of the last migration, such as v001."""
    return max(file.stem for file in (migrations / "versions").glob("v[0-9]*.py")).split("_")[0]


def version_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The version of the warehouse's tables; None if the warehouse is empty or predates versions."""
    there = "select 1 from duckdb_tables() where schema_name = ? and table_name = ?"
    if not connection.execute(there, [VERSION_SCHEMA, VERSION_TABLE]).fetchall():
        return None
    row = connection.execute(f"select version_num from {VERSION_SCHEMA}.{VERSION_TABLE}").fetchone()
    return str(row[0]) if row else None


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, contract: Contract, migrations: Path = MIGRATIONS
) -> Upgrade:
    """Create the tables of an empty warehouse, or upgrade an older one. Call it outside a transaction.

    Raises WarehouseVersionError when the warehouse has a newer version or does not match the contract.
    """
    before, newest = version_of(connection), newest_version(migrations)
    if before is not None and before > newest:
        raise WarehouseVersionError(
            f"The warehouse was written by a newer version of Needloop (tables {before}, this version supports up to "
            f"{newest}). Nothing was changed. Reinstall the newer version, or restore the backup from before "
            "the upgrade with `needloop restore --from BACKUP --yes`."
        )
    if before != newest:
        _migrate(connection, migrations)
    try:
        changed = follow_contract(connection, contract)
    except RawTablesError as error:
        raise WarehouseVersionError(str(error)) from None
    return Upgrade(before, newest, changed)


def _migrate(connection: duckdb.DuckDBPyConnection, migrations: Path) -> None:
    # Half a second of imports, only when there is something to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from duckdb_engine import ConnectionWrapper  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    connection.execute(f"create schema if not exists {VERSION_SCHEMA}")
    # A second connection to the same database: a process opens the file only once.
    engine = create_engine("duckdb://", creator=lambda: ConnectionWrapper(connection.cursor()), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    with engine.connect() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "head")
    engine.dispose()
