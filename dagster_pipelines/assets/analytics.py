"""Statistics as assets, between the models that they read and the marts that show them."""

from collections.abc import Iterator

import dagster as dg

from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import SCHEMA, create_result_tables, run_analysis
from dagster_pipelines.assets.run_context import RUN_LOCK
from dagster_pipelines.progress import Progress
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse


def analytics_assets(settings: Settings, progress: Progress) -> dg.AssetsDefinition:
    """One asset for each table of results; an analysis whose inputs are as before keeps its results."""

    @dg.multi_asset(
        name="analytics",
        specs=[
            dg.AssetSpec(
                dg.AssetKey([SCHEMA, table]),
                deps=[dg.AssetKey(["intermediate", model]) for model in analysis.reads],
                group_name="analytics",
                kinds={"python", "duckdb"},
            )
            for analysis in ANALYSES
            for table in analysis.results
        ],
        required_resource_keys={RUN_LOCK},
    )
    def analytics() -> Iterator[dg.MaterializeResult[None]]:
        with progress.step("Statistics"), warehouse(settings) as connection:
            create_result_tables(connection, ANALYSES)
            estimated = {analysis.name: run_analysis(connection, analysis) for analysis in ANALYSES}
        for analysis in ANALYSES:
            for table in analysis.results:
                yield dg.MaterializeResult(
                    asset_key=dg.AssetKey([SCHEMA, table]), metadata={"estimated anew": estimated[analysis.name]}
                )

    return analytics
