"""Statistics as assets, between the models that they read and the marts that show them."""

from collections.abc import Iterator

import dagster as dg

from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import SCHEMA, create_result_tables, run_analysis
from dagster_pipelines.assets.run_context import RUN_LOCK, run_of, was_selected
from dagster_pipelines.progress import Progress
from dagster_pipelines.transformation.as_of import read_as_of
from dagster_pipelines.transformation.pending import build_fingerprint
from needloop.private_interfaces.dagster_unchanged_assets import unchanged
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import inputs_now, record_gate, reopen


def analytics_assets(settings: Settings, progress: Progress) -> dg.AssetsDefinition:
    """One asset for each table of results; an analysis whose inputs are as before keeps them unless selected."""

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
    def analytics(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.Output[None]]:
        as_of = read_as_of(settings)
        with progress.step("Statistics"), warehouse(settings) as connection:
            reopen(connection, "analytics")
            create_result_tables(connection, ANALYSES)
            anew = was_selected(context)
            estimated = {analysis.name for analysis in ANALYSES if run_analysis(connection, analysis, anew=anew)}
            inputs = inputs_now(connection, as_of, build_fingerprint(settings))
            record_gate(connection, "analytics", run_of(context).run_id, inputs)
        for analysis in ANALYSES:
            for table in analysis.results:
                key = dg.AssetKey([SCHEMA, table])
                yield dg.MaterializeResult(asset_key=key) if analysis.name in estimated else unchanged(context, key)

    return analytics
