"""The dbt project as assets: Dagster owns graph and lineage, the warm runner does the work.

The whole step builds what new rows affect and reports only that. A selection builds exactly what was selected and marks
the models as inconsistent, so that they are not published and the next run builds everything. Marts of statistics are a
second step, downstream of the statistics that they select from.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import dagster as dg
from dagster_dbt import dbt_assets

from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.run_context import FULL_REFRESH_TAG, Installation, run_of
from dagster_pipelines.transformation.as_of import read_as_of
from dagster_pipelines.transformation.pending import build_fingerprint, what_is_pending
from dagster_pipelines.transformation.rebuild import Rebuild, partial_rebuild
from dagster_pipelines.transformation.runner import NodeResult, dbt_runner
from needloop.private_interfaces.dagster_unchanged_assets import unchanged
from needloop.settings import Settings
from needloop.warehouse.builds import ModelsThere, last_build, note_models, note_models_in_parts
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import Gate, inputs_now, record_gate, reset_from

STATISTICS = "source:analytics+"
"""dbt's selector of everything downstream of the statistics."""
BUILDS_EVERYTHING = "builds everything"
"""Metadata of every built model: whether the run builds all of them."""
_MOST_NAMED = 3

Events = Iterator[dg.MaterializeResult[None] | dg.Output[None] | dg.AssetCheckResult]


def transformation_assets(graph: DbtGraph) -> dg.AssetsDefinition:
    """Seeds and models as assets, data tests as their checks; a failed test of severity error closes the gate."""

    @dbt_assets(
        manifest=graph.manifest, exclude=STATISTICS, name="transformation", dagster_dbt_translator=graph.translator
    )
    def transformation(context: dg.AssetExecutionContext, installation: Installation) -> Events:
        step = _Step(installation, graph, context, transformation, "models")
        if step.is_selection:
            yield from step.build_selection()
            return
        settings = installation.settings
        rebuild = _plan(settings, graph, full_refresh=run_of(context).tags.get(FULL_REFRESH_TAG) == "true")
        scope = "everything" if rebuild.select is None else f"{len(rebuild.select)} affected models"
        yield from step.build(
            f"{scope} ({rebuild.reason})", lambda: _build(settings, rebuild), everything=rebuild.select is None
        )

    return transformation


def statistics_marts_assets(graph: DbtGraph) -> dg.AssetsDefinition:
    """The marts that select from statistics, with their data tests as checks; small, so rebuilt in every run."""

    @dbt_assets(
        manifest=graph.manifest, select=STATISTICS, name="statistics_marts", dagster_dbt_translator=graph.translator
    )
    def statistics_marts(context: dg.AssetExecutionContext, installation: Installation) -> Events:
        step = _Step(installation, graph, context, statistics_marts, "statistics")
        if step.is_selection:
            yield from step.build_selection()
            return
        settings = installation.settings
        yield from step.build("the marts of statistics", lambda: dbt_runner(settings).build([STATISTICS]))

    return statistics_marts


class _Step:
    """One dbt step of a run: builds, records its gate, reports what was built."""

    def __init__(
        self,
        installation: Installation,
        graph: DbtGraph,
        context: dg.AssetExecutionContext,
        assets: dg.AssetsDefinition,
        gate: Gate,
    ) -> None:
        self._settings = installation.settings
        self._progress = installation.progress
        self._graph = graph
        self._context = context
        self._assets = assets
        self._gate: Gate = gate

    @property
    def is_selection(self) -> bool:
        """Whether the run leaves out assets or checks of the step."""
        selected = (set(self._context.selected_asset_keys), set(self._context.selected_asset_check_keys))
        return selected != (set(self._assets.keys), set(self._assets.check_keys))

    def build(self, scope: str, build: Callable[[], list[NodeResult]], *, everything: bool = False) -> Events:
        """Builds the whole step. Raises Failure after its events when a data test closed the gate."""
        with self._progress.step("Models" if self._gate == "models" else "Marts of statistics"):
            self._reset()
            results = build()
            closed_because = self._closed_because(results)
            self._record(closed_because)
        self._progress.line(_sentence(scope, results))
        yield from self._events(results, everything=everything)
        if closed_because is not None:
            raise dg.Failure(f"The gate `{self._gate}` is closed: {closed_because}.")

    def build_selection(self) -> Events:
        """Builds exactly the selected seeds, models and data tests; tests alone change nothing."""
        assets, checks = self._context.selected_asset_keys, self._context.selected_asset_check_keys
        if assets:
            self._reset()
            with warehouse(self._settings) as connection:
                note_models_in_parts(connection)
        with self._progress.step("Selection"):
            results = dbt_runner(self._settings).build_exactly(self._graph.selectors(assets, checks))
        if assets:
            left_out = len(self._assets.keys) - len(assets)
            some = f"only {len(assets)} of {len(self._assets.keys)} models and seeds were built"
            self._record(some if left_out else "the models were built without their data tests")
        self._progress.line(_sentence("a selection", results))
        yield from self._events(results)
        if (closed_because := self._closed_because(results)) is not None:
            raise dg.Failure(f"Of the selection, {closed_because}.")

    def _reset(self) -> None:
        with warehouse(self._settings) as connection:
            reset_from(connection, self._gate)

    def _record(self, closed_because: str | None) -> None:
        as_of = read_as_of(self._settings)
        with warehouse(self._settings) as connection:
            inputs = inputs_now(connection, as_of, build_fingerprint(self._settings))
            record_gate(connection, self._gate, run_of(self._context).run_id, inputs, closed_because=closed_because)

    def _closed_because(self, results: Sequence[NodeResult]) -> str | None:
        failed = [self._graph.nodes[r.unique_id]["name"] for r in results if r.status == "fail"]
        skipped = sum(r.was_skipped for r in results)
        if not failed and not skipped:
            return None
        named = ", ".join(failed[:_MOST_NAMED]) + (", …" if len(failed) > _MOST_NAMED else "")
        return f"{len(failed)} data tests failed ({named}) and {skipped} nodes downstream of them were not built"

    def _events(self, results: Sequence[NodeResult], *, everything: bool = False) -> Events:
        """Results of built assets, parents first, and of the data tests that ran; unchanged assets get no event."""
        yield from self._check_results(results)
        built = {r.unique_id: r for r in results if r.was_built}
        skipped = {r.unique_id for r in results if r.was_skipped}
        for unique_id, key in self._graph.assets(self._context.selected_asset_keys):
            if unique_id in built:
                metadata = {"rebuilt": True, "seconds": built[unique_id].seconds, BUILDS_EVERYTHING: everything}
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)
            elif unique_id not in skipped:
                yield unchanged(self._context, key)

    def _check_results(self, results: Sequence[NodeResult]) -> Iterator[dg.AssetCheckResult]:
        for result in results:
            if not result.is_test or not (result.status == "pass" or result.found_wrong_rows):
                continue
            key = self._graph.check_key(result.unique_id)
            severity = (
                dg.AssetCheckSeverity.WARN if self._graph.warns(result.unique_id) else dg.AssetCheckSeverity.ERROR
            )
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result.status == "pass",
                severity=severity,
                metadata={
                    "failing rows": result.failures,
                    "message": f"{result.failures} rows break this data test. Look for wrong data with "
                    "`needloop rejects` and in the data docs; if there is none, the model is at fault.",
                },
            )


def _plan(settings: Settings, graph: DbtGraph, *, full_refresh: bool) -> Rebuild:
    with warehouse(settings) as connection:
        pending = what_is_pending(connection, settings, full_refresh=full_refresh)
        build = last_build(connection)
    if pending.everything or build is None:
        return Rebuild(None, pending.reason)
    if not pending:  # launched by hand although nothing is pending
        return Rebuild(None, "requested")
    return partial_rebuild(graph.manifest, pending.tables, as_of_changed=read_as_of(settings) != build.as_of)


def _build(settings: Settings, rebuild: Rebuild) -> list[NodeResult]:
    """Builds the planned models; a full build records its inputs before and after."""
    dbt = dbt_runner(settings)
    if rebuild.select is not None:
        return dbt.build(rebuild.select, STATISTICS) if rebuild.select else []
    models = ModelsThere(build_fingerprint(settings), read_as_of(settings), whole=False)
    _note(settings, models)
    results = dbt.build(None, STATISTICS)
    _note(settings, replace(models, whole=not any(r.was_skipped for r in results)))
    return results


def _note(settings: Settings, models: ModelsThere) -> None:
    with warehouse(settings) as connection:
        note_models(connection, models)


def _sentence(scope: str, results: Sequence[NodeResult]) -> str:
    tests = sum(r.is_test for r in results)
    return f"Built {scope}: {len(results) - tests} nodes, {tests} data tests"
