"""The dbt project as assets: Dagster has its graph and lineage, the warm runner does the work.

Only what is affected is built when little is new; the other models are reported as up to date. The marts of
statistics come in a second step, once the statistics that they select from are there.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG, RUN_LOCK, run_of
from dagster_pipelines.progress import Progress
from dagster_pipelines.transformation.as_of import read_as_of
from dagster_pipelines.transformation.pending import build_fingerprint, what_is_pending
from dagster_pipelines.transformation.project import TransformationError
from dagster_pipelines.transformation.rebuild import Rebuild, partial_rebuild
from dagster_pipelines.transformation.runner import FOLDERS_NOT_TESTED_IN_A_RUN, NodeResult, dbt_runner
from needloop.private_interfaces.dagster_dbt_checks import (
    get_asset_check_key_for_test,
    not_blocking,
    with_tests_attached,
)
from needloop.settings import Settings
from needloop.warehouse.builds import ModelsThere, last_build, note_models
from needloop.warehouse.connection import warehouse

STATISTICS = "source:analytics+"
"""dbt's selector of what hangs on the statistics."""


class _Translator(DagsterDbtTranslator):
    """How the dbt project appears in Dagster.

    A source is the table it names, schema and table, so that raw tables are the landing step's assets. A data test
    is a check that does not block by itself: when one fails, no model is materialised, and nothing goes on.
    """

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["identifier"]])
        return super().get_asset_key(dbt_resource_props)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of a data test that a run carries out, None for one that only the test suite does."""
        if manifest["nodes"][unique_id]["original_file_path"].startswith(FOLDERS_NOT_TESTED_IN_A_RUN):
            return None
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and not_blocking(spec)


def transformation_assets(settings: Settings, manifest: Path, progress: Progress) -> dg.AssetsDefinition:
    """Seeds and models as assets, data tests as their checks; a failed test of severity error is a closed gate."""
    nodes: dict[str, Any] = with_tests_attached(json.loads(manifest.read_text("utf-8")))
    translator = _Translator()

    @dbt_assets(
        manifest=nodes,
        exclude=STATISTICS,
        name="transformation",
        dagster_dbt_translator=translator,
        required_resource_keys={RUN_LOCK},
    )
    def transformation(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        full_refresh = run_of(context).tags.get(FULL_REFRESH_TAG) == "true"
        rebuild = _plan(settings, nodes, full_refresh=full_refresh)
        with progress.step("Models"):
            results = _build(settings, rebuild)
        progress.line(_sentence(rebuild, results))
        yield from _results(nodes, translator, results, context.selected_asset_keys)

    return transformation


def statistics_marts_assets(settings: Settings, manifest: Path, progress: Progress) -> dg.AssetsDefinition:
    """The marts that select from statistics, with their data tests as checks; small, so built anew in every run."""
    nodes: dict[str, Any] = with_tests_attached(json.loads(manifest.read_text("utf-8")))
    translator = _Translator()

    @dbt_assets(
        manifest=nodes,
        select=STATISTICS,
        name="statistics_marts",
        dagster_dbt_translator=translator,
        required_resource_keys={RUN_LOCK},
    )
    def statistics_marts(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with progress.step("Marts of statistics"):
            results = dbt_runner(settings).build([STATISTICS])
        yield from _results(nodes, translator, results, context.selected_asset_keys)

    return statistics_marts


def published_tables(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the marts that a release holds: the models marked `meta.published`."""
    return tuple(
        sorted(
            node["name"]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["config"].get("meta", {}).get("published")
        )
    )


def _plan(settings: Settings, manifest: Mapping[str, Any], *, full_refresh: bool) -> Rebuild:
    with warehouse(settings) as connection:
        pending = what_is_pending(connection, settings, full_refresh=full_refresh)
        build = last_build(connection)
    if pending.everything or build is None:
        return Rebuild(None, pending.reason)
    return partial_rebuild(dict(manifest), pending.tables, as_of_changed=read_as_of(settings) != build.as_of)


def _build(settings: Settings, rebuild: Rebuild) -> list[NodeResult]:
    """Builds what is to be; of all models it is noted before and after what they are made with."""
    if rebuild.select == ():
        return []
    dbt = dbt_runner(settings)
    if rebuild.select is not None:
        return dbt.build(rebuild.select, STATISTICS)
    models = ModelsThere(build_fingerprint(settings), read_as_of(settings), whole=False)
    _note(settings, models)
    results = dbt.build(None, STATISTICS)
    _note(settings, replace(models, whole=not any(r.was_skipped for r in results)))
    return results


def _note(settings: Settings, models: ModelsThere) -> None:
    with warehouse(settings) as connection:
        note_models(connection, models)


def _sentence(rebuild: Rebuild, results: Sequence[NodeResult]) -> str:
    tests = sum(r.is_test for r in results)
    scope = "everything" if rebuild.select is None else f"{len(rebuild.select)} affected models"
    return f"Built {scope} ({rebuild.reason}): {len(results) - tests} nodes, {tests} data tests"


def _results(
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
    results: Sequence[NodeResult],
    selected: Collection[dg.AssetKey],
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    yield from _check_results(manifest, translator, results)
    if not any(r.status == "fail" for r in results):
        yield from _materializations(manifest, translator, results, selected)


def _materializations(
    manifest: Mapping[str, Any],
    translator: DagsterDbtTranslator,
    results: Sequence[NodeResult],
    selected: Collection[dg.AssetKey],
) -> Iterator[dg.MaterializeResult[None]]:
    """One for each selected asset, parents first; those that needed no rebuild say so."""
    built = {r.unique_id: r for r in results}
    for unique_id in TopologicalSorter(manifest["parent_map"]).static_order():
        node = manifest["nodes"].get(unique_id)
        if node is None or node["resource_type"] not in {"model", "seed"}:
            continue
        key = translator.get_asset_key(node)
        if key in selected:
            result = built.get(unique_id)
            yield dg.MaterializeResult(
                asset_key=key, metadata={"rebuilt": result is not None, "seconds": result.seconds if result else 0.0}
            )


def _check_results(
    manifest: Mapping[str, Any], translator: DagsterDbtTranslator, results: Sequence[NodeResult]
) -> Iterator[dg.AssetCheckResult]:
    for result in results:
        ran = result.is_test and (result.status == "pass" or result.found_wrong_rows)
        if ran:
            key = _check_key(manifest, translator, result)
            warns = manifest["nodes"][result.unique_id]["config"].get("severity", "error").lower() == "warn"
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
                metadata={
                    "failing rows": result.failures,
                    "message": f"{result.failures} rows break this data test. Look for wrong data with "
                    "`needloop rejects` and in the data docs; if there is none, the model is at fault.",
                },
            )


def _check_key(manifest: Mapping[str, Any], translator: DagsterDbtTranslator, result: NodeResult) -> dg.AssetCheckKey:
    key = get_asset_check_key_for_test(manifest, translator, result.unique_id, project=None)
    if key is None:
        raise TransformationError(
            f"The data test {result.unique_id} belongs to no model: its result would be lost. Let it refer to one."
        )
    return key
