"""The checks as asset checks: those of the raw tables before the models, those of the marts before the release.

Each table has two asset checks in Dagster, one for its blocking and one for its warning checks; each lists the checks
that failed. The data docs show every single check. A failed blocking check stops everything downstream: the gate.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import dagster as dg

from dagster_pipelines.alerts.notify import observe_checks
from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.raw import raw_key
from dagster_pipelines.assets.run_context import Installation, run_of, run_started_at
from dagster_pipelines.transformation.as_of import establish_as_of, read_as_of
from dagster_pipelines.transformation.runner import dbt_runner
from expectations.catalogue import about_all_tables, marts_suites
from expectations.check import Severity
from expectations.checkpoint import run_checks
from expectations.gate import gate
from expectations.results import CheckResult
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from needloop.warehouse.connection import warehouse
from needloop.warehouse.gates import inputs_now, record_gate

MARTS_OF_RESULTS = ("mart_quality_checks", "mart_quality_history", "mart_incidents", "mart_quality_state")
"""Built before the results of the marts' own checks, so built again after them."""
SEVERITIES: tuple[Severity, Severity] = ("blocking", "warning")


def _specs(assets: Iterable[dg.AssetKey], after: Collection[dg.AssetKey] = ()) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            _name(severity),
            asset=asset,
            additional_deps=sorted(set(after) - {asset}),
            description=f"All checks of severity {severity}.",
            blocking=severity == "blocking",
        )
        for asset in assets
        for severity in SEVERITIES
    ]


def _name(severity: Severity) -> str:
    return f"{severity}_checks"


_RAW = {table.full_name: raw_key(table) for table in load_contract().tables}


@dg.multi_asset_check(name="raw_checks", specs=_specs(_RAW.values()), can_subset=True)
def raw_checks(context: dg.AssetCheckExecutionContext, installation: Installation) -> Iterable[dg.AssetCheckResult]:
    """Keys, required columns, domains, orphans, dates, volume and freshness of every raw table."""
    settings, progress = installation.settings, installation.progress
    run_id = run_of(context).run_id
    with progress.step("Date of the warehouse"):
        as_of = establish_as_of(settings, dbt_runner(settings), run_id, run_started_at(context))
    with progress.step("Checks of the raw tables"):
        results = run_checks(settings, stage="raw", run_id=run_id, as_of=as_of)
        observe_checks(settings, "raw", results)
    progress.line(_sentence(results))
    for table, asset in _RAW.items():
        yield from _selected(context, asset_check_results(asset, [r for r in results if r.table_name == table]))


def mart_checks(graph: DbtGraph) -> dg.AssetChecksDefinition:
    """Whether the marts to publish are complete, unique, within bounds, add up, and hold nothing personal."""
    published = graph.published_tables()
    suites = marts_suites(load_contract(), load_thresholds(), published)
    # A check of all published tables is shown where readers look first.
    assets = {
        suite.table_name: dg.AssetKey(
            ["marts", "metric_values" if suite.table_name in about_all_tables() else suite.table_name]
        )
        for suite in suites
    }
    checked_assets = sorted(set(assets.values()))
    # A check of all published tables waits for every one of them.
    every_mart = {dg.AssetKey(["marts", table]) for table in published}

    @dg.multi_asset_check(name="mart_checks", specs=_specs(checked_assets, every_mart), can_subset=True)
    def check_marts(
        context: dg.AssetCheckExecutionContext, installation: Installation
    ) -> Iterable[dg.AssetCheckResult]:
        settings, progress = installation.settings, installation.progress
        with progress.step("Checks of the marts"):
            as_of = read_as_of(settings)
            results = run_checks(settings, stage="marts", run_id=run_of(context).run_id, as_of=as_of, tables=published)
            observe_checks(settings, "marts", results)
            dbt_runner(settings).run(MARTS_OF_RESULTS)
            with warehouse(settings) as connection:
                record_gate(connection, "results", run_of(context).run_id, inputs_now(connection, as_of))
        progress.line(_sentence(results))
        for asset in checked_assets:
            of_asset = [r for r in results if assets[r.table_name] == asset]
            yield from _selected(context, asset_check_results(asset, of_asset))

    return check_marts


def _selected(
    context: dg.AssetCheckExecutionContext, results: Iterable[dg.AssetCheckResult]
) -> Iterator[dg.AssetCheckResult]:
    """The selected results; the stage itself always runs as a whole, because its gate needs every check."""
    wanted = context.op_execution_context.selected_asset_check_keys
    for result in results:
        if dg.AssetCheckKey(dg.AssetKey.from_coercible(result.asset_key or []), result.check_name or "") in wanted:
            yield result


def asset_check_results(asset: dg.AssetKey, results: Sequence[CheckResult]) -> Iterator[dg.AssetCheckResult]:
    """An asset's two check results: how many checks failed, which, and where to find the keys of failing rows.

    The keys themselves stay out: Dagster's history would keep those of a customer who must be erased.
    """
    for severity in SEVERITIES:
        ours = [r for r in results if r.severity == severity]
        failed = [r for r in ours if not r.passed]
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=_name(severity),
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR if severity == "blocking" else dg.AssetCheckSeverity.WARN,
            metadata={
                "checks": len(ours),
                "failed": len(failed),
                "failing rows": sum(r.failed_rows for r in failed),
                "owner": ", ".join(sorted({r.owner for r in ours})),
                "message": " ".join(gate(failed).sentences_en) if failed and severity == "blocking" else "",
                "failed checks": dg.MetadataValue.md(_table(failed)),
            },
        )


def _table(failed: Sequence[CheckResult]) -> str:
    head = "| check | rows | of | what | to do | keys |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {r.label_en} / {r.label_zh} | {r.failed_rows} | {r.checked_rows} | {r.message_en} {r.message_zh} "
        f"| {r.remedy_en} {r.remedy_zh} | {_where_keys_are(r)} |"
        for r in failed
    )


def _where_keys_are(result: CheckResult) -> str:
    return f"quality/failing_keys/{result.stage}/{result.table_name}.csv" if result.sample_keys else ""


def _sentence(results: Sequence[CheckResult]) -> str:
    blocking = sum(not r.passed and r.severity == "blocking" for r in results)
    warnings = sum(not r.passed and r.severity == "warning" for r in results)
    return f"{len(results)} checks: {blocking} blocking failures, {warnings} warnings"
