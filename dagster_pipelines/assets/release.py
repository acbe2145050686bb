"""The published release as an asset: what the checked marts become once nothing blocks."""

import json
from pathlib import Path

import dagster as dg

from dagster_pipelines.assets.dbt_graph import published_tables
from dagster_pipelines.assets.run_context import RUN_LOCK, run_of, run_started_at, runs_continued_by
from dagster_pipelines.progress import Progress
from dagster_pipelines.transformation.as_of import read_as_of
from dagster_pipelines.transformation.pending import build_fingerprint
from needloop.release.publishing import publish
from needloop.settings import Settings
from needloop.warehouse.builds import (
    Build,
    count_closed_quarters,
    count_erasures,
    newest_load,
    record_build,
)
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import count_checks, inputs_now, require_gates

RELEASE_KEY = dg.AssetKey("release")


def release_asset(settings: Settings, manifest: Path, progress: Progress) -> dg.AssetsDefinition:
    """Copies the published marts into a new immutable release and points readers to it, once every gate is passed."""
    tables = published_tables(json.loads(manifest.read_text("utf-8")))

    @dg.asset(
        key=RELEASE_KEY,
        deps=[dg.AssetKey(["marts", table]) for table in tables],
        group_name="publishing",
        kinds={"duckdb"},
        description="What readers see: one immutable DuckDB file behind the symlink `current`.",
        required_resource_keys={RUN_LOCK},
    )
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        as_of = read_as_of(settings)
        fingerprint = build_fingerprint(settings)
        with progress.step("Publish"), warehouse(settings) as connection:
            require_gates(connection, runs_continued_by(context), inputs_now(connection, as_of, fingerprint))
            published = publish(
                connection,
                settings,
                tables,
                run_id=run_of(context).run_id,
                as_of=as_of,
                created_at=run_started_at(context),
                checks=count_checks(connection),
            )
            record_build(
                connection,
                Build(
                    release_id=published.release_id,
                    run_id=run_of(context).run_id,
                    fingerprint=fingerprint,
                    requested_as_of=settings.as_of,
                    as_of=as_of,
                    load_id=newest_load(connection),
                    closed_quarters=count_closed_quarters(connection),
                    erasures=count_erasures(connection),
                ),
            )
        return dg.MaterializeResult(
            metadata={
                "release": published.release_id,
                "as of": str(as_of),
                "rows": sum(published.tables.values()),
                "checks failed": published.checks_failed,
            }
        )

    return release
