"""The version of the warehouse's own tables, and bringing a warehouse up to that of this program.

The pipeline writes the tables of the schemas raw, landing, pipeline, closing and some of quality itself; everything
else is built by dbt. Raw tables follow the source contract (raw_tables), the others the steps in migrations/versions.
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
    """The warehouse cannot be used by this program as it is; nothing was changed; the text says what to do."""


@dataclass(frozen=True)
class Upgrade:
    """What was done to a warehouse."""

    before: str | None
    """The version it had; None when it had none."""
    after: str
    raw_tables: tuple[str, ...]
    """Raw tables that were made or got columns."""

    def __bool__(self) -> bool:
        return self.before != self.after or bool(self.raw_tables)


def newest_version(migrations: Path = MIGRATIONS) -> str:
    """The version that this program works with: the last step's, as v001."""
    return max(file.stem for file in (migrations / "versions").glob("v[0-9]*.py")).split("_")[0]


def version_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The version of the warehouse's tables; None for an empty warehouse and one from before there were versions."""
    there = "select 1 from duckdb_tables() where schema_name = ? and table_name = ?"
    if not connection.execute(there, [VERSION_SCHEMA, VERSION_TABLE]).fetchall():
        return None
    row = connection.execute(f"select version_num from {VERSION_SCHEMA}.{VERSION_TABLE}").fetchone()
    return str(row[0]) if row else None


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, contract: Contract, migrations: Path = MIGRATIONS
) -> Upgrade:
    """Makes the tables of an empty warehouse, and gives an older one what it lacks. Call it outside a transaction.

    Raises WarehouseVersionError when the warehouse is of a newer version or does not fit the contract.
    """
    before, newest = version_of(connection), newest_version(migrations)
    if before is not None and before > newest:
        raise WarehouseVersionError(
            f"The warehouse was written by a newer version of Needloop (tables {before}, this one knows them up to "
            f"{newest}). Nothing was changed. Install the newer version again, or go back to the backup from before "
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
    # Half a second of imports, only where there is something to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from duckdb_engine import ConnectionWrapper  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    connection.execute(f"create schema if not exists {VERSION_SCHEMA}")
    # A second connection to the same database: the file is open once in a process.
    engine = create_engine("duckdb://", creator=lambda: ConnectionWrapper(connection.cursor()), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    with engine.connect() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "head")
    engine.dispose()
