"""`needloop export`: action lists from the published release, one file per relationship manager."""

from __future__ import annotations

import platform
import sqlite3
from pathlib import Path

import click

from dagster_pipelines.cli.options import data_option, published_file, settings_from
from needloop.audit.record import EXPORT, AuditRecord
from needloop.audit.system_user import system_user


@click.command()
@click.option(
    "--list",
    "name",
    type=click.Choice(["warnings", "gaps", "reminders", "winback"]),
    required=True,
    help="Open warnings, actionable coverage gaps, due steps, or customers to win back.",
)
@click.option("--branch", help="Only this branch's customers, by its id.")
@click.option("--format", "formats", default="csv", show_default=True, help="csv, xlsx or both, comma-separated.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder.  [default: DATA/exports]")
@data_option
def export(name: str, branch: str | None, formats: str, out: Path | None, data: Path | None) -> None:
    """Write an action list: customer keys, reason and suggested touchpoint, without personal data.

    For marketing touchpoints, only customers who consented to marketing are listed.
    """
    from dashboards.action_lists.errors import ActionListError  # noqa: PLC0415 - import libraries only when used
    from dashboards.action_lists.export import export_list, listed_formats  # noqa: PLC0415

    settings = settings_from(data=data)
    published, record = published_file(settings), AuditRecord(settings.audit, settings.keep_audit_days)
    try:
        record.prove_writable()
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(
            f"Nothing was exported: the export cannot be recorded in {settings.audit} ({error}). Run the "
            f"command as the owner of {settings.data}; `needloop doctor` says what to fix"
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
        record.add(system_user(), EXPORT, what, platform.node())
    except (OSError, sqlite3.Error) as error:  # it was writable a moment ago
        raise click.ClickException(
            f"{written.folder} was written, but the export could not be recorded in {settings.audit} ({error}): remove "
            "the folder, fix what `needloop doctor` reports, and export again"
        ) from None
    click.echo(f"{written.rows} rows for {written.managers} relationship managers in {written.folder}")
