"""`needloop close`: archives a quarter's published numbers, so that later changes show as restatements."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, first_line, settings_from
from dagster_pipelines.closing.close import close_quarter
from dagster_pipelines.closing.errors import ClosingError
from needloop.release.publishing import DamagedReleaseError
from needloop.warehouse.run_lock import AnotherRunError
from needloop.warehouse.schema import WarehouseVersionError


@click.command()
@click.option("--quarter", required=True, help="The quarter, as 2026Q2. The published release must cover all of it.")
@data_option
def close(quarter: str, data: Path | None) -> None:
    """Close a quarter: archive its numbers with their release and definitions.

    Later runs show any changes as restatements with their causes. Nothing changes silently.
    """
    settings = settings_from(data=data)
    try:
        closed = close_quarter(settings, quarter)
    except (ClosingError, AnotherRunError, DamagedReleaseError, WarehouseVersionError) as error:
        raise click.ClickException(str(error)) from None
    except duckdb.Error as error:
        raise click.ClickException(
            f"The warehouse {settings.warehouse_file} or the published release cannot be used: "
            f"{first_line(error)}. Nothing was closed. Run `needloop doctor` and fix what it reports."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"{error}. Nothing was closed. Check disk space and the permissions of {settings.data}."
        ) from None
    click.echo(
        f"Closed {closed.quarter} with release {closed.release_id}: {closed.numbers:,} numbers archived, "
        f"and {len(closed.tables)} published tables as they are."
    )
    click.echo("The next `needloop run` publishes the quarter as closed.")
