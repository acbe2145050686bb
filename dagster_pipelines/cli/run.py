"""`needloop run`: the pipeline as one Dagster job in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
import duckdb

from dagster_pipelines.alerts.notify import AlertsOutcome, notify_failure, notify_run, notify_up_to_date
from dagster_pipelines.cli.exit_codes import EXIT_ERROR, EXIT_GATE_CLOSED
from dagster_pipelines.cli.options import Day, data_option, first_line, settings_from
from dagster_pipelines.dagster_instance import DagsterStorageError
from dagster_pipelines.faults import what_to_do
from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.progress import Progress
from dagster_pipelines.reports import make_reports, report_is_missing
from dagster_pipelines.transformation.pending import is_up_to_date
from dagster_pipelines.transformation.project import TransformationError
from needloop.kept_secret import DamagedSecretError
from needloop.release.publishing import current_release_id
from needloop.settings import Settings
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import WarehouseVersionError

_SPOKEN = (
    AnotherRunError,
    DagsterStorageError,
    DamagedSecretError,
    LandingError,
    TransformationError,
    WarehouseVersionError,
)
"""Errors whose text already says what is wrong and what to do."""


@click.command()
@click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    help="The landing zone.  [default: NEEDLOOP_LANDING or DATA/landing]",
)
@data_option
@click.option("--as-of", type=Day(), help="The warehouse's today.  [default: the latest day in the data]")
@click.option("--full-refresh", is_flag=True, help="Build everything anew, not only what is affected by new rows.")
def run(landing: Path | None, data: Path | None, as_of: date | None, full_refresh: bool) -> None:
    """Takes what is new, checks it, builds the marts, publishes a release, renders the report.

    Exit code 0: published, or nothing was new. 2: a gate closed, nothing was published. 1: an error.
    """
    settings = settings_from(landing=landing, data=data, as_of=as_of)
    progress = Progress(enabled=True)
    before = current_release_id(settings)
    try:
        with _notify_failures(settings, progress), run_lock(settings):
            sys.exit(_run(settings, progress, full_refresh=full_refresh))
    except _SPOKEN as error:
        raise click.ClickException(str(error)) from None
    except Exception as error:  # noqa: BLE001 - the door of the program: nobody is shown a traceback
        raise click.ClickException(_sentence(error, settings, before)) from None


def _sentence(error: Exception, settings: Settings, before: str | None) -> str:
    """What went wrong, what readers see, what to do: whatever library met the fault first."""
    said = first_line(error)
    after = current_release_id(settings)
    state = (
        "Nothing was published; the last release is as it was"
        if after == before
        else f"The release {after} was published before that"
    )
    remedy = what_to_do(str(error), settings) or (
        f"The warehouse {settings.warehouse_file} cannot be used: close other programs that have it open, or restore it"
        if isinstance(error, duckdb.Error)
        else f"Run `needloop doctor`, mend what it names in {settings.data}, then run again"
    )
    return f"{remedy}. {state}. ({type(error).__name__}: {said})"


@contextmanager
def _notify_failures(settings: Settings, progress: Progress) -> Iterator[None]:
    """An error before or around the pipeline is an incident too; a second run that meets the lock is none."""
    try:
        yield
    except AnotherRunError:
        raise
    except Exception as error:
        _say(progress, notify_failure(settings, str(error)))
        raise


def _say(progress: Progress, told: AlertsOutcome) -> None:
    if str(told):
        progress.line(str(told))
    if told.trouble:
        progress.warn(told.trouble)


def _run(settings: Settings, progress: Progress, *, full_refresh: bool) -> int:
    if not settings.landing_zone.is_dir():
        raise LandingError(
            f"The landing zone {settings.landing_zone} does not exist. "
            "Name it with --landing, or make a sample one with `needloop sample --out DIR`."
        )
    # Most runs of a day find nothing: they should not have to load Dagster and dbt to say so.
    if not full_refresh and is_up_to_date(settings):
        progress.line("Nothing is new; the published release is up to date.")
        if report_is_missing(settings):
            make_reports(settings, progress)
        _say(progress, notify_up_to_date(settings))
        return 0
    from dagster_pipelines.execution import execute_pipeline  # noqa: PLC0415 - seconds of import

    outcome = execute_pipeline(settings, progress, full_refresh=full_refresh)
    _say(progress, notify_run(settings, outcome.end))
    for sentence in outcome.closed_gate:
        progress.warn(sentence)
    if outcome.closed_gate:
        progress.line("The gate is closed: nothing was published, the last good release stays up.")
        return EXIT_GATE_CLOSED
    if outcome.error is not None:
        click.echo(f"Error: {outcome.error}", err=True)
        return EXIT_ERROR
    if outcome.end.release_id is not None:
        progress.line(f"Published release {outcome.end.release_id}: {settings.published_file}")
        progress.line(f"Reports: {settings.reports}")
        progress.line(f"Data docs of the checks: {settings.quality}")
    return 0
