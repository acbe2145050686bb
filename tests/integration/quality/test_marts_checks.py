"""The checks before publishing: small marts made by hand pass; each fault closes the gate by its own check."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.checkpoint import run_checks
from expectations.gate import gate
from expectations.results import create_quality_tables
from needloop.contract.model import load_contract
from needloop.settings import MARTS_FILE
from tests.integration.quality.bank import AS_OF, GOOD, Bank

_GOOD_MARTS = """
create schema marts;
create table marts.dim_metric as from (values
    ('closing_backlog', '期末积压', 'Closing backlog', 'zh', 'en', 'count', 'lower', 'additive', 1.0, 0.0),
    ('backlog_age_0_7', '0-7 天', '0-7 days', 'zh', 'en', 'count', 'lower', 'additive', 1.0, 0.0),
    ('backlog_age_61_plus', '61 天以上', '61 days or more', 'zh', 'en', 'count', 'lower', 'additive', 1.0, 0.0),
    ('resolution_rate', '解决率', 'Resolution rate', 'zh', 'en', 'rate', 'higher', 'ratio', 1.0, 0.0),
    ('nps', '净推荐值', 'NPS', 'zh', 'en', 'points', 'higher', 'ratio', 100.0, 0.0),
    ('time_to_resolution_p50', '解决时长', 'Hours', 'zh', 'en', 'hours', 'lower', 'none', 1.0, 0.0),
    ('ape', '年化保费', 'APE', 'zh', 'en', 'yuan', 'higher', 'additive', 1.0, 0.0)
) as m(metric, label_zh, label_en, description_zh, description_en, unit, direction, additivity, factor, shift);
create table marts.dim_period as from (values
    ('quarter', '2026Q2', date '2026-04-01', date '2026-06-30'),
    ('quarter', '2026Q3', date '2026-07-01', date '2026-09-30')
) as p(period_type, period, starts_on, ends_on);
create table marts.dim_group_value as from (values
    ('all', 'all', '合计', 'All'), ('category', 'pricing', '价格', 'Pricing'), ('category', 'other', '其他', 'Other')
) as g(group_by, group_value, label_zh, label_en);
create table marts.metric_values as
select metric, 'quarter' as period_type, period, group_by, group_value, numerator::double as numerator,
    denominator::double as denominator, value::double as value, 5 as n, false as in_progress
from (values
    ('closing_backlog', 'all', 'all', 5.0, null, 5.0),
    ('closing_backlog', 'category', 'pricing', 3.0, null, 3.0),
    ('closing_backlog', 'category', 'other', 2.0, null, 2.0),
    ('backlog_age_0_7', 'all', 'all', 4.0, null, 4.0),
    ('backlog_age_0_7', 'category', 'pricing', 3.0, null, 3.0),
    ('backlog_age_0_7', 'category', 'other', 1.0, null, 1.0),
    ('backlog_age_61_plus', 'all', 'all', 1.0, null, 1.0),
    ('backlog_age_61_plus', 'category', 'other', 1.0, null, 1.0),
    ('resolution_rate', 'all', 'all', 3.0, 4.0, 0.75),
    ('resolution_rate', 'category', 'pricing', 0.0, 0.0, null),
    ('time_to_resolution_p50', 'all', 'all', null, 5.0, 0.0),
    ('nps', 'all', 'all', -2.0, 4.0, -50.0)
) as v(metric, group_by, group_value, numerator, denominator, value), (values ('2026Q2'), ('2026Q3')) as q(period);
insert into marts.metric_values values
    ('ape', 'quarter', '2026Q2', 'all', 'all', 0, null, 0, 0, false),
    ('ape', 'quarter', '2026Q3', 'all', 'all', 12000, null, 12000, 1, false);
create table marts.mart_metric_trend as select metric, value from marts.metric_values;
create table marts.dim_customer as select 'C1' as customer_id;
"""
_PUBLISHED = ("metric_values", "dim_metric", "dim_period", "dim_group_value", "mart_metric_trend")
_RATE = "where metric = 'resolution_rate' and group_by = 'all' and period = '2026Q3'"


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    bank = Bank(tmp_path / "data")
    with bank:
        bank.create()
        bank.connection.execute(_GOOD_MARTS)
        _layers_below(bank)
    return bank


def _layers_below(bank: Bank) -> None:
    """One policy and what the marts are reconciled with: staging as views on raw, facts, the count of raw rows."""
    execute = bank.connection.execute
    execute("create schema staging")
    execute("create schema intermediate")
    execute("create table intermediate.int_as_of as select timestamp '2026-10-01' as as_of_end")
    for table in load_contract().tables:
        versions = (
            ", coalesce(deleted, false) as is_deleted, true as is_current, timestamp '1900-01-01' as valid_from, "
            "timestamp '2999-01-01' as valid_to"
        )
        execute(
            f"create view staging.stg_{table.raw_name} as select *{versions if table.load == 'upsert' else ''} "
            f"from raw.{table.raw_name}"
        )
    bank.load("policy.policies", GOOD["policy.policies"])
    execute("create table marts.fct_policy as select *, annual_premium as ape from staging.stg_policy__policies")
    execute("create table marts.fct_premium as select * from staging.stg_policy__premiums")
    execute("create table marts.fct_claim as select * from staging.stg_policy__claims")
    execute("create table marts.fct_opportunity as select * from staging.stg_crm__opportunities")
    execute("create table marts.fct_need as select *, cast(raised_at as date) as raised_on from staging.stg_crm__needs")
    execute(
        "create table marts.fct_complaint as select *, cast(received_at as date) as received_on "
        "from staging.stg_complaint__complaints"
    )
    create_quality_tables(bank.connection)
    execute(
        "insert into quality.deliveries by name select 'policy.policies' as table_name, 'policy' as system, "
        "1 as files_taken, 0 as files_refused, 1 as rows_in_files, 1 as loaded, 0 as ignored, 0 as rejected, "
        "1 as last_delivery_rows, 0 as last_delivery_rejected, 0 as unbalanced_rows, 1 as rows_now, "
        "false as day_judged, false as week_judged"
    )


def _failed(bank: Bank, *published: str) -> dict[str, int]:
    results = run_checks(bank.settings, stage="marts", run_id="run", as_of=AS_OF, tables=published or _PUBLISHED)
    failed = {f"{r.table_name}.{r.check_name}": r.failed_rows for r in results if not r.passed}
    assert gate(results).open == (not any(r.severity == "blocking" and not r.passed for r in results))
    return failed


def test_good_marts_pass(bank: Bank) -> None:
    assert _failed(bank) == {}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            "insert into marts.metric_values from marts.metric_values where metric = 'nps' and period = '2026Q3'",
            {"metric_values.key_unique": 2},
        ),
        (f"update marts.metric_values set n = null {_RATE}", {"metric_values.n_filled": 1}),
        (
            f"update marts.metric_values set value = 1.25, numerator = 5 {_RATE}",
            {"metric_values.value_in_bounds": 1},
        ),
        (
            "update marts.metric_values set value = -0.01 where metric = 'time_to_resolution_p50' "
            "and period = '2026Q3'",
            {"metric_values.hours_in_bounds": 1},
        ),
        (f"update marts.metric_values set value = 0.76 {_RATE}", {"metric_values.value_is_ratio": 1}),
        (
            "update marts.metric_values set value = 0 where denominator = 0 and period = '2026Q3'",
            {"metric_values.value_is_ratio": 1},
        ),
        (
            "update marts.metric_values set value = 'nan'::double, numerator = null where metric = 'nps' "
            "and period = '2026Q2'",
            {"metric_values.value_finite": 1, "metric_values.value_in_bounds": 1},  # NaN is greater than any number
        ),
        (f"delete from marts.metric_values {_RATE}", {"metric_values.total_for_every_quarter": 1}),
        (
            "update marts.metric_values set value = 4 where metric = 'backlog_age_0_7' and group_value = 'pricing' "
            "and period = '2026Q3'",
            {"metric_values.groups_add_up": 1, "metric_values.backlog_by_age": 1},
        ),
        (
            "update marts.metric_values set metric = 'made_up' where metric = 'nps'",
            {"metric_values.metric_defined": 2},
        ),
        ("update marts.dim_metric set label_zh = null where metric = 'nps'", {"dim_metric.label_zh_filled": 1}),
        ("update marts.dim_metric set direction = 'up' where metric = 'nps'", {"dim_metric.direction_in_domain": 1}),
        ("delete from marts.dim_group_value where group_value = 'other'", {"dim_group_value.every_group_named": 1}),
        ("update marts.dim_period set ends_on = '2026-06-30'", {"dim_period.ends_not_before_start": 1}),
        (
            "delete from marts.fct_policy",
            {"reconciliation.facts_have_rows_of_staging": 1, "reconciliation.facts_have_sums_of_staging": 1},
        ),
        ("update marts.fct_policy set annual_premium = 11999.99", {"reconciliation.facts_have_sums_of_staging": 1}),
        (
            "create or replace view staging.stg_policy__policies as "
            "select * from (select *, false as is_deleted, true as is_current, timestamp '1900-01-01' as valid_from, "
            "timestamp '2999-01-01' as valid_to from raw.policy__policies) where false",
            {
                "reconciliation.staging_has_rows_of_raw": 1,
                "reconciliation.facts_have_rows_of_staging": 1,
                "reconciliation.facts_have_sums_of_staging": 1,
            },
        ),
        (
            "update marts.metric_values set value = 12000.5 where metric = 'ape' and period = '2026Q3'",
            {"metric_values.facts_add_up": 1},
        ),
        (  # a fen in eight thousand million
            "update marts.fct_policy set ape = 8108242111.86; "
            "update marts.metric_values set value = 8108242111.85 where metric = 'ape' and period = '2026Q3'",
            {"metric_values.facts_add_up": 1},
        ),
        (  # a fen that no floating point number holds
            "update raw.policy__policies set annual_premium = 9007199254740992.01; "
            "update marts.fct_policy set annual_premium = 9007199254740992.02",
            {"reconciliation.facts_have_sums_of_staging": 1},
        ),
        (  # a fen between the groups and their total
            "insert into marts.metric_values select * replace ('category' as group_by, 'other' as group_value, "
            "8108242111.85 as value) from marts.metric_values where metric = 'ape' and period = '2026Q3'; "
            "update marts.metric_values set value = 8108242111.86 "
            "where metric = 'ape' and period = '2026Q3' and group_by = 'all'; "
            "update marts.fct_policy set ape = 8108242111.86",
            {"metric_values.groups_add_up": 1},
        ),
        ("alter table marts.mart_metric_trend add column mobile varchar", {"published_columns.nothing_personal": 1}),
    ],
)
def test_each_fault_is_found_by_its_own_check(bank: Bank, fault: str, expected: dict[str, int]) -> None:
    with bank:
        bank.connection.execute(fault)
    assert _failed(bank) == expected


def test_empty_metric_values_close_the_gate(bank: Bank) -> None:
    with bank:
        bank.connection.execute("delete from marts.metric_values")
    assert set(_failed(bank)) == {"metric_values.has_rows"}


def test_a_mart_with_a_customer_id_cannot_be_published(bank: Bank) -> None:
    assert _failed(bank, *_PUBLISHED, "dim_customer") == {"published_columns.nothing_personal": 1}


def test_a_mart_that_was_not_built_closes_the_gate(bank: Bank) -> None:
    with bank:
        bank.connection.execute("drop table marts.dim_period")
    failed = _failed(bank)
    assert {"dim_period.has_rows", "dim_period.key_unique"} <= set(failed)


@pytest.mark.parametrize(("now", "jumped"), [(22.5, False), (22.6, True)])
def test_a_total_that_moved_further_than_it_ever_does_between_quarters_warns(
    bank: Bank, now: float, jumped: bool
) -> None:
    """One step between two quarters has a MAD of nothing, which leaves the share: 10 % of 20.5 is 2.05."""
    release = bank.settings.releases / "1"
    release.mkdir(parents=True)
    with duckdb.connect(str(release / MARTS_FILE)) as before:
        before.execute("create schema marts")
        before.execute(
            "create table marts.metric_values as select 'closing_backlog' as metric, 'quarter' as period_type, "
            "'2026Q3' as period, 'all' as group_by, 'all' as group_value, 20.5::double as value"
        )
    bank.settings.current.symlink_to(release)
    with bank:
        bank.connection.execute(
            f"update marts.metric_values set value = {now}, n = 30 where metric = 'closing_backlog' "
            "and group_by = 'all' and period = '2026Q3'"
        )
        bank.connection.execute(
            f"update marts.metric_values set value = {now} where metric = 'closing_backlog' "
            "and group_by = 'all' and period = '2026Q2'"
        )
    found = _failed(bank)
    assert ("metric_values.no_jump_since_release" in found) == jumped
