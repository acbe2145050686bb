"""Starts the job when files have come: only once the landing zone has been still between two looks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import dagster as dg

from dagster_pipelines.job import pipeline_job
from dagster_pipelines.settings import Settings

SECONDS_BETWEEN_LOOKS = 60


def landing_sensor(settings: Settings) -> dg.SensorDefinition:
    """One run for each state of the landing zone; a file that still grows is waited for."""

    @dg.sensor(
        name="new_files",
        job=pipeline_job,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        description="Looks for new files in the landing zone and starts the job when they have all arrived.",
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        before = json.loads(context.cursor) if context.cursor else {"seen": None, "requested": None}
        now = landing_state(settings.landing_zone)
        context.update_cursor(json.dumps({"seen": now, "requested": before["requested"]}))
        if now is None:
            return dg.SkipReason(f"The landing zone {settings.landing_zone} does not exist or is empty.")
        if now == before["requested"]:
            return dg.SkipReason("Nothing has come since the last run.")
        if now != before["seen"]:
            return dg.SkipReason("Files are arriving; they are taken once nothing has changed between two looks.")
        context.update_cursor(json.dumps({"seen": now, "requested": now}))
        return dg.RunRequest(run_key=now)

    return new_files


def landing_state(landing: Path) -> str | None:
    """A hash over path, size and time of change of every file; None when there is none."""
    digest = hashlib.sha256()
    files = sorted(f for f in landing.rglob("*") if f.is_file() and not f.is_symlink()) if landing.is_dir() else []
    for file in files:
        stat = file.stat()
        digest.update(f"{file.relative_to(landing)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest() if files else None
