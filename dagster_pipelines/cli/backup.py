"""`needloop backup`: a consistent copy of everything that cannot be rebuilt."""

from __future__ import annotations

from pathlib import Path

import click

from dagster_pipelines.backup.make import make_backup
from dagster_pipelines.cli.backup_errors import report_errors
from dagster_pipelines.cli.options import data_option, settings_from


@click.command()
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to."
)
@click.option(
    "--with-secrets/--without-secrets",
    default=True,
    show_default=True,
    help="Include the secrets for customer keys and erasures.",
)
@click.option("--yes", is_flag=True, help="Replace an existing backup.")
@data_option
def backup(target: Path, with_secrets: bool, yes: bool, data: Path | None) -> None:
    """Copy the warehouse with its closed quarters, the current release and the secrets, with checksums.

    The backup holds personal data, like the warehouse: protect it equally well.
    """
    settings = settings_from(data=data)
    with report_errors(settings, "No backup was made"):
        made = make_backup(settings, target, with_secrets=with_secrets, overwrite=yes)
    click.echo(
        f"Backed up {len(made.files)} files with {made.size / 2**20:,.1f} MiB to {target}, verified: warehouse, "
        + (f"release {made.release_id}" if made.release_id else "no release yet")
        + (", secrets." if with_secrets else "; without secrets: keep your own copy of them.")
    )
