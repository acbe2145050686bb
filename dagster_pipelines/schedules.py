"""When the job runs on its own: every night, and as a full refresh on the first morning of a quarter."""

from __future__ import annotations

import dagster as dg

from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG
from dagster_pipelines.job import pipeline_job
from needloop.settings import Settings


def schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """The daily and the quarter-end schedule, in the bank's time zone; on unless the settings say otherwise.

    Dagster's UI can still stop or start each of them; its choice then outlives the setting.
    """
    status = dg.DefaultScheduleStatus.RUNNING if settings.schedules else dg.DefaultScheduleStatus.STOPPED
    daily = dg.ScheduleDefinition(
        name="daily",
        job=pipeline_job,
        cron_schedule="0 2 * * *",
        default_status=status,
        execution_timezone=settings.time_zone,
        description="Every night at 02:00, after the deliveries of the day.",
    )
    # The quarterly report goes to the board, so its numbers are rebuilt from the raw data rather than carried forward.
    quarter_end = dg.ScheduleDefinition(
        name="quarter_end",
        job=pipeline_job,
        cron_schedule="0 5 1 1,4,7,10 *",
        default_status=status,
        execution_timezone=settings.time_zone,
        tags={FULL_REFRESH_TAG: "true"},
        description="On the first morning of a quarter: a full refresh, and the report of the quarter that ended.",
    )
    return [daily, quarter_end]
