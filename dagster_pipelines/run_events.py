"""How a run ended, read from Dagster's events: the same for a run of the command line and one of the daemon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from dagster import DagsterEvent
from dagster_shared.error import SerializableErrorInfo

from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.run_end import RunEnd, Verdict

# What Dagster wraps around the error that a step raised.
_WRAPPERS = {"DagsterExecutionStepExecutionError", "DagsterResourceFunctionError", "DagsterAssetCheckFailedError"}
# A serialised error's message starts with the name of its class.
_WITHOUT_CLASS = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception): ")


def read_run_end(run_id: str, events: Iterable[DagsterEvent], *, succeeded: bool, ended_at: datetime) -> RunEnd:
    """Reads the events of a run that has ended."""
    kept = list(events)
    errors = [error for event in kept if event.is_failure if (error := _error(event)) is not None]
    innermost = _innermost(errors[0]) if errors else None
    said = _WITHOUT_CLASS.sub("", innermost.message.strip()) if innermost else "The run failed"
    return RunEnd(
        run_id=run_id,
        ended_at=ended_at,
        release_id=_release_id(kept),
        verdicts=tuple(_verdict(event) for event in kept if event.event_type_value == "ASSET_CHECK_EVALUATION"),
        succeeded=succeeded,
        error=None if succeeded else said.rstrip("."),
        error_class=(innermost.cls_name if innermost else None),
        trace="\n\n".join(error.to_string() for error in errors),
    )


def _error(event: DagsterEvent) -> SerializableErrorInfo | None:
    error = getattr(event.event_specific_data, "error", None)
    return error if isinstance(error, SerializableErrorInfo) else None


def _innermost(error: SerializableErrorInfo) -> SerializableErrorInfo:
    while error.cause is not None and error.cls_name in _WRAPPERS:
        error = error.cause
    return error


def _release_id(events: Iterable[DagsterEvent]) -> str | None:
    for event in events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            if materialization.asset_key == RELEASE_KEY:
                return str(materialization.metadata["release"].value)
    return None


def _verdict(event: DagsterEvent) -> Verdict:
    evaluation = event.asset_check_evaluation_data
    rows = evaluation.metadata.get("failing rows")
    message = evaluation.metadata.get("message")
    return Verdict(
        asset=evaluation.asset_key.to_user_string(),
        check=evaluation.check_name,
        passed=evaluation.passed,
        blocking=evaluation.severity.value == "ERROR",
        message=str(message.value) if message is not None else "",
        failing_rows=int(str(rows.value)) if rows is not None else None,
    )
