"""`needloop audit`: who signed in to the dashboards, who exported data, and from where."""

from __future__ import annotations

import csv
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from dagster_pipelines.cli.options import data_option, settings_from
from needloop.audit.record import ACTIONS, AuditRecord

_HEADINGS = ("at (UTC)", "who", "action", "what", "from")


@click.command()
@click.option("--who", help="Only this person, by login name.")
@click.option("--action", type=click.Choice(ACTIONS), help="Only entries of this kind.")
@click.option("--days", type=click.IntRange(1), help="Only the last N days.")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, help="Maximum number of entries.")
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@data_option
def audit(  # noqa: PLR0917 - click passes them by name
    who: str | None, action: str | None, days: int | None, most: int, form: str, data: Path | None
) -> None:
    """List logins, failed logins, logouts and exports, newest first.

    Entries are kept for NEEDLOOP_KEEP_AUDIT_DAYS.
    """
    settings = settings_from(data=data)
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    try:
        found = AuditRecord(settings.audit, settings.keep_audit_days).entries(
            since=since, who=who, action=action, most=most
        )
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(
            f"{settings.audit} cannot be read ({error}): fix its permissions, or move it away to start a new one"
        ) from None
    lines = [(one.at.strftime("%Y-%m-%d %H:%M:%S"), one.who, one.action, one.what, one.where_from) for one in found]
    if form == "csv":
        from dashboards.report.formula_text import csv_cell  # noqa: PLC0415 - only where it is used

        csv.writer(sys.stdout).writerows([_HEADINGS, *([csv_cell(text) for text in line] for line in lines)])
    elif not lines:
        click.echo("No entries.")
    else:
        for line in lines:
            click.echo("  ".join(line))
