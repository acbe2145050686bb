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
from needloop.release.publishing import current_release_id
from needloop.secret_file import DamagedSecretError
from needloop.settings import Settings
from needloop.warehouse.run_lock import AnotherRunError, run_lock
from needloop.warehouse.schema import WarehouseVersionError

_SELF_EXPLANATORY = (
    AnotherRunError,
    DagsterStorageError,
    DamagedSecretError,
    LandingError,
    TransformationError,
    WarehouseVersionError,
)
"""Errors whose message already says what is wrong and what to do."""


@click.command()
@click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    help="The landing zone.  [default: NEEDLOOP_LANDING or DATA/landing]",
)
@data_option
@click.option("--as-of", type=Day(), help="The warehouse's current date.  [default: the latest date in the data]")
@click.option("--full-refresh", is_flag=True, help="Rebuild everything, not only what new rows affect.")
def run(landing: Path | None, data: Path | None, as_of: date | None, full_refresh: bool) -> None:
    """Load new files, check them, build the marts, publish a release, and render the report.

    Exit code 0: published, or nothing new. 2: a gate closed and nothing was published. 1: error.
    """
    settings = settings_from(landing=landing, data=data, as_of=as_of)
    progress = Progress(enabled=True)
    before = current_release_id(settings)
    try:
        with _failures_recorded(settings, progress), run_lock(settings):
            sys.exit(_run(settings, progress, full_refresh=full_refresh))
    except _SELF_EXPLANATORY as error:
        raise click.ClickException(str(error)) from None
    except Exception as error:  # noqa: BLE001 - the top level: users see no traceback
        raise click.ClickException(_message(error, settings, before)) from None


def _message(error: Exception, settings: Settings, before: str | None) -> str:
    """What to do, what readers see, and the error, whichever library raised it."""
    after = current_release_id(settings)
    state = (
        "Nothing was published; the last release is unchanged"
        if after == before
        else f"Release {after} had already been published"
    )
    remedy = what_to_do(str(error), settings) or (
        f"The warehouse {settings.warehouse_file} cannot be used: close other programs that have it open, or restore it"
        if isinstance(error, duckdb.Error)
        else f"Run `needloop doctor`, fix what it reports in {settings.data}, then run again"
    )
    return f"{remedy}. {state}. ({type(error).__name__}: {first_line(error)})"


@contextmanager
def _failures_recorded(settings: Settings, progress: Progress) -> Iterator[None]:
    """Record errors before or around the pipeline as incidents too, except a second run that finds the lock taken."""
    try:
        yield
    except AnotherRunError:
        raise
    except Exception as error:
        _show(progress, notify_failure(settings, str(error)))
        raise


def _show(progress: Progress, told: AlertsOutcome) -> None:
    if str(told):
        progress.line(str(told))
    if told.trouble:
        progress.warn(told.trouble)


def _run(settings: Settings, progress: Progress, *, full_refresh: bool) -> int:
    if not settings.landing_zone.is_dir():
        raise LandingError(
            f"The landing zone {settings.landing_zone} does not exist. "
            "Pass another with --landing, or create a sample with `needloop sample --out DIR`."
        )
    # Most runs find nothing new, and should not have to import Dagster and dbt to find that out.
    if not full_refresh and is_up_to_date(settings):
        progress.line("Nothing new; the published release is up to date.")
        if report_is_missing(settings):
            make_reports(settings, progress)
        _show(progress, notify_up_to_date(settings))
        return 0
    from dagster_pipelines.execution import execute_pipeline  # noqa: PLC0415 - the import takes seconds

    outcome = execute_pipeline(settings, progress, full_refresh=full_refresh)
    _show(progress, notify_run(settings, outcome.end))
    for sentence in outcome.closed_gate:
        progress.warn(sentence)
    if outcome.closed_gate:
        progress.line("The gate is closed: nothing was published; the last good release stays up.")
        return EXIT_GATE_CLOSED
    if outcome.error is not None:
        click.echo(f"Error: {outcome.error}", err=True)
        return EXIT_ERROR
    if outcome.end.release_id is not None:
        progress.line(f"Published release {outcome.end.release_id}: {settings.published_file}")
        progress.line(f"Reports: {settings.reports}")
        progress.line(f"Data docs of the checks: {settings.quality}")
    return 0
