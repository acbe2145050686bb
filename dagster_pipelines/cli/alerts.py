"""`needloop alerts`: list open incidents, test the routes, and check the installation between runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from dagster_pipelines.alerts.configuration import AlertsConfiguration, AlertsConfigurationError, load_configuration
from dagster_pipelines.alerts.incident import Incident
from dagster_pipelines.alerts.notify import check_installation
from dagster_pipelines.alerts.record import incident_record
from dagster_pipelines.alerts.wording import Writing
from dagster_pipelines.cli.options import data_option, settings_from
from needloop.settings import Settings

_WITHOUT_TARGETS = (
    "No target is configured, so nobody is notified. Copy dagster_pipelines/alerts/alerts.yml, fill in targets and "
    "routes, and set NEEDLOOP_ALERTS to your copy; see docs/alerts.md."
)


@click.group()
def alerts() -> None:
    """Incidents and notifications."""


@alerts.command("list")
@click.option("--days", type=click.IntRange(0), default=0, help="Also show incidents resolved in the last N days.")
@data_option
def list_incidents(days: int, data: Path | None) -> None:
    """List open incidents with their start, owner and remedy, and undelivered messages."""
    settings = settings_from(data=data)
    writing = Writing.of(settings, "en", _configuration(settings).data_docs)
    now = datetime.now(UTC)
    if not settings.alerts_folder.exists():
        click.echo("No incidents: none has been recorded here yet.")
        return
    with incident_record(settings) as record:
        if not record.lasting:
            raise click.ClickException(
                f"The incident log in {settings.alerts_folder} cannot be used. Check the folder's permissions and disk."
            )
        opened = list(record.open_incidents().values())
        resolved = record.resolved_incidents(now - timedelta(days=days)) if days else []
        undelivered = [one for one in record.attempts(now - timedelta(days=max(days, 1))) if not one.delivered]
    for incident in opened:
        _print_lines(_open_lines(incident, writing, now))
    for incident in resolved:
        _print_lines(_resolved_lines(incident, writing))
    if not opened:
        click.echo("No open incidents.")
    for attempt in undelivered:
        click.echo(f"not delivered {writing.moment(attempt.at)} to {attempt.target}: {attempt.subject}")
        click.echo(f"  {attempt.error}")


@alerts.command()
@data_option
def test(data: Path | None) -> None:
    """Send a test message to each target of each route and print the results. Exit code 1 if any failed."""
    settings = settings_from(data=data)
    configuration = _configuration(settings)
    if not configuration.targets:
        raise click.ClickException(_WITHOUT_TARGETS)
    failed = False
    for route, target in _routes(configuration):
        error = _test(settings, configuration, route, target)
        failed = failed or error is not None
        click.echo(f"{'sent  ' if error is None else 'FAILED'}  {route} -> {target}" + (f": {error}" if error else ""))
    if failed:
        sys.exit(1)


@alerts.command()
@data_option
def check(data: Path | None) -> None:
    """Check disk, release, deliveries and open incidents, and send due messages. For cron where no daemon runs."""
    settings = settings_from(data=data)
    _configuration(settings)
    told = check_installation(settings)
    if told.trouble:
        raise click.ClickException(told.trouble)
    click.echo(str(told) or "Alerts: nothing new.")


def _configuration(settings: Settings) -> AlertsConfiguration:
    try:
        return load_configuration(settings)
    except AlertsConfigurationError as error:
        raise click.ClickException(str(error)) from None


def _routes(configuration: AlertsConfiguration) -> Iterator[tuple[str, str]]:
    """(route, target) for all routes, then for targets without a route."""
    named: set[str] = set()
    for route in configuration.routes:
        for target in route.targets:
            named.add(target)
            yield route.name, target
    for digest_route in configuration.digest.routes:
        for target in digest_route.targets:
            named.add(target)
            yield f"digest of {', '.join(digest_route.department or ('all departments',))}", target
    for target in configuration.targets:
        if target not in named:
            yield "no route", target


def _test(settings: Settings, configuration: AlertsConfiguration, route: str, name: str) -> str | None:
    from dagster_pipelines.alerts.targets.target import (  # noqa: PLC0415 - see dispatch
        Message,
        OpenTarget,
        TargetError,
    )

    words = Writing.of(settings, configuration.language_of(name), None).words
    message = Message(words["subject"]["test"].format(route=route), words["test"].format(target=name), "news")
    try:
        target = OpenTarget(name, configuration.targets[name], settings.secret)
    except TargetError as error:
        return str(error)
    return target.send(message, configuration.delivery)


def _open_lines(incident: Incident, writing: Writing, now: datetime) -> Iterator[str]:
    age = writing.duration(now - incident.opened_at)
    yield f"{incident.severity}  {incident.where}: {incident.title.en}"
    yield f"  since {writing.moment(incident.opened_at)}, for {age}; owner {incident.owner}"
    yield f"  {incident.what.en}"
    yield f"  Remedy: {incident.remedy.en}"
    if incident.details is not None:
        yield f"  Details: {writing.link(incident.details)}"
    if incident.keys is not None:
        yield f"  Keys of the failing rows: {writing.link(incident.keys)}"


def _resolved_lines(incident: Incident, writing: Writing) -> Iterator[str]:
    ended = incident.resolved_at or incident.last_seen_at
    yield f"resolved  {incident.where}: {incident.title.en}"
    yield (
        f"  {writing.moment(incident.opened_at)} to {writing.moment(ended)}, "
        f"{writing.duration(ended - incident.opened_at)}; owner {incident.owner}"
    )


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)
    click.echo()
