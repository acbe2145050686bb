"""How the dbt project appears in Dagster: keys of its assets, its data tests as checks, and the way back to dbt."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from dagster_pipelines.transformation.project import TransformationError
from dagster_pipelines.transformation.runner import FOLDERS_NOT_TESTED_IN_A_RUN
from needloop.private_interfaces.dagster_dbt_checks import (
    get_asset_check_key_for_test,
    not_blocking,
    with_tests_attached,
)


class Translator(DagsterDbtTranslator):
    """Names of assets and checks.

    A source is the table it names, schema and table, so that raw tables are the landing step's assets. A data test
    is a check that does not block by itself: the step that ran it fails after it has reported what it built.
    """

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Schema and table of a source, dagster-dbt's key of anything else."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["identifier"]])
        return super().get_asset_key(dbt_resource_props)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of a data test that a run carries out, None for one that only the test suite does."""
        if manifest["nodes"][unique_id]["original_file_path"].startswith(FOLDERS_NOT_TESTED_IN_A_RUN):
            return None
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and not_blocking(spec)


class DbtGraph:
    """The manifest as read from its file, with every data test attached to a model."""

    def __init__(self, manifest: Path) -> None:
        self.manifest: dict[str, Any] = with_tests_attached(json.loads(manifest.read_text("utf-8")))
        self.translator = Translator()

    @property
    def nodes(self) -> dict[str, Any]:
        """Seeds, models and tests by unique id."""
        nodes: dict[str, Any] = self.manifest["nodes"]
        return nodes

    def assets(self, among: Collection[dg.AssetKey]) -> Iterator[tuple[str, dg.AssetKey]]:
        """Unique id and key of the seeds and models among these assets, parents first."""
        for unique_id in TopologicalSorter(self.manifest["parent_map"]).static_order():
            node = self.nodes.get(unique_id)
            if node is not None and node["resource_type"] in {"model", "seed"}:
                key = self.translator.get_asset_key(node)
                if key in among:
                    yield unique_id, key

    def check_key(self, test_id: str) -> dg.AssetCheckKey:
        """The check that a data test is. Raises TransformationError when it belongs to no model."""
        key = get_asset_check_key_for_test(self.manifest, self.translator, test_id, project=None)
        if key is None:
            raise TransformationError(
                f"The data test {test_id} belongs to no model, so its result would be lost. Make it refer to one."
            )
        return key

    def warns(self, test_id: str) -> bool:
        """Whether a failure of the test only warns."""
        return bool(self.nodes[test_id]["config"].get("severity", "error").lower() == "warn")

    def selectors(self, assets: Collection[dg.AssetKey], checks: Collection[dg.AssetCheckKey]) -> list[str]:
        """dbt's selectors of exactly these seeds, models and data tests."""
        wanted = [unique_id for unique_id, _ in self.assets(assets)]
        wanted += [
            unique_id
            for unique_id, node in self.nodes.items()
            if node["resource_type"] == "test"
            and not node["original_file_path"].startswith(FOLDERS_NOT_TESTED_IN_A_RUN)
            and self.check_key(unique_id) in checks
        ]
        return [".".join(self.nodes[unique_id]["fqn"]) for unique_id in wanted]


def published_tables(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the marts that a release holds: the models marked `meta.published`."""
    return tuple(
        sorted(
            node["name"]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["config"].get("meta", {}).get("published")
        )
    )
