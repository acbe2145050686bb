"""When the job runs by itself: every night, and from nothing on the first morning of a quarter."""

from __future__ import annotations

import dagster as dg

from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG
from dagster_pipelines.job import pipeline_job
from needloop.settings import Settings


def schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """The daily and the quarter-end schedule, in the bank's time zone. Both are switched on in Dagster's UI."""
    daily = dg.ScheduleDefinition(
        name="daily",
        job=pipeline_job,
        cron_schedule="0 2 * * *",
        execution_timezone=settings.time_zone,
        description="Every night at 02:00, after the deliveries of the day.",
    )
    # The quarterly report goes to the board: its numbers are built from the raw data once more, not carried forward.
    quarter_end = dg.ScheduleDefinition(
        name="quarter_end",
        job=pipeline_job,
        cron_schedule="0 5 1 1,4,7,10 *",
        execution_timezone=settings.time_zone,
        tags={FULL_REFRESH_TAG: "true"},
        description="On the first morning of a quarter: everything from nothing, and the report of the quarter before.",
    )
    return [daily, quarter_end]
