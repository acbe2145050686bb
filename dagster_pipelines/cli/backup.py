"""`needloop backup`: a consistent copy of what cannot be made again."""

from __future__ import annotations

from pathlib import Path

import click

from dagster_pipelines.backup.make import make_backup
from dagster_pipelines.cli.backup_errors import told_as_sentences
from dagster_pipelines.cli.options import data_option, settings_from


@click.command()
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to."
)
@click.option(
    "--with-secrets/--without-secrets",
    default=True,
    show_default=True,
    help="Whether the secrets of customers' keys and of erasures are copied too.",
)
@click.option("--yes", is_flag=True, help="Replace a backup that is there already.")
@data_option
def backup(target: Path, with_secrets: bool, yes: bool, data: Path | None) -> None:
    """Copies the warehouse with its closed quarters, the current release and the secrets, with checksums.

    The backup holds personal data, as the warehouse does: keep it as safe as that.
    """
    settings = settings_from(data=data)
    with told_as_sentences(settings, "No backup was made"):
        made = make_backup(settings, target, with_secrets=with_secrets, overwrite=yes)
    click.echo(
        f"Backed up {len(made.files)} files with {made.size / 2**20:,.1f} MiB to {target}, checked: warehouse, "
        + (f"release {made.release_id}" if made.release_id else "no release yet")
        + (", secrets." if with_secrets else "; without secrets, which you keep elsewhere.")
    )
