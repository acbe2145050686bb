"""Puts the parts together for Dagster. What a part does stands in its own module."""

from __future__ import annotations

import dagster as dg

from dagster_pipelines.alerts.sensor import alerts_sensor
from dagster_pipelines.assets.analytics import analytics_assets
from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.exposures import exposure_assets
from dagster_pipelines.assets.marts import statistics_marts_assets, transformation_assets
from dagster_pipelines.assets.quality import mart_checks, raw_checks
from dagster_pipelines.assets.raw import landing
from dagster_pipelines.assets.release import release_asset
from dagster_pipelines.assets.report import quarterly_report
from dagster_pipelines.assets.run_context import installation_resource
from dagster_pipelines.job import pipeline_job
from dagster_pipelines.progress import Progress
from dagster_pipelines.run_history import history_sensor
from dagster_pipelines.schedules import schedules
from dagster_pipelines.sensors import landing_sensor
from dagster_pipelines.transformation.project import manifest_file
from needloop.settings import Settings


def build_definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """Everything Dagster knows of one installation; tests build their own on their own folder."""
    graph = DbtGraph(manifest_file(settings))
    steps = [landing, transformation_assets(graph), analytics_assets(graph), statistics_marts_assets(graph)]
    steps += [release_asset(settings, graph), quarterly_report]
    return dg.Definitions(
        assets=[*dg.with_source_code_references(steps), *graph.records_of_the_pipeline(), *exposure_assets(graph)],
        asset_checks=[raw_checks, mart_checks(graph)],
        jobs=[pipeline_job],
        schedules=schedules(settings),
        sensors=[landing_sensor(settings), alerts_sensor(settings), history_sensor(settings)],
        resources={"installation": installation_resource(settings, progress)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """What `dagster dev` and the daemon load, with the settings of the environment."""
    return build_definitions(Settings(), Progress(enabled=False))
