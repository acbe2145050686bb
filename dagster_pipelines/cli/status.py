"""`needloop status`: what is published, from when, by which run, with which checks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from dagster_pipelines.cli.options import data_option, published_file, settings_from
from dagster_pipelines.publishing.release import Release, read_release
from dagster_pipelines.settings import Settings


@click.command()
@data_option
def status(data: Path | None) -> None:
    """Shows the published release, its age, its checks and what other releases are kept."""
    settings = settings_from(data=data)
    file = published_file(settings)
    release = read_release(settings)
    if release is None:
        raise click.ClickException(f"The release at {file} has no note beside it. Run `needloop run --full-refresh`.")
    for name, value in _lines(release, settings):
        click.echo(f"{name:<12}{value}")
    _failed_checks(file)


def _lines(release: Release, settings: Settings) -> list[tuple[str, str]]:
    age = datetime.now(UTC) - release.created_at
    kept = sorted(folder.name for folder in settings.releases.iterdir() if folder.name != release.release_id)
    return [
        ("release", release.release_id),
        ("as of", str(release.as_of)),
        ("published", f"{release.created_at:%Y-%m-%d %H:%M} UTC, {age.days} days {age.seconds // 3600} hours ago"),
        ("run", release.run_id),
        ("product", f"{release.product_version}, source contract {release.contract_version}"),
        ("tables", f"{len(release.tables)} with {sum(release.tables.values()):,} rows"),
        ("checks", f"{release.checks_passed} passed, {release.checks_failed} failed"),
        ("file", str(settings.published_file)),
        ("kept", ", ".join(kept) if kept else "no earlier release"),
    ]


def _failed_checks(file: Path) -> None:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            "select severity, table_name, check_name, message_en, remedy_en, owner from marts.mart_quality_checks "
            "where not passed order by severity, table_name, check_name"
        ).fetchall()
    for severity, table, check, message, remedy, owner in rows:
        click.echo(f"\n{severity}: {table} {check} (owner {owner})\n  {message}\n  {remedy}")
