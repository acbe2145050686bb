"""dbt_parse_cache.py and the materializations: what dbt parsed once is enough to run it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dbt.adapters.factory import load_plugin
from dbt.contracts.graph.manifest import Manifest

from dagster_pipelines.transformation.project import manifest_file
from needloop.private_interfaces.dbt_parse_cache import FILE_NAME, read_parse_cache
from needloop.settings import Settings


@pytest.fixture(scope="module")
def manifest_json(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return manifest_file(Settings(data=tmp_path_factory.mktemp("parsed")))


@pytest.fixture(scope="module")
def manifest(manifest_json: Path) -> Manifest:
    load_plugin("duckdb")  # a parse does it, and there is none where the cache is fresh
    return read_parse_cache(manifest_json.with_name(FILE_NAME))


def test_the_parse_cache_holds_the_whole_project(manifest: Manifest, manifest_json: Path) -> None:
    consequence = (
        "dbt's parse cache has another name, form or content: no run gets to its models. Read it anew in "
        "private_interfaces/dbt_parse_cache.py, or have dbt parse in each run at the cost of some ten seconds."
    )
    published = json.loads(manifest_json.read_text("utf-8"))
    assert manifest.nodes.keys() == published["nodes"].keys(), consequence
    assert manifest.flat_graph["nodes"].keys() == published["nodes"].keys(), consequence


@pytest.mark.parametrize("kind", ["table", "view"])
def test_our_materialization_takes_the_place_of_dbt_duckdbs(manifest: Manifest, kind: str) -> None:
    macro = manifest.find_materialization_macro_by_name("needloop", kind, "duckdb")
    assert macro is not None
    assert macro.package_name == "needloop", (
        f"dbt finds another materialization for {kind} first: nothing fails, but a model costs four statements more. "
        "See dbt_project/macros/materializations."
    )
    missing = {"create_table_as", "create_view_as", "run_hooks", "load_cached_relation"} - {
        macro.name for macro in manifest.macros.values()
    }
    assert not missing, f"dbt has no macro {missing} any more, which ours call: no model can be built"
