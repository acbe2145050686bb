"""`needloop restore`: restores a backup."""

from __future__ import annotations

from pathlib import Path

import click

from dagster_pipelines.backup.restore import restore_backup
from dagster_pipelines.cli.backup_errors import report_errors
from dagster_pipelines.cli.options import data_option, settings_from


@click.command()
@click.option(
    "--from", "backup", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the backup."
)
@click.option("--yes", is_flag=True, help="Replace the existing warehouse.")
@data_option
def restore(backup: Path, yes: bool, data: Path | None) -> None:
    """Restore the warehouse, release and secrets of a backup, after verifying each of its files."""
    settings = settings_from(data=data)
    with report_errors(settings, "Nothing was restored"):
        restored = restore_backup(settings, backup, overwrite=yes)
    release = f"release {restored.release_id}" if restored.release_id else "no release"
    click.echo(
        f"Restored {len(restored.files)} files with {restored.size / 2**20:,.1f} MiB to {settings.data}, as of "
        f"{restored.made_at:%Y-%m-%d %H:%M} UTC: warehouse, {release}."
    )
    if not restored.with_secrets:
        click.echo(f"The backup has no secrets: copy yours to {settings.customer_key_file.parent} before the next run.")
    click.echo("Next: `needloop run` loads files delivered since the backup.")
