"""`needloop export`: lists for action, a file for each relationship manager, from the published release."""

from __future__ import annotations

import platform
import sqlite3
from pathlib import Path

import click

from dagster_pipelines.cli.options import data_option, published_file, settings_from
from needloop.audit.record import EXPORT, AuditRecord
from needloop.audit.user_of_system import user_of_system


@click.command()
@click.option(
    "--list",
    "name",
    type=click.Choice(["warnings", "gaps", "reminders", "winback"]),
    required=True,
    help="Open warnings, actionable gaps in cover, steps due, customers to win back.",
)
@click.option("--branch", help="Only this branch's customers, by its id.")
@click.option("--format", "formats", default="csv", show_default=True, help="csv, xlsx or both, separated by a comma.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: DATA/exports]")
@data_option
def export(name: str, branch: str | None, formats: str, out: Path | None, data: Path | None) -> None:
    """Writes a list for action: customer keys, reason, suggested touchpoint, nothing personal.

    Where the touchpoint is marketing, only customers who agreed to be approached are listed.
    """
    from dashboards.action_lists.errors import ActionListError  # noqa: PLC0415 - libraries only where they are used
    from dashboards.action_lists.export import export_list, listed_formats  # noqa: PLC0415

    settings = settings_from(data=data)
    published, record = published_file(settings), AuditRecord(settings.audit, settings.keep_audit_days)
    try:
        record.prove_writable()
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(
            f"Nothing was exported: the export could not be put on record in {settings.audit} ({error}). Give the "
            f"command as the user who owns {settings.data}; `needloop doctor` says what is to be mended"
        ) from None
    try:
        written = export_list(
            published,
            name,
            branch=branch,
            file_formats=listed_formats(formats),
            out=out or settings.exports,
        )
    except (ActionListError, OSError) as error:
        raise click.ClickException(str(error)) from None
    what = f"list {name}, branch {branch or 'all'}, {formats}: {written.rows} rows in {written.folder}"
    try:
        record.add(user_of_system(), EXPORT, what, platform.node())
    except (OSError, sqlite3.Error) as error:  # it could be written a moment ago
        raise click.ClickException(
            f"{written.folder} is written, but this export is not on record in {settings.audit} ({error}): remove the "
            "folder, mend what `needloop doctor` names, and export again"
        ) from None
    click.echo(f"{written.rows} rows for {written.managers} relationship managers in {written.folder}")
