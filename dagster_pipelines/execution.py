"""Runs the job once in this process and says what came of it, without Dagster's vocabulary."""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster._core.execution.execute_in_process_result import ExecuteInProcessResult

from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG
from dagster_pipelines.dagster_storage import relaxed_sqlite_storage
from dagster_pipelines.definitions import build_definitions
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.progress import Progress
from dagster_pipelines.settings import Settings

# One run at a time: a second one would only meet the lock. Telemetry would send data about the bank's pipeline away.
INSTANCE_SETTINGS = """\
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
"""
# The graphs of dbt and Dagster are millions of objects that live until the end: to look through them for cycles as
# often as Python does by itself takes a tenth of a run.
_OBJECTS_BETWEEN_COLLECTIONS = (100_000, 50, 100)
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
# What Dagster wraps around the error that a step raised.
_WRAPPERS = {"DagsterExecutionStepExecutionError", "DagsterResourceFunctionError", "DagsterAssetCheckFailedError"}
# A serialised error's message starts with the name of its class.
_WITHOUT_CLASS = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception): ")


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    release_id: str | None
    """The release that it published, None when nothing was new or nothing could be published."""
    closed_gate: tuple[str, ...]
    """A sentence for each blocking check that failed."""
    error: str | None
    """What went wrong and what to do, None when nothing did."""


def prepare_instance(settings: Settings) -> Path:
    """Dagster's home in the data folder, with its settings when it has none yet."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    file = settings.dagster_home / "dagster.yaml"
    if not file.exists():
        file.write_text(INSTANCE_SETTINGS, "utf-8")
    return settings.dagster_home


def execute_pipeline(settings: Settings, progress: Progress, *, full_refresh: bool) -> Outcome:
    """Executes the whole job. Errors of a step are in the outcome, with their details in DATA/logs."""
    gc.set_threshold(*_OBJECTS_BETWEEN_COLLECTIONS)
    job = build_definitions(settings, progress).resolve_job_def(pipeline_job.name)
    with relaxed_sqlite_storage(), dg.DagsterInstance.from_config(str(prepare_instance(settings))) as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=_SILENT,
            tags={FULL_REFRESH_TAG: "true"} if full_refresh else {},
        )
    closed_gate = _closed_gate(result)
    release_id = _release_id(result)
    return Outcome(
        release_id=release_id,
        closed_gate=closed_gate,
        error=None if result.success or closed_gate else _error(result, settings, release_id),
    )


def _release_id(result: ExecuteInProcessResult) -> str | None:
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        if materialization.asset_key == RELEASE_KEY:
            return str(materialization.metadata["release"].value)
    return None


def _closed_gate(result: ExecuteInProcessResult) -> tuple[str, ...]:
    failed = [e for e in result.get_asset_check_evaluations() if not e.passed and e.severity.value == "ERROR"]
    return tuple(
        f"{e.check_name} of {e.asset_key.to_user_string()} failed. {e.metadata['message'].value}" for e in failed
    )


def _error(result: ExecuteInProcessResult, settings: Settings, release_id: str | None) -> str:
    failures = [e for e in result.all_events if e.is_failure and e.event_specific_data is not None]
    errors = [getattr(e.event_specific_data, "error", None) for e in failures]
    error = next((e for e in errors if e is not None), None)
    details = settings.data / "logs" / f"run-{result.run_id}.log"
    details.parent.mkdir(parents=True, exist_ok=True)
    details.write_text("\n\n".join(e.to_string() for e in errors if e is not None), "utf-8")
    while error is not None and error.cause is not None and error.cls_name in _WRAPPERS:
        error = error.cause
    said = _WITHOUT_CLASS.sub("", error.message.strip()) if error is not None else "The run failed"
    state = (
        f"The release {release_id} was published before; mend the cause, then make the report with `needloop report`"
        if release_id
        else "Nothing was published; the last release is as it was"
    )
    return f"{said.rstrip('.')}. {state}. Details: {details}"
