"""`needloop status`: what is published, since when, by which run and with which checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb

from dagster_pipelines.alerts.configuration import AlertsConfigurationError, load_configuration
from dagster_pipelines.alerts.sources.installation import installation_findings
from dagster_pipelines.cli.options import data_option, published_file, published_release, settings_from
from needloop.release.publishing import DamagedReleaseError, Release, read_release
from needloop.settings import Settings
from needloop.warehouse.run_lock import at_work

CAUSES_SHOWN = 10


@click.command()
@data_option
@click.option(
    "--check",
    is_flag=True,
    help="For monitoring: print one line with the health of the installation, and exit with 1 if it is unhealthy; "
    "print another line if a run is active.",
)
def status(data: Path | None, check: bool) -> None:
    """Show the published release with its age and checks, closed quarters, and the other releases kept."""
    settings = settings_from(data=data)
    if check:
        try:
            _check(settings)
        finally:
            _print_active_run(settings)
        return
    file = published_file(settings)
    try:
        release = read_release(settings)
    except DamagedReleaseError as error:
        raise click.ClickException(str(error)) from None
    if release is None:
        raise click.ClickException(f"The release at {file} has no release.json. Run `needloop run --full-refresh`.")
    for name, value in _lines(release, settings):
        click.echo(f"{name:<12}{value}")
    with published_release(settings) as connection:
        for name, value in _closed_quarters(connection):
            click.echo(f"{name:<12}{value}")
        _failed_checks(connection)


def _check(settings: Settings) -> None:
    """The installation checks that alerts use as well, with the limits of alerts.yml: age, disk, a killed run."""
    published_file(settings)
    try:
        release = read_release(settings)
        limits = load_configuration(settings).limits
        found = installation_findings(settings, limits, {}, datetime.now(UTC)).problems
    except (DamagedReleaseError, AlertsConfigurationError) as error:
        raise click.ClickException(str(error)) from None
    if release is None:
        raise click.ClickException("The published release has no release.json. Run `needloop run --full-refresh`.")
    if found:
        raise click.ClickException("\n".join(f"{problem.what.en} {problem.remedy.en}" for problem in found))
    click.echo(f"ok: {release.release_id}, data as of {release.as_of}")


def _print_active_run(settings: Settings) -> None:
    """Not a fault, but an upgrade or another writing command has to wait for it."""
    holder = at_work(settings)
    if holder is not None:
        click.echo(f"A run, or another writing command, is active ({holder}).")


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
        ("checks", _checks(release)),
        ("file", str(settings.published_file)),
        ("kept", ", ".join(kept) if kept else "no earlier release"),
    ]


def _checks(release: Release) -> str:
    if not release.is_checked:
        return "unchecked: no check has covered this release. Run `needloop run` to replace it."
    return f"{release.checks_passed} passed, {release.checks_failed} failed"


def _closed_quarters(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """The closed quarters in the release, and what has changed in them."""
    quarters = connection.execute(
        "select quarter, closed_at, release_id, restated_numbers, restated_metrics from marts.mart_closed_quarters "
        "order by quarter"
    ).fetchall()
    for quarter, closed_at, release_id, numbers, metrics in quarters:
        changed = f"{numbers:,} numbers of {metrics} metrics restated" if numbers else "nothing restated"
        yield "closed", f"{quarter} at {closed_at:%Y-%m-%d %H:%M} UTC with {release_id}, {changed}"
    causes = connection.execute(
        "select quarter, kind_label_en, cause_name, row_key, file, line from marts.mart_restatement_causes "
        "order by quarter, cause_number limit ?",
        [CAUSES_SHOWN + 1],
    ).fetchall()
    for quarter, kind, name, key, file, line in causes[:CAUSES_SHOWN]:
        row = f" {key or ''} ({file}:{line})" if file else ""
        yield "cause", f"{quarter} {kind}: {name}{row}"
    if len(causes) > CAUSES_SHOWN:
        yield "cause", "more in marts.mart_restatement_causes"


def _failed_checks(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "select severity, table_name, check_name, message_en, remedy_en, owner from marts.mart_quality_checks "
        "where not passed order by severity, table_name, check_name"
    ).fetchall()
    for severity, table, check, message, remedy, owner in rows:
        click.echo(f"\n{severity}: {table} {check} (owner {owner})\n  {message}\n  {remedy}")
