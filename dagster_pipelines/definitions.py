"""Puts the parts together for Dagster. What a part does stands in its own module."""

from __future__ import annotations

import dagster as dg

from dagster_pipelines.alerts.sensor import alerts_sensor
from dagster_pipelines.assets.analytics import analytics_assets
from dagster_pipelines.assets.marts import statistics_marts_assets, transformation_assets
from dagster_pipelines.assets.quality import mart_checks, raw_checks
from dagster_pipelines.assets.raw import raw_assets
from dagster_pipelines.assets.release import release_asset
from dagster_pipelines.assets.report import report_asset
from dagster_pipelines.assets.run_context import RUN_LOCK, run_lock_resource
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.progress import Progress
from dagster_pipelines.run_history import history_sensor
from dagster_pipelines.schedules import schedules
from dagster_pipelines.sensors import landing_sensor
from dagster_pipelines.transformation.project import manifest_file
from needloop.settings import Settings


def build_definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """Everything Dagster knows of one installation; tests build their own on their own folder."""
    manifest = manifest_file(settings)
    return dg.Definitions(
        assets=[
            raw_assets(settings, progress),
            transformation_assets(settings, manifest, progress),
            analytics_assets(settings, progress),
            statistics_marts_assets(settings, manifest, progress),
            release_asset(settings, manifest, progress),
            report_asset(settings, progress),
        ],
        asset_checks=[raw_checks(settings, progress), mart_checks(settings, manifest, progress)],
        jobs=[pipeline_job],
        schedules=schedules(settings),
        sensors=[landing_sensor(settings), alerts_sensor(settings), history_sensor(settings)],
        resources={RUN_LOCK: run_lock_resource(settings)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """What `dagster dev` and the daemon load, with the settings of the environment."""
    return build_definitions(Settings(), Progress(enabled=False))
