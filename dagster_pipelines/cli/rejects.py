"""`needloop rejects`: what was refused, where and why; and the refused rows themselves, to be mended."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, settings_from


@click.command()
@click.option("--file", "file", help="Only this file, by its path in the landing zone.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the refused rows to this folder as CSV, ready to be mended and delivered again.",
)
@data_option
def rejects(file: str | None, out: Path | None, data: Path | None) -> None:
    """Shows refused files and rows with line, column, reason and what to do."""
    from dagster_pipelines.landing.rejects import list_rejects, write_refused_rows  # noqa: PLC0415 - see sample

    settings = settings_from(data=data)
    if not settings.warehouse_file.exists():
        raise click.ClickException(f"Nothing was loaded in {settings.data} yet. Run `needloop run` first.")
    try:
        with duckdb.connect(str(settings.warehouse_file), read_only=True) as connection:
            if out is not None:
                for written in write_refused_rows(connection, out, file):
                    click.echo(str(written))
                return
            found = list_rejects(connection, file)
    except duckdb.IOException:
        raise click.ClickException("A run is working on the warehouse. Ask again when it has ended.") from None
    for reject in found:
        click.echo(reject)
    if not found:
        click.echo("No file and no row was refused.")
