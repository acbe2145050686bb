"""Reads from Dagster's events how a run ended, whether the command line or the daemon ran it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg

from dagster_pipelines.assets.marts import BUILDS_EVERYTHING
from dagster_pipelines.assets.raw import UP_TO_DATE
from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.run_end import RunEnd, Verdict
from needloop.private_interfaces.dagster_errors import error_of, innermost

_TELLING = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_OBSERVATION,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.PIPELINE_FAILURE,
    dg.DagsterEventType.RESOURCE_INIT_FAILURE,
}
# The message of a serialised error starts with its class.
_WITHOUT_CLASS = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception): ")


def run_end_of(instance: dg.DagsterInstance, record: dg.RunRecord) -> RunEnd:
    """How a run in Dagster's history ended."""
    run = record.dagster_run
    entries = instance.all_logs(run.run_id, of_type=_TELLING)
    return read_run_end(
        run.run_id,
        (entry.dagster_event for entry in entries if entry.dagster_event is not None),
        succeeded=run.status == dg.DagsterRunStatus.SUCCESS,
        ended_at=datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.update_timestamp,
    )


def read_run_end(run_id: str, events: Iterable[dg.DagsterEvent], *, succeeded: bool, ended_at: datetime) -> RunEnd:
    """Reads the events of a run that has ended."""
    kept = list(events)
    errors = [error for event in kept if event.is_failure if (error := error_of(event)) is not None]
    cause = innermost(errors[0]) if errors else None
    said = _WITHOUT_CLASS.sub("", cause.message.strip()) if cause else "The run failed"
    return RunEnd(
        run_id=run_id,
        ended_at=ended_at,
        release_id=_release_id(kept),
        verdicts=tuple(_verdict(event) for event in kept if event.event_type_value == "ASSET_CHECK_EVALUATION"),
        succeeded=succeeded,
        error=None if succeeded else said.rstrip("."),
        error_class=(cause.cls_name if cause else None),
        trace="\n\n".join(error.to_string() for error in errors),
        built_everything=any(_builds_everything(event) for event in kept if event.is_step_materialization),
        release_is_up_to_date=any(_is_up_to_date(event) for event in kept),
    )


def _release_id(events: Iterable[dg.DagsterEvent]) -> str | None:
    for event in events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            if materialization.asset_key == RELEASE_KEY:
                return str(materialization.metadata["release"].value)
    return None


def _builds_everything(event: dg.DagsterEvent) -> bool:
    said = event.step_materialization_data.materialization.metadata.get(BUILDS_EVERYTHING)
    return said is not None and bool(said.value)


def _is_up_to_date(event: dg.DagsterEvent) -> bool:
    if event.event_type != dg.DagsterEventType.ASSET_OBSERVATION:
        return False
    return UP_TO_DATE in event.asset_observation_data.asset_observation.metadata


def _verdict(event: dg.DagsterEvent) -> Verdict:
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
