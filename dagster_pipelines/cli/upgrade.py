"""`needloop upgrade`: upgrades the data folder to the installed version."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, first_line, settings_from
from dagster_pipelines.dagster_instance import DagsterStorageError
from needloop.contract.model import CONTRACT_VERSION, load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import WarehouseVersionError, bring_up_to_date


@click.command()
@data_option
def upgrade(data: Path | None) -> None:
    """Upgrade the warehouse's tables and Dagster's storage to the installed version, and report what was done.

    Runs upgrade the tables by themselves. Make a backup first: the only way back is `needloop restore`.
    """
    settings = settings_from(data=data)
    try:
        with run_lock(settings):
            click.echo(_upgrade_warehouse(settings))
            click.echo(_upgrade_dagster(settings))
    except (AnotherRunError, WarehouseVersionError, DagsterStorageError) as error:
        raise click.ClickException(str(error)) from None
    except (duckdb.Error, OSError) as error:
        raise click.ClickException(
            f"The data folder {settings.data} cannot be used: {first_line(error)}. The warehouse is unchanged. "
            "Run `needloop doctor` and fix what it reports."
        ) from None
    click.echo("Next: `needloop run` rebuilds changed models and publishes them.")


def _upgrade_warehouse(settings: Settings) -> str:
    if not settings.warehouse_file.exists():
        return "Warehouse: none yet; the first run creates it."
    with warehouse(settings) as connection:
        done = bring_up_to_date(connection, load_contract())
    if not done:
        return f"Warehouse: tables {done.after} and source contract {CONTRACT_VERSION}, nothing to do."
    tables = f", raw tables created or extended: {', '.join(done.raw_tables)}" if done.raw_tables else ""
    before = f"tables {done.before}" if done.before else "unversioned tables"
    steps = f"tables {done.after}" if done.before == done.after else f"{before} upgraded to {done.after}"
    return f"Warehouse: {steps}{tables}."


def _upgrade_dagster(settings: Settings) -> str:
    from dagster_pipelines.execution import upgrade_instance  # noqa: PLC0415 - the import takes seconds

    if not settings.dagster_home.exists() and settings.dagster_storage_uri is None:
        return "Dagster's storage: none yet; the first run creates it."
    upgrade_instance(settings)
    return "Dagster's storage: up to date."
