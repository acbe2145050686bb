"""Who uses the numbers: dbt's exposures as external assets at the end of the lineage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from dagster_pipelines.assets.catalogue import LAYER, code_references, team
from dagster_pipelines.assets.dbt_graph import DbtGraph
from dagster_pipelines.assets.release import RELEASE_KEY
from dagster_pipelines.transformation.project import DBT_PROJECT

PREFIX = "exposures"
_KINDS = {"dashboard": {"superset"}, "application": {"python"}}


def exposure_assets(graph: DbtGraph) -> Iterator[dg.AssetSpec]:
    """Each dashboard, the report and the lists for action: downstream of the marts they show and of the release."""
    for exposure in graph.manifest["exposures"].values():
        yield dg.AssetSpec(
            exposure_key(exposure["name"]),
            deps=[*_marts(graph, exposure), exposure["meta"].get("rendered_by", RELEASE_KEY)],
            description=f"**{exposure['label']}**\n\n{exposure['description']}",
            group_name=PREFIX,
            owners=[team(exposure["owner"]["name"])],
            kinds=_KINDS[exposure["type"]],
            tags={LAYER: PREFIX},
            metadata=code_references(DBT_PROJECT / exposure["original_file_path"]),
        )


def exposure_key(name: str) -> dg.AssetKey:
    """The asset of an exposure."""
    return dg.AssetKey([PREFIX, name])


def _marts(graph: DbtGraph, exposure: Mapping[str, Any]) -> list[dg.AssetKey]:
    return [graph.translator.get_asset_key(graph.nodes[parent]) for parent in exposure["depends_on"]["nodes"]]
