"""Statistics as assets, between the models that they read and the marts that show them.

An analysis whose inputs have not changed keeps its results, unless it was selected.
"""

from collections.abc import Iterator

import dagster as dg

from dagster_pipelines.analytics.registry import ANALYSES
from dagster_pipelines.analytics.run import SCHEMA, create_result_tables, run_analysis
from dagster_pipelines.assets.catalogue import LAYER, warehouse_team
from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.run_context import Installation, run_of, was_selected
from dagster_pipelines.transformation.as_of import read_as_of
from dagster_pipelines.transformation.pending import build_fingerprint
from needloop.private_interfaces.dagster_unchanged_assets import unchanged
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import inputs_now, record_gate, reset_from


def analytics_assets(graph: DbtGraph) -> dg.AssetsDefinition:
    """One asset for each table of results, described as dbt describes its source."""

    @dg.multi_asset(
        name="analytics",
        specs=[
            dg.AssetSpec(
                dg.AssetKey([SCHEMA, table]),
                deps=[dg.AssetKey(["intermediate", model]) for model in analysis.reads],
                description=graph.source_description(SCHEMA, table),
                group_name="analytics",
                owners=[warehouse_team()],
                kinds={"python", "duckdb"},
                tags={LAYER: "analytics"},
            )
            for analysis in ANALYSES
            for table in analysis.results
        ],
    )
    def analytics(
        context: dg.AssetExecutionContext, installation: Installation
    ) -> Iterator[dg.MaterializeResult[None] | dg.Output[None]]:
        """Estimates effects and experiments, one asset for each table of results."""
        settings = installation.settings
        as_of = read_as_of(settings)
        with installation.progress.step("Statistics"), warehouse(settings) as connection:
            reset_from(connection, "analytics")
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
