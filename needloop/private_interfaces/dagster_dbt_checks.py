"""dbt's data tests as Dagster's asset checks: which model each belongs to, and that none blocks on its own."""

from __future__ import annotations

from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import get_asset_check_key_for_test

__all__ = ["get_asset_check_key_for_test", "not_blocking", "with_tests_attached"]


def with_tests_attached(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with each data test of several models attached to one of them, preferably a mart.

    Dagster skips tests that are attached to no model, so their failures would go unnoticed.
    """
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            models = [parent for parent in node["depends_on"]["nodes"] if parent in manifest["nodes"]]
            in_marts = [parent for parent in models if manifest["nodes"][parent]["schema"] == "marts"]
            node["attached_node"] = min(in_marts or models)
    return manifest


def not_blocking(spec: dg.AssetCheckSpec) -> dg.AssetCheckSpec:
    """The same check, without blocking downstream steps."""
    return spec._replace(blocking=False)
