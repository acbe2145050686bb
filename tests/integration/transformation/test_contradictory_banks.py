"""Whatever a bank's rows say of each other, all of it is published: only what breaks the contract is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from expectations.checkpoint import run_checks
from needloop.contract.model import load_contract
from needloop.warehouse.connection import warehouse
from tests.integration.transformation.contradictory_bank import contradictory_bank
from tests.integration.transformation.dbt_project import dbt, manifest, not_passed
from tests.integration.transformation.raw_bank import deliver, new_bank

AS_OF = date(2026, 8, 15)


def test_models_and_checks_hold_whatever_rows_contradict_each_other(tmp_path: Path) -> None:
    settings = new_bank(tmp_path, AS_OF)
    with warehouse(settings) as connection:
        for table, rows in contradictory_bank(load_contract(), seed=2, rows=150).items():
            deliver(connection, table, rows)
    assert not_passed([*dbt(settings, "seed"), *dbt(settings, "run")]) == []
    assert not_passed(dbt(settings, "test", "--select", "test_type:data")) == []
    published = [
        node["alias"]
        for node in manifest(settings)["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["meta"].get("published")
    ]
    results = run_checks(settings, stage="marts", run_id="run", as_of=AS_OF, tables=published)
    failed = {f"{one.table_name}.{one.check_name}": one.failed_rows for one in results if not one.passed}
    assert [one for one in results if not one.passed and one.severity == "blocking"] == [], failed
