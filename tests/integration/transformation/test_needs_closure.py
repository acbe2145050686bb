"""The published needs metrics of whole banks, against the definitions computed one need at a time."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date

import pytest

from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from tests.integration.transformation.boundary_bank import boundary_bank
from tests.integration.transformation.dbt_project import dbt, not_passed
from tests.integration.transformation.needs_oracle import Bank, Key, NeedsOracle, Number
from tests.integration.transformation.raw_bank import deliver, new_bank

SYSTEMS = {"branches": "org", "products": "policy", "policies": "policy", "staff": "training"}
BUILD = [
    "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "buildable",
    "--select", "+mart_metric_trend", "+mart_weak_spots", "+fct_need", "+fct_need_event", "+mart_need_board",
    "+mart_needs_funnel", "+mart_backlog_flow",
]  # fmt: skip
WHOLE_QUARTER, MID_QUARTER = date(2026, 6, 30), date(2026, 8, 15)
SEED = 20260930


@pytest.fixture(scope="module")
def bank() -> Bank:
    return boundary_bank(SEED)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Settings:
    settings = new_bank(tmp_path_factory.mktemp("boundary_bank"), None)
    with warehouse(settings) as connection:
        for table in fields(bank):
            system = SYSTEMS.get(table.name, "crm")
            deliver(connection, f"{system}.{table.name}", getattr(bank, table.name))
    return settings


def published(settings: Settings) -> dict[Key, Number]:
    with warehouse(settings) as connection:
        rows = connection.execute(
            "select metric, period, group_by, group_value, numerator, denominator, value, n from marts.metric_values "
            "where metric in (select metric from marts.dim_metric where section = 'needs_closure')"
        ).fetchall()
    return {(r[0], r[1], r[2], r[3]): Number(r[4], r[5], r[6], r[7]) for r in rows}


def same(one: Number, other: Number) -> bool:
    pairs = zip(
        (one.numerator, one.denominator, one.value), (other.numerator, other.denominator, other.value), strict=True
    )
    return one.n == other.n and all(
        (a is None) == (b is None) and (a is None or b is None or math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12))
        for a, b in pairs
    )


@pytest.mark.parametrize("as_of", [WHOLE_QUARTER, MID_QUARTER], ids=["quarter_end", "mid_quarter"])
def test_every_number_is_what_the_definitions_give(delivered: Settings, bank: Bank, as_of: date) -> None:
    with warehouse(delivered) as connection:
        connection.execute("update pipeline.run_parameters set requested_as_of = ?", [as_of])
    assert not_passed(dbt(delivered, *BUILD)) == []

    actual, expected = published(delivered), NeedsOracle(bank, as_of).numbers()
    assert len(expected) > 1000
    wrong = {
        key: (expected.get(key), actual.get(key))
        for key in expected.keys() | actual.keys()
        if key not in expected or key not in actual or not same(expected[key], actual[key])
    }
    assert wrong == {}
