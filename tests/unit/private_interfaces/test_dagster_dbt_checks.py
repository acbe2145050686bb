"""dagster_dbt_checks.py: every data test of dbt belongs to a model in Dagster, and blocks nothing by itself."""

from __future__ import annotations

from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from needloop.private_interfaces.dagster_dbt_checks import (
    get_asset_check_key_for_test,
    not_blocking,
    with_tests_attached,
)


def _model(name: str, schema: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "unique_id": f"model.bank.{name}",
        "name": name,
        "schema": schema,
        "config": {"materialized": "table"},
        "depends_on": {"nodes": []},
    }


def test_a_test_of_several_models_belongs_to_a_mart() -> None:
    test = {
        "resource_type": "test",
        "unique_id": "test.bank.sums_agree",
        "name": "sums_agree",
        "config": {},
        "refs": [{"name": "int_sums"}, {"name": "mart_sums"}],
        "depends_on": {"nodes": ["model.bank.int_sums", "model.bank.mart_sums"]},
    }
    nodes = [_model("int_sums", "intermediate"), _model("mart_sums", "marts"), test]
    manifest = with_tests_attached(
        {"nodes": {str(node["unique_id"]): node for node in nodes}, "sources": {}, "exposures": {}, "metrics": {}}
    )
    key = get_asset_check_key_for_test(manifest, DagsterDbtTranslator(), "test.bank.sums_agree", project=None)
    assert key is not None, (
        "dagster_dbt no longer reads `attached_node`: data tests of several models are no checks in Dagster, and a "
        "run reports their failures nowhere. Attach them another way in with_tests_attached."
    )
    assert key.asset_key.path[-1] == "mart_sums"


def test_a_check_that_does_not_block() -> None:
    spec = not_blocking(dg.AssetCheckSpec("sums_agree", asset="mart_sums", blocking=True, description="as before"))
    assert (spec.blocking, spec.description) == (False, "as before"), (
        "AssetCheckSpec._replace has moved: definitions do not load. Make the spec anew in not_blocking."
    )
