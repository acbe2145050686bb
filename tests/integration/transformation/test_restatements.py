"""What came after a quarter was closed shows as a restatement with its cause, and only that.

A small bank of needs, one or two a quarter, all settled in their quarter, so that each quarter has its own cause.
Expected values are counted by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dagster_pipelines.closing.close import close_quarter
from dagster_pipelines.transformation.customer_keys import customer_key
from dagster_pipelines.transformation.project import fingerprint
from needloop.contract.model import load_contract
from needloop.release.publishing import publish
from needloop.settings import Settings
from needloop.warehouse.builds import Build, record_build
from needloop.warehouse.connection import warehouse
from tests.integration.transformation.dbt_project import dbt, manifest, not_passed
from tests.integration.transformation.raw_bank import CUSTOMER_KEY_SECRET, deliver, new_bank

Delivery = Mapping[str, list[Mapping[str, Any]]]
AS_OF = date(2026, 7, 15)
KEY_OF_C2 = customer_key(CUSTOMER_KEY_SECRET, "C2")
CLOSED = ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2")
PUBLISHED = (
    "dim_period", "metric_values", "dim_metric", "dim_group_value", "mart_metric_inputs",
)  # fmt: skip
MARTS = ("+mart_restatements", "+mart_restatement_causes", "+mart_closed_quarters", "+dim_period", "+dim_group_value")


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10)


def need(key: str, raised: datetime, **other: Any) -> Mapping[str, Any]:
    return {
        "need_id": key,
        "customer_id": "C1",
        "source": "app",
        "category": "pricing",
        "owner_department": "product",
        "urgency": 1,
        "impact": 1,
        "business_value": 1,
        "raised_at": raised,
        "updated_at": raised,
        **other,
    }


def event(key: str, of_need: str, what: str, when: datetime, **other: Any) -> Mapping[str, Any]:
    return {"event_id": key, "need_id": of_need, "event": what, "occurred_at": when, **other}


def customer(key: str, written: datetime, aum: int) -> Mapping[str, Any]:
    return {"customer_id": key, "customer_since": date(2024, 1, 1), "aum": aum, "updated_at": written}


BEFORE: Delivery = {
    "crm.customers": [customer("C1", at(1, 2, 2024), 0)],
    "crm.needs": [
        need("N0", at(5, 5, 2025), category="other"),
        need("N1", at(8, 5, 2025)),
        need("N2", at(10, 5, 2025), category="digital_experience"),
        need("N3", at(1, 5), category="staff_conduct"),
        need("N4", at(4, 5), category="suitability"),
    ],
    "crm.need_events": [
        event("E0", "N0", "resolved", at(5, 6, 2025)),
        event("E1", "N1", "resolved", at(8, 6, 2025)),
        event("E2", "N2", "resolved", at(10, 6, 2025)),
        event("E2V", "N2", "verified", at(10, 7, 2025)),
        event("E3", "N3", "resolved", at(1, 6)),
        event("E4", "N4", "resolved", at(4, 6)),
    ],
    "crm.interactions": [
        {
            "interaction_id": "I1",
            "customer_id": "C1",
            "channel": "app",
            "purpose": "enquiry",
            "opened_at": at(7, 15),
        }
    ],
}
AFTER: Delivery = {
    "crm.customers": [
        customer("C1", at(7, 2), 9_000_000),  # a tier of a later quarter
        {**customer("C2", at(8, 2, 2025), 0), "customer_since": date(2025, 8, 1)},
    ],
    "crm.needs": [
        need("N1", at(8, 5, 2025), category="policy_service", updated_at=at(8, 10, 2025)),
        need("N9", at(1, 10), category="coverage_gap"),
        need("N4", at(4, 5), category="suitability", updated_at=at(5, 1), deleted=True),
        need("N5", at(7, 5)),  # of the quarter in progress
        need("N3", at(1, 5), category="staff_conduct", updated_at=at(7, 9)),  # says nothing new
    ],
    "crm.need_events": [
        event("E2V", "N2", "verified", at(10, 7, 2025), void=True),
        event("E9", "N9", "resolved", at(1, 11)),
        event("E1R", "N1", "reopened", at(7, 10)),  # of the quarter in progress
    ],
}


def build(settings: Settings, *select: str) -> None:
    assert not_passed(dbt(settings, "run", "--select", *select)) == []


def load(settings: Settings, delivery: Delivery, load_id: int) -> None:
    """Delivers rows as one load of that number."""
    with warehouse(settings) as connection:
        for table, rows in delivery.items():
            deliver(connection, table, rows)
            raw = f"raw.{load_contract().table(table).raw_name}"
            connection.execute(f"update {raw} set _load_id = ? where _file = (select max(_file) from {raw})", [load_id])


def publish_and_close(settings: Settings, load_id: int) -> None:
    with warehouse(settings) as connection:
        published = publish(
            connection,
            settings,
            PUBLISHED,
            run_id="first",
            as_of=AS_OF,
            created_at=datetime(2026, 7, 16, tzinfo=UTC),
            checks=(1, 0),
        )
        record_build(connection, Build(published.release_id, "first", fingerprint(), AS_OF, AS_OF, load_id, 0))
    for quarter in CLOSED:
        close_quarter(settings, quarter)


def select(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with warehouse(settings) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The bank with five closed quarters, built again without any news."""
    settings = new_bank(tmp_path_factory.mktemp("closed_bank"), AS_OF)
    load(settings, BEFORE, 100)
    assert not_passed(dbt(settings, "seed")) == []
    build(settings, *MARTS)
    publish_and_close(settings, 100)
    build(settings, "fct_restated_number+")
    return settings


@pytest.fixture(scope="module")
def unchanged_counts(unchanged: Settings) -> list[tuple[Any, ...]]:
    return select(
        unchanged,
        "select (select count(*) from marts.mart_restatements), (select count(*) from marts.mart_restatement_causes), "
        "(select count(*) from marts.mart_closed_quarters), "
        "(select sum(restated_numbers) from marts.mart_closed_quarters)",
    )


@pytest.fixture(scope="module")
def restated(unchanged: Settings, unchanged_counts: list[tuple[Any, ...]]) -> Settings:
    """The same bank after late, corrected, deleted and void rows. 2025Q2 was closed with other definitions."""
    load(unchanged, AFTER, 200)
    with warehouse(unchanged) as connection:
        connection.execute(
            "update closing.metric_values set value = 0.5, numerator = 0.5 "
            "where quarter = '2025Q2' and metric in ('sla_compliance', 'first_contact_resolution') and group_by = 'all'"
        )
        connection.execute(
            "update closing.metric_inputs set fingerprint = 'other' "
            "where quarter = '2025Q2' and input_name = 'sla_policy'"
        )
        connection.execute(
            "insert into closing.metric_values values "
            "('2025Q2', 'gone', 'quarter', '2025Q2', 'all', 'all', 1, null, 1, 1)"
        )
        connection.execute("insert into closing.metric_inputs values ('2025Q2', 'gone', 'definition', 'gone', 'abc')")
        for metric, table in (("of_complaints", "complaint.complaints"), ("of_claims", "policy.claims")):
            connection.execute(
                "insert into closing.metric_values values ('2025Q2', ?, 'quarter', '2025Q2', 'all', 'all', 1, 1, 1, 1)",
                [metric],
            )
            connection.execute(
                "insert into closing.metric_inputs values ('2025Q2', ?, 'source', ?, '')", [metric, table]
            )
        connection.execute(
            "insert into pipeline.erasures select * from (values "
            "(now() at time zone 'UTC', 'ops', 'h', 'raw.complaint__complaints', 2, 0), "
            "(timestamp '2025-08-01', 'ops', 'h', 'raw.policy__claims', 1, 0))"
        )
    build(unchanged, *MARTS)
    return unchanged


def test_without_late_rows_nothing_is_restated(unchanged_counts: list[tuple[Any, ...]]) -> None:
    assert unchanged_counts == [(0, 0, len(CLOSED), 0)]


def rows_named(settings: Settings, quarter: str, *, within: bool) -> set[tuple[Any, ...]]:
    return set(
        select(
            settings,
            "select kind, cause_name, row_key, line, changed_columns from marts.mart_restatement_causes "
            f"where quarter = '{quarter}' and file is not null and falls_in_quarter = {within}",
        )
    )


@pytest.mark.parametrize(
    ("quarter", "rows"),
    [
        (
            "2025Q3",
            {("corrected", "crm.needs", "N1", 2, "category"), ("late", "crm.customers", KEY_OF_C2, 3, None)},
        ),
        ("2025Q4", {("voided", "crm.need_events", "E2V", 2, None)}),
        ("2026Q1", {("late", "crm.needs", "N9", 3, None), ("late", "crm.need_events", "E9", 3, None)}),
        ("2026Q2", {("deleted", "crm.needs", "N4", 4, None)}),
    ],
)
def test_the_rows_behind_a_restatement_are_named(restated: Settings, quarter: str, rows: set[tuple[Any, ...]]) -> None:
    assert rows_named(restated, quarter, within=True) == rows


def test_rows_from_before_the_quarter_are_told_apart(restated: Settings) -> None:
    assert rows_named(restated, "2025Q3", within=False) == set()
    assert rows_named(restated, "2025Q4", within=False) == {
        ("corrected", "crm.needs", "N1", 2, "category"),
        ("late", "crm.customers", KEY_OF_C2, 3, None),
    }


def test_what_happened_after_the_quarter_is_no_cause(restated: Settings) -> None:
    named = select(restated, "select distinct row_key from marts.mart_restatement_causes where file is not null")
    assert {key for (key,) in named} == {"N1", KEY_OF_C2, "E2V", "N9", "E9", "N4"}


def test_old_and_new_stand_side_by_side(restated: Settings) -> None:
    shown = select(
        restated,
        "select quarter, group_value, old_value, new_value, old_n, new_n from marts.mart_restatements "
        "where metric = 'needs_raised' and group_by in ('all', 'category') and period_type = 'quarter' order by all",
    )
    assert shown == [
        ("2025Q3", "policy_service", None, 1, None, 1),
        ("2025Q3", "pricing", 1, None, 1, None),
        ("2026Q1", "all", 1, 2, 1, 2),
        ("2026Q1", "coverage_gap", None, 1, None, 1),
        ("2026Q2", "all", 1, 0, 1, 0),
        ("2026Q2", "suitability", 1, None, 1, None),
    ]
    assert select(
        restated,
        "select old_numerator, old_value, new_numerator, new_value from marts.mart_restatements "
        "where metric = 'closed_loop_rate' and group_by = 'all' and quarter = '2025Q4'",
    ) == [(1, 1, 0, 0)]


def test_the_new_number_is_the_published_one(restated: Settings) -> None:
    assert (
        select(
            restated,
            "select count(*), count(*) filter (shown.value is distinct from new_value) from marts.mart_restatements "
            "left join marts.metric_values as shown using (metric, period_type, period, group_by, group_value)",
        )[0][1]
        == 0
    )


def test_each_restatement_says_why_in_both_languages(restated: Settings) -> None:
    why = select(
        restated,
        "select distinct cause_rows, cause_zh, cause_en from marts.mart_restatements "
        "where quarter = '2026Q1' and metric = 'needs_raised'",
    )
    assert why == [
        (
            5,
            "迟到的行：crm.customers（1 行）；迟到的行：crm.need_events（1 行）；迟到的行：crm.needs（1 行）；"
            "更正的行：crm.needs（1 行）；撤销的事件：crm.need_events（1 行）",
            "Late rows: crm.customers (1); Late rows: crm.need_events (1); Late rows: crm.needs (1); "
            "Corrected rows: crm.needs (1); "
            "Voided events: crm.need_events (1)",
        )
    ]


def test_other_definitions_are_a_cause_and_nothing_is_left_without_one(restated: Settings) -> None:
    causes = select(
        restated,
        "select metric, kind, cause_name from marts.fct_restatement_cause where quarter = '2025Q2' order by all",
    )
    assert causes == [
        ("first_contact_resolution", "unexplained", "first_contact_resolution"),
        ("gone", "definition", "gone"),
        ("of_claims", "unexplained", "of_claims"),  # somebody was erased before the quarter was closed
        ("of_complaints", "erased", "complaint.complaints"),
        ("sla_compliance", "reference", "sla_policy"),
    ]
    assert select(restated, "from marts.mart_restatements where cause_en is null") == []


def test_the_data_tests_of_restatements_pass(restated: Settings) -> None:
    assert not_passed(dbt(restated, "test", "--select", "path:models/marts/restatements")) == []


def test_every_delivered_table_is_looked_at(restated: Settings) -> None:
    sources = manifest(restated)["nodes"]["model.needloop.fct_row_after_closing"]["depends_on"]["nodes"]
    assert {s for s in sources if s.startswith("source.")} == {
        f"source.needloop.{table.system}.{table.name}" for table in load_contract().tables
    }


@pytest.mark.parametrize("table", load_contract().tables, ids=lambda t: t.full_name)
def test_a_source_declares_the_key_of_the_contract(restated: Settings, table: Any) -> None:
    source = manifest(restated)["sources"][f"source.needloop.{table.system}.{table.name}"]
    assert tuple(source["config"]["meta"]["key"]) == table.key
