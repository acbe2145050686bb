"""The raw tables as assets: takes what is new in the landing zone.

When nothing is new anywhere since the last published build, nothing is materialised and so every later step is
skipped: a run without news costs the look into the landing zone.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG, RUN_LOCK, run_of, run_started_at
from dagster_pipelines.erasure.erasure_key import known_erasure_key
from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import LoadSummary
from dagster_pipelines.landing.unpacking import UnpackingLimits
from dagster_pipelines.progress import Progress
from dagster_pipelines.transformation.customer_keys import secret_of, write_customer_keys
from dagster_pipelines.transformation.pending import Pending, what_is_pending
from expectations.preload import preload
from needloop.contract.model import Table, load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.schema import bring_up_to_date

GROUP = "raw"
BUILDS_EVERYTHING = "builds everything"
"""In the metadata of every table: whether the run builds all models."""


def raw_key(table: Table) -> dg.AssetKey:
    """The asset of a delivered table; dbt's sources resolve to the same key."""
    return dg.AssetKey(["raw", table.raw_name])


def raw_assets(settings: Settings, progress: Progress) -> dg.AssetsDefinition:
    """One asset for each table of the source contract, materialised together."""
    tables = load_contract().tables

    @dg.multi_asset(
        name="landing",
        specs=[
            dg.AssetSpec(raw_key(table), description=table.title.en, group_name=GROUP, skippable=True, kinds={"duckdb"})
            for table in tables
        ],
        required_resource_keys={RUN_LOCK},
    )
    def landing(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        full_refresh = run_of(context).tags.get(FULL_REFRESH_TAG) == "true"
        preload()
        with progress.step("Landing zone"):
            summary, pending = _load(settings, run_of(context).run_id, run_started_at(context), full_refresh, progress)
        progress.landing(summary, pending)
        if pending:
            new_rows = _rows_by_table(summary)
            for table in tables:
                yield dg.MaterializeResult(
                    asset_key=raw_key(table),
                    metadata={"new rows": new_rows.get(table.full_name, 0), BUILDS_EVERYTHING: pending.everything},
                )

    return landing


def _load(
    settings: Settings, run_id: str, started_at: datetime, full_refresh: bool, progress: Progress
) -> tuple[LoadSummary, Pending]:
    with warehouse(settings) as connection:
        bring_up_to_date(connection, load_contract())
        summary = load_landing_zone(
            connection,
            settings.landing_zone,
            batch_id=run_id,
            time_zone=settings.time_zone,
            loaded_at=started_at.astimezone(ZoneInfo(settings.time_zone)).replace(tzinfo=None),
            scratch=settings.scratch,
            max_record_bytes=settings.max_record_bytes,
            progress=progress.file,
            erasure_key=known_erasure_key(settings),
            unpacking=UnpackingLimits(
                text_bytes=settings.max_unpacked_bytes,
                workbook_bytes=settings.max_workbook_bytes,
                workbook_cells=settings.max_workbook_cells,
                ratio=settings.max_unpacking_ratio,
            ),
            settle_seconds=settings.settle_seconds,
        )
        write_customer_keys(connection, secret_of(settings))
        return summary, what_is_pending(connection, settings, full_refresh=full_refresh)


def _rows_by_table(summary: LoadSummary) -> dict[str, int]:
    rows: defaultdict[str, int] = defaultdict(int)
    for outcome in summary.outcomes:
        rows[outcome.table] += outcome.loaded
    return dict(rows)
