"""`needloop export`: lists for action, a file for each relationship manager, from the published release."""

from __future__ import annotations

import getpass
import platform
import sqlite3
from pathlib import Path

import click

from dagster_pipelines.audit.record import EXPORT, AuditRecord
from dagster_pipelines.cli.options import data_option, published_file, settings_from


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
    try:
        written = export_list(
            published_file(settings),
            name,
            branch=branch,
            file_formats=listed_formats(formats),
            out=out or settings.exports,
        )
    except (ActionListError, OSError) as error:
        raise click.ClickException(str(error)) from None
    what = f"list {name}, branch {branch or 'all'}, {formats}: {written.rows} rows in {written.folder}"
    try:
        AuditRecord(settings.audit, settings.keep_audit_days).add(_operator(), EXPORT, what, platform.node())
    except (OSError, sqlite3.Error) as error:
        click.echo(
            f"This export is not in the audit record, which cannot be written ({error}): mend the permissions of"
            f" {settings.audit}",
            err=True,
        )
    click.echo(f"{written.rows} rows for {written.managers} relationship managers in {written.folder}")


def _operator() -> str:
    """The user of the system who gave the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user that the system has no name for, as in some containers
        return "(unnamed)"
