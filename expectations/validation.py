"""Runs checks through Great Expectations, one batch per table, and says what each check found.

The only place that drives Great Expectations. Importing it takes seconds: import this module where checks run.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import great_expectations
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.validation_definition import ValidationDefinition
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.expectations.expectation import Expectation

from expectations.check import Check, TableSuite
from expectations.data_docs import build_data_docs, docs_site
from expectations.gx_expectations import expectation_of
from expectations.outcomes import Verdict
from needloop.private_interfaces.great_expectations_dialect import CONNECTION_STRING, engine_arguments
from needloop.settings import Settings

# Counts and verdicts only: with 0 examples no value of any row gets into results or data docs.
_RESULT_FORMAT: dict[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}


def validate(
    settings: Settings, suites: Sequence[TableSuite], *, load_date: date, docs: Path
) -> dict[tuple[str, str], Verdict]:
    """{(table, check): verdict} of every check; writes the data docs of this run to the folder `docs`.

    A check that cannot run is failed, with the error; nothing is raised for it.
    """
    context = _context(docs)
    datasource = _warehouse(context, settings)
    try:
        verdicts: dict[tuple[str, str], Verdict] = {}
        for suite in suites:
            found = _validate_suite(context, datasource, suite, load_date)
            verdicts.update({(suite.table_name, check.name): found[check.name] for check in suite.checks})
        build_data_docs(context, docs, _counts(suites, verdicts))
        return verdicts
    finally:
        # DuckDB releases the file only when the last connection to it is closed
        datasource.get_execution_engine().close()
        datasource.get_execution_engine().engine.dispose()
        datasource.get_engine().dispose()


def _counts(suites: Sequence[TableSuite], verdicts: dict[tuple[str, str], Verdict]) -> dict[str, tuple[int, int]]:
    passed = {
        suite.table_name: sum(verdicts[suite.table_name, check.name].passed for check in suite.checks)
        for suite in suites
    }
    return {
        suite.table_name: (passed[suite.table_name], len(suite.checks) - passed[suite.table_name]) for suite in suites
    }


def _context(docs: Path) -> EphemeralDataContext:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = great_expectations.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    for site in list(context.get_site_names()):
        context.delete_data_docs_site(site)
    context.add_data_docs_site("needloop", docs_site(docs))
    return context


def _warehouse(context: EphemeralDataContext, settings: Settings) -> SQLDatasource:
    # the stub of add_sql leaves kwargs out, which the data source takes
    sources: Any = context.data_sources
    datasource: SQLDatasource = sources.add_sql(
        "warehouse", connection_string=CONNECTION_STRING, kwargs=engine_arguments(settings), create_temp_table=False
    )
    return datasource


def _validate_suite(
    context: EphemeralDataContext, datasource: SQLDatasource, suite: TableSuite, load_date: date
) -> dict[str, Verdict]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = _run(context, datasource, suite, load_date)
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong inside a check is a failed check, not a crash
        return {check.name: Verdict(passed=False, error=_first_line(fault)) for check in suite.checks}
    found = {str(_meta(result)["check"]): _verdict(result) for result in results}
    missing = Verdict(passed=False, error="Great Expectations gave no result")
    return {check.name: found.get(check.name, missing) for check in suite.checks}


def _run(
    context: EphemeralDataContext, datasource: SQLDatasource, suite: TableSuite, load_date: date
) -> Sequence[ExpectationValidationResult]:
    asset = datasource.add_query_asset(suite.table_name, f"select * from {suite.relation}")
    expectations = context.suites.add(
        ExpectationSuite(
            suite.table_name, expectations=[_expectation(suite, check, load_date) for check in suite.checks]
        )
    )
    definition = context.validation_definitions.add(
        ValidationDefinition(
            name=suite.table_name, data=asset.add_batch_definition_whole_table("all"), suite=expectations
        )
    )
    return definition.run(result_format=_RESULT_FORMAT).results


def _expectation(suite: TableSuite, check: Check, load_date: date) -> Expectation:
    return expectation_of(
        check.rule,
        suite.key,
        load_date,
        description=f"{check.label.zh} · {check.label.en} [{check.severity}; {suite.owner}]",
        notes=[f"{check.meaning.zh} {check.remedy.zh}", f"{check.meaning.en} {check.remedy.en}"],
        severity="critical" if check.severity == "blocking" else "warning",
        meta={"check": check.name, "owner": suite.owner},
    )


def _verdict(result: ExpectationValidationResult) -> Verdict:
    error = _error(result.exception_info or {})
    if error is not None:
        return Verdict(passed=False, error=error)
    said = result.result
    failed = said.get("unexpected_count")
    if failed is None and _meta(result)["counts_unexpected_rows"]:
        failed = said.get("observed_value")
    return Verdict(bool(result.success), None if failed is None else int(failed))


def _meta(result: ExpectationValidationResult) -> dict[str, Any]:
    configuration = result.expectation_config
    if configuration is None:
        raise ValueError("Great Expectations gave a result without its expectation")
    return {**(configuration.meta or {}), "counts_unexpected_rows": configuration.type == "unexpected_rows_expectation"}


def _error(info: dict[str, Any]) -> str | None:
    """The first error in `info`, which holds either one exception or one for each metric."""
    if "raised_exception" in info:
        return str(info["exception_message"]).strip().split("\n")[0] if info["raised_exception"] else None
    errors = (_error(one) for one in info.values() if isinstance(one, dict))
    return next((error for error in errors if error), None)


def _first_line(fault: Exception) -> str:
    return f"{type(fault).__name__}: {str(fault).strip().splitlines()[0] if str(fault).strip() else 'no message'}"
