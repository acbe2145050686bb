"""The published release as an asset: the checked marts, copied once every gate has passed."""

from datetime import timedelta

import dagster as dg

from dagster_pipelines.alerts.configuration import AlertsConfigurationError, Limits, load_configuration
from dagster_pipelines.assets.catalogue import LAYER, OPERATIONS_TEAM
from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.run_context import Installation, run_of, run_started_at, runs_continued_by
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


def release_asset(settings: Settings, graph: DbtGraph) -> dg.AssetsDefinition:
    """Copies the published marts into a new immutable release and points readers to it, once every gate is passed."""
    tables = graph.published_tables()

    @dg.asset(
        key=RELEASE_KEY,
        deps=[dg.AssetKey(["marts", table]) for table in tables],
        group_name="publishing",
        owners=[OPERATIONS_TEAM],
        kinds={"duckdb"},
        tags={LAYER: "publishing"},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=_oldest(settings)),
        description="发布版本 · What readers see: one immutable DuckDB file behind the symlink `current`.",
    )
    def release(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[None]:
        settings = installation.settings
        as_of = read_as_of(settings)
        fingerprint = build_fingerprint(settings)
        with installation.progress.step("Publish"), warehouse(settings) as connection:
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


def _oldest(settings: Settings) -> timedelta:
    """The age at which the alerts call a release too old; of the shipped limits while the bank's file is invalid."""
    try:
        limits = load_configuration(settings).limits
    except AlertsConfigurationError:  # reported by the alerts themselves
        limits = Limits()
    return timedelta(hours=limits.release_age_hours)
