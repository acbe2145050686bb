"""No number depends on the order of rows, and money stays decimal: for every model and dataset, the next ones too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dashboards.superset import asset_bundle
from expectations.catalogue import marts_suites
from expectations.thresholds import load_thresholds
from needloop.contract.model import load_contract
from needloop.warehouse.connection import warehouse
from tests.integration.transformation.bound_plans import decimals_made_floating, floating_sums, narrowed_decimals
from tests.integration.transformation.conftest import BuiltBank
from tests.integration.transformation.dbt_project import dbt, not_passed, target
from tests.integration.transformation.raw_bank import new_bank

FLOATING_AT_THE_END = {
    "mart_competency_gaps": "scores of tests, which are not money",
    "mart_improvement_loop": "counts of events above a mean, already summed",
    "int_parameters": "limits",
}
"""Models that may turn a decimal column into floating point. So may <domain>_metric_rows: exact sums of all units meet
in one column of numbers there."""
PREMIUMS = 400_000
ONLY_TABLES = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def compiled_models(bank: BuiltBank) -> Iterator[tuple[str, str]]:
    """Name and SQL of each model as dbt ran it."""
    models = target(bank.settings) / "compiled" / "needloop" / "models"
    for file in sorted(models.rglob("*.sql")):
        if not file.parent.suffix:  # dbt keeps the tests of a YAML file in a folder of its name
            yield file.stem, file.read_text("utf-8")


def datasets() -> Iterator[tuple[str, str]]:
    """Name and English SQL of each metric of the dashboards' datasets that read marts alone."""
    for file in sorted((Path(asset_bundle.__file__).parents[1] / "assets" / "datasets").glob("*.yml")):
        dataset = yaml.safe_load(file.read_text("utf-8"))
        source = dataset.get("sql", f"select * from marts.{dataset['model']}").replace("<lang>", "en")
        if "release_info" in source or "<forms of" in source:
            continue
        for metric in dataset.get("metrics", ()):
            sql = metric["sql"] if isinstance(metric["sql"], str) else metric["sql"]["en"]
            yield f"{file.stem}.{metric.get('name', metric.get('metric'))}", f"select {sql} from ({source})"


def test_no_model_sums_floating_point(empty_bank: BuiltBank) -> None:
    with warehouse(empty_bank.settings) as connection:
        found = {name: calls for name, sql in compiled_models(empty_bank) if (calls := floating_sums(connection, sql))}
    assert found == {}


def test_no_model_turns_money_into_floating_point_but_to_divide_it(empty_bank: BuiltBank) -> None:
    with warehouse(empty_bank.settings) as connection:
        found = {
            name: calls
            for name, sql in compiled_models(empty_bank)
            if not name.endswith("_metric_rows")
            and name not in FLOATING_AT_THE_END
            and (calls := decimals_made_floating(connection, sql))
        }
    assert found == {}


def test_no_mart_fails_on_a_large_sum(empty_bank: BuiltBank) -> None:
    """Sums have 38 digits: cast to the 18 of a single amount, the largest would keep a bank from being published."""
    with warehouse(empty_bank.settings) as connection:
        found = {
            name: calls
            for name, sql in compiled_models(empty_bank)
            if name != "int_parameters" and (calls := narrowed_decimals(connection, sql))
        }
    assert found == {}


def test_no_dataset_of_the_dashboards_sums_floating_point(empty_bank: BuiltBank) -> None:
    with warehouse(empty_bank.settings) as connection:
        checked = dict(datasets())
        found = {name: calls for name, sql in checked.items() if (calls := floating_sums(connection, sql))}
    assert len(checked) > 20
    assert found == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(cast(amount as double)) from money",
        "select avg(amount / 3) over (partition by amount) from money",
        "with shares as (select amount / 7 as share from money) select sum(share) from shares",
    ],
)
def test_a_floating_sum_is_seen(sql: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table money(amount decimal(18, 2))")
        assert floating_sums(connection, sql)
        assert not floating_sums(connection, "select sum(amount) / count(*), avg(amount) from money")


def test_money_made_floating_is_seen() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table money(amount decimal(18, 2))")
        assert decimals_made_floating(connection, "select cast(amount as double) as amount from money")
        assert decimals_made_floating(connection, "select amount * 1.5e0 as more from money")
        assert not decimals_made_floating(connection, "select cast(amount as double) / 2 as half from money")


def test_facts_keep_the_sums_of_eight_thousand_million_yuan(tmp_path: Path) -> None:
    """Amounts whose floating point sum is not their sum: staging and facts are equal to the cent all the same."""
    settings = new_bank(tmp_path, date(2026, 9, 30))
    contract = load_contract()
    bookkeeping = "'p.csv' as _file, n + 2 as _line, timestamp '2026-11-22 10:00' as _loaded_at, 'test' as _batch_id, "
    with warehouse(settings) as connection:
        connection.execute(f"""
            insert into raw.policy__premiums by name
            select 'PM' || n as premium_id, 'P' || (n // 4) as policy_id, 1 + n % 4 as instalment_no,
                date '2026-01-01' + cast(n % 200 as integer) as due_on,
                cast(20000.07 + (n * 7919 % 54321) / 100 as decimal(18, 2)) as due_amount,
                timestamp '2026-01-01 00:00:00' as updated_at, {bookkeeping} 1 as _load_id
            from range({PREMIUMS}) as premiums(n)
        """)
        exact, floating = _row(
            connection, "select sum(due_amount), sum(cast(due_amount as double)) from raw.policy__premiums"
        )
    assert exact > 8_000_000_000
    assert Decimal(repr(floating)) != exact
    assert (
        not_passed(
            dbt(
                settings,
                "build",
                "--select",
                "+fct_premium",
                "stg_crm__opportunities",
                "stg_policy__claims",
                *ONLY_TABLES,
            )
        )
        == []
    )
    suites = marts_suites(contract, load_thresholds(), published=())
    [(suite, check)] = [(s, c) for s in suites for c in s.checks if c.name == "facts_have_sums_of_staging"]
    with warehouse(settings) as connection:
        assert _row(connection, "select sum(due_amount) from marts.fct_premium") == (exact,)
        for table in ("fct_policy", "fct_opportunity", "fct_claim"):
            connection.execute(
                f"create table if not exists marts.{table} (annual_premium decimal, sum_assured decimal, "
                "expected_premium decimal, claimed_amount decimal)"
            )
        connection.execute("create or replace temp table tables as select 'policy.premiums' as table_name")
        failing = check.rule.failing_keys(suite.key, "tables", date(2026, 11, 22))
        assert connection.execute(failing).fetchall() == []
        connection.execute("update marts.fct_premium set due_amount = due_amount - 0.01 where premium_id = 'PM7'")
        assert connection.execute(failing).fetchall() == [("policy.premiums",)]


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
