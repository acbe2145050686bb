"""How the dbt project appears in Dagster: its assets, its data tests as checks, and the selectors back to dbt."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from dagster_pipelines.assets.catalogue import (
    LAYER,
    OPERATIONS_TEAM,
    code_references,
    owner_of_system,
    systems,
    warehouse_team,
)
from dagster_pipelines.transformation.project import DBT_PROJECT, TransformationError
from dagster_pipelines.transformation.runner import FOLDERS_NOT_TESTED_IN_A_RUN
from needloop.private_interfaces.dagster_dbt_checks import (
    get_asset_check_key_for_test,
    not_blocking,
    with_tests_attached,
)

_OWN_RECORDS = {"closing", "landing", "pipeline", "quality"}
"""Schemas that the pipeline writes about itself; the assets of other sources come from steps."""


class Translator(DagsterDbtTranslator):
    """How seeds, models, sources and data tests appear.

    A source is the table it names, schema and table, so that raw tables are the landing step's assets. Folders give
    layer and group: the source system in staging, the domain from there on. A data test does not block on its own: the
    step that ran it reports what it built, then fails.
    """

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The asset with a link to the file that defines it."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        file = DBT_PROJECT / self.get_resource_props(manifest, unique_id)["original_file_path"]
        return spec.merge_attributes(metadata=code_references(file))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Schema and table of a source, dagster-dbt's key of anything else."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["identifier"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema of a source, `seeds`, or the folder below the layer's."""
        kind = dbt_resource_props["resource_type"]
        if kind == "source":
            return str(dbt_resource_props["schema"])
        return "seeds" if kind == "seed" else str(dbt_resource_props["fqn"][2])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        """Operations for the pipeline's own records, a source's team for its staging, else the warehouse team."""
        if dbt_resource_props["resource_type"] == "source" or self.get_group_name(dbt_resource_props) in _OWN_RECORDS:
            return [OPERATIONS_TEAM]
        if _layer(dbt_resource_props) == "staging" and self.get_group_name(dbt_resource_props) in systems():
            return [owner_of_system(self.get_group_name(dbt_resource_props))]
        return [warehouse_team()]

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """dbt's tags and the layer."""
        return {**super().get_tags(dbt_resource_props), LAYER: _layer(dbt_resource_props)}

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

    def published_tables(self) -> tuple[str, ...]:
        """Names of the marts that a release holds: the models marked `meta.published`."""
        return tuple(
            sorted(
                node["name"]
                for node in self.nodes.values()
                if node["resource_type"] == "model" and node["config"].get("meta", {}).get("published")
            )
        )

    def source_description(self, schema: str, table: str) -> str:
        """How dbt describes a table that it reads but does not build."""
        return next(
            str(source["description"])
            for source in self.manifest["sources"].values()
            if (source["schema"], source["identifier"]) == (schema, table)
        )

    def records_of_the_pipeline(self) -> list[dg.AssetSpec]:
        """The tables that the pipeline writes about itself, as external assets: every source without a step."""
        return [
            self.translator.get_asset_spec(self.manifest, unique_id, None).replace_attributes(kinds={"duckdb"})
            for unique_id, source in self.manifest["sources"].items()
            if source["schema"] in _OWN_RECORDS
        ]


def _layer(dbt_resource_props: Mapping[str, Any]) -> str:
    kind = dbt_resource_props["resource_type"]
    return {"source": "records", "seed": "seeds"}.get(kind) or str(dbt_resource_props["fqn"][1])
