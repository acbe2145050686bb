"""The raw tables as assets, loaded from new files in the landing zone.

When nothing changed since the last published build, the step reports an observation that the release is up to date and
skips every later step, so such a run costs only a look at the files. A selection of tables loads only their files; the
other selected steps always run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_pipelines.assets.catalogue import LAYER, code_references, owner_of_system
from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG, Installation, run_of, run_started_at, was_selected
from dagster_pipelines.erasure.erasure_key import known_erasure_key
from dagster_pipelines.landing.load import load_landing_zone
from dagster_pipelines.landing.outcome import LoadSummary
from dagster_pipelines.landing.unpacking import UnpackingLimits
from dagster_pipelines.transformation.customer_keys import secret_of, write_customer_keys
from dagster_pipelines.transformation.pending import Pending, what_is_pending
from expectations.preload import preload
from needloop.contract.model import CONTRACT_FOLDER, Table, load_contract
from needloop.private_interfaces.dagster_unchanged_assets import unchanged
from needloop.release.publishing import current_release_id
from needloop.warehouse.connection import warehouse

UP_TO_DATE = "up to date"
"""Metadata of the observation of the release by a run that found nothing to do."""


def raw_key(table: Table) -> dg.AssetKey:
    """The asset of a delivered table; dbt's sources resolve to the same key."""
    return dg.AssetKey(["raw", table.raw_name])


def _spec(table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        raw_key(table),
        description=f"{table.title.zh} · {table.title.en}, as delivered by {table.system}.",
        group_name=table.system,
        owners=[owner_of_system(table.system)],
        kinds={"duckdb"},
        tags={LAYER: "raw"},
        metadata=code_references(CONTRACT_FOLDER / f"{table.system}.yml"),
        skippable=True,
    )


@dg.multi_asset(name="landing", specs=[_spec(table) for table in load_contract().tables], can_subset=True)
def landing(
    context: dg.AssetExecutionContext, installation: Installation
) -> Iterator[dg.MaterializeResult[None] | dg.Output[None] | dg.AssetObservation]:
    """Loads new files into the raw tables, one asset for each table of the source contract."""
    settings, progress = installation.settings, installation.progress
    keys = {table.full_name: raw_key(table) for table in load_contract().tables}
    selected = {table: key for table, key in keys.items() if key in context.selected_asset_keys}
    full_refresh = run_of(context).tags.get(FULL_REFRESH_TAG) == "true"
    preload()
    with progress.step("Landing zone"):
        summary, pending = _load(installation, context, selected, full_refresh=full_refresh)
    progress.landing(summary, pending)
    new_rows = _rows_by_table(summary)
    for table, key in selected.items():
        if new_rows.get(table):
            yield dg.MaterializeResult(asset_key=key, metadata={"new rows": new_rows[table]})
        elif pending or was_selected(context):
            yield unchanged(context, key)
    if not pending and not was_selected(context):
        release = current_release_id(settings)
        yield dg.AssetObservation(RELEASE_KEY, metadata={UP_TO_DATE: True, "release": release})


def _load(
    installation: Installation, context: dg.AssetExecutionContext, tables: Collection[str], *, full_refresh: bool
) -> tuple[LoadSummary, Pending]:
    settings = installation.settings
    started_at = run_started_at(context)
    with warehouse(settings) as connection:
        summary = load_landing_zone(
            connection,
            settings.landing_zone,
            tables=tables,
            batch_id=run_of(context).run_id,
            time_zone=settings.time_zone,
            loaded_at=started_at.astimezone(ZoneInfo(settings.time_zone)).replace(tzinfo=None),
            scratch=settings.scratch,
            max_record_bytes=settings.max_record_bytes,
            progress=installation.progress.file,
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
