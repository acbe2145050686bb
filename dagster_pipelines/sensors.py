"""Starts the job when files have arrived, once two looks in a row find the landing zone unchanged."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from dagster_pipelines.job import pipeline_job
from dagster_pipelines.run_events import run_end_of
from needloop.settings import Settings

SECONDS_BETWEEN_LOOKS = 60
LANDING_STATE_TAG = "needloop/landing_state"
MOST_RUNS_OF_A_STATE = 4
BEFORE_ASKING_AGAIN = timedelta(minutes=10)


def landing_sensor(settings: Settings) -> dg.SensorDefinition:
    """One run per state of the landing zone; a file that is still growing delays it.

    When that run fails on a lock, a full disk or a killed process, the sensor requests a few more, so that files get
    loaded without anyone watching. After a closed gate it waits for the next delivery.
    """

    @dg.sensor(
        name="new_files",
        job=pipeline_job,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        description="Watches the landing zone and starts the job when all new files have arrived.",
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        before = json.loads(context.cursor) if context.cursor else {"seen": None, "requested": None}
        asked = before.get("asked", 1)
        now = landing_state(settings.landing_zone)
        context.update_cursor(json.dumps({"seen": now, "requested": before["requested"], "asked": asked}))
        if now is None:
            return dg.SkipReason(f"The landing zone {settings.landing_zone} does not exist or is empty.")
        if now == before["requested"]:
            if asked >= MOST_RUNS_OF_A_STATE or not _is_to_be_run_again(context.instance, now):
                return dg.SkipReason("No file has arrived since the last run.")
            return _request(context, now, asked + 1)
        if now != before["seen"]:
            return dg.SkipReason("Files are arriving; the job starts when two looks in a row find no change.")
        return _request(context, now, 1)

    return new_files


def _request(context: dg.SensorEvaluationContext, state: str, number: int) -> dg.RunRequest:
    context.update_cursor(json.dumps({"seen": state, "requested": state, "asked": number}))
    # Dagster starts one run per key, however often it is requested.
    return dg.RunRequest(run_key=state if number == 1 else f"{state}-{number}", tags={LANDING_STATE_TAG: state})


def _is_to_be_run_again(instance: dg.DagsterInstance, state: str) -> bool:
    """Whether the last run of that state failed a while ago for a reason that may have passed; never after a cancel."""
    runs = instance.get_run_records(dg.RunsFilter(tags={LANDING_STATE_TAG: state}), limit=1)
    if not runs or runs[0].dagster_run.status != dg.DagsterRunStatus.FAILURE:
        return False
    end = run_end_of(instance, runs[0])
    return not end.closed_gate and datetime.now(UTC) >= end.ended_at + BEFORE_ASKING_AGAIN


def landing_state(landing: Path) -> str | None:
    """A hash of every file's path, size and modification time; None without files."""
    digest = hashlib.sha256()
    files = sorted(f for f in landing.rglob("*") if f.is_file() and not f.is_symlink()) if landing.is_dir() else []
    for file in files:
        stat = file.stat()
        digest.update(f"{file.relative_to(landing)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest() if files else None
