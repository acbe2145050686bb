"""What new rows make a run build, on a small graph drawn by hand.

crm__needs ──▶ stg_needs ──▶ int_as_of ──▶ fct_need ──▶ metric_values
                    └─────────────────────────▲              ▲
org__branches ──▶ stg_branches ──▶ dim_branch ───────────────┘
loads ──▶ mart_source_loads
keys, made from org.branches ──▶ dim_key
"""

from __future__ import annotations

from typing import Any

from dagster_pipelines.transformation.rebuild import partial_rebuild


def manifest() -> dict[str, Any]:
    models = (
        "stg_needs",
        "int_as_of",
        "fct_need",
        "metric_values",
        "stg_branches",
        "dim_branch",
        "mart_source_loads",
        "dim_key",
    )
    edges = {
        "source.crm__needs": ["model.stg_needs"],
        "source.org__branches": ["model.stg_branches"],
        "source.loads": ["model.mart_source_loads"],
        "source.keys": ["model.dim_key"],
        "model.stg_needs": ["model.int_as_of", "model.fct_need", "test.stg_needs_key"],
        "model.int_as_of": ["model.fct_need", "model.metric_values"],
        "model.fct_need": ["model.metric_values"],
        "model.stg_branches": ["model.dim_branch"],
        "model.dim_branch": ["model.metric_values"],
    }
    return {
        "nodes": {f"model.{name}": {"name": name, "resource_type": "model"} for name in models}
        | {"test.stg_needs_key": {"name": "stg_needs_key", "resource_type": "test"}},
        "sources": {
            "source.crm__needs": {"schema": "raw", "name": "needs", "identifier": "crm__needs"},
            "source.org__branches": {"schema": "raw", "name": "branches", "identifier": "org__branches"},
            "source.loads": {"schema": "landing", "name": "loads", "identifier": "loads"},
            "source.keys": {
                "schema": "pipeline",
                "name": "keys",
                "identifier": "keys",
                "config": {"meta": {"made_from": ["org.branches"]}},
            },
        },
        "child_map": edges,
    }


def test_only_what_lies_downstream_is_built() -> None:
    rebuild = partial_rebuild(manifest(), {"org.branches"}, as_of_changed=False)
    assert rebuild.select == ("dim_branch", "dim_key", "mart_source_loads", "metric_values", "stg_branches")


def test_the_date_does_not_spread_when_it_stays_the_same() -> None:
    rebuild = partial_rebuild(manifest(), {"crm.needs"}, as_of_changed=False)
    assert rebuild.select == ("fct_need", "mart_source_loads", "metric_values", "stg_needs")


def test_a_moved_date_means_everything() -> None:
    assert partial_rebuild(manifest(), {"org.branches"}, as_of_changed=True).select is None


def test_what_the_pipeline_itself_writes_is_new_in_every_run() -> None:
    rebuild = partial_rebuild(manifest(), set(), as_of_changed=False)
    assert rebuild.select == ("mart_source_loads",)
