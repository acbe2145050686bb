"""Runs the job once in this process and returns its outcome, free of Dagster's vocabulary."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG
from dagster_pipelines.dagster_instance import prepare_instance
from dagster_pipelines.definitions import build_definitions
from dagster_pipelines.faults import what_to_do
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.progress import Progress
from dagster_pipelines.run_end import RunEnd, keep_trace
from dagster_pipelines.run_events import read_run_end
from dagster_pipelines.run_history import forget_old_runs
from needloop.private_interfaces.dagster_logs import quiet_about_skipped_steps
from needloop.private_interfaces.dagster_storage import keep_connections, relaxed_sqlite_storage
from needloop.settings import Settings
from needloop.warehouse.gates import GateClosedError

# The graphs of dbt and Dagster are millions of objects that live until the end. Scanning them for cycles at Python's
# default thresholds takes a tenth of a run.
_OBJECTS_BETWEEN_COLLECTIONS = (100_000, 50, 100)
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    end: RunEnd
    closed_gate: tuple[str, ...]
    """A sentence for each blocking check that failed, or for the gate at which the release was refused."""
    error: str | None
    """What went wrong and what to do; None after a run without error."""


def upgrade_instance(settings: Settings) -> None:
    """Migrates Dagster's storage to the installed version of Dagster; does nothing when it is current."""
    with relaxed_sqlite_storage(), dg.DagsterInstance.from_config(str(prepare_instance(settings))) as instance:
        instance.upgrade()


def execute_pipeline(settings: Settings, progress: Progress, *, full_refresh: bool) -> Outcome:
    """Executes the whole job. A step's errors are in the outcome, their details in DATA/logs.

    Raises DagsterStorageError when Dagster's history cannot be kept where the settings say.
    """
    gc.set_threshold(*_OBJECTS_BETWEEN_COLLECTIONS)
    quiet_about_skipped_steps()
    job = build_definitions(settings, progress).resolve_job_def(pipeline_job.name)
    with relaxed_sqlite_storage(), dg.DagsterInstance.from_config(str(prepare_instance(settings))) as instance:
        keep_connections(instance)  # hundreds of events are written before the first step opens its resource
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=_SILENT,
            tags={FULL_REFRESH_TAG: "true"} if full_refresh else {},
        )
        _bound_history(instance, settings, progress)
    events = [event for event in result.all_events if event is not None]
    end = read_run_end(result.run_id, events, succeeded=result.success, ended_at=datetime.now(UTC))
    return Outcome(
        end=end,
        closed_gate=_closed_gate(end),
        error=None if end.succeeded or _closed_gate(end) else _error(end, settings),
    )


def _closed_gate(end: RunEnd) -> tuple[str, ...]:
    if end.error_class == GateClosedError.__name__:
        return (f"{end.error}.",)
    return tuple(f"{one.check} of {one.asset} failed. {one.message}" for one in end.closed_gate)


def _bound_history(instance: dg.DagsterInstance, settings: Settings, progress: Progress) -> None:
    try:
        forget_old_runs(instance, settings, datetime.now(UTC))
    except Exception as error:  # noqa: BLE001 - housekeeping must not turn a published run into a failed one
        progress.warn(f"Old runs' history was not deleted ({type(error).__name__}); the next run tries again.")


def _error(end: RunEnd, settings: Settings) -> str:
    state = (
        f"The release {end.release_id} was published; fix the cause, then `needloop run` makes its report"
        if end.release_id
        else "Nothing was published; the last release is as it was"
    )
    remedy = what_to_do(str(end.error), settings)
    try:
        details = f"Details: {keep_trace(settings, end)}"
    except OSError as error:
        details = f"Details could not be kept ({error.strerror})"
    return f"{f'{remedy}. {state}. ({end.error})' if remedy else f'{end.error}. {state}.'} {details}"
