"""Published marts about single persons say whom they are for, so that their rows can be kept from everyone else."""

from __future__ import annotations

from typing import Any

import yaml

from needloop.settings import PROJECT_ROOT

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
ABOUT_PERSONS = "staff_id"
WITHOUT_JUDGEMENT = {"dim_staff"}
"""Who works where, in which role: nothing about how well."""


def keys(model: dict[str, Any]) -> set[str]:
    """Columns of the model's key."""
    tests = [t["unique_key"] for t in model.get("data_tests", ()) if isinstance(t, dict) and "unique_key" in t]
    return {column for test in tests for column in test["arguments"]["columns"]}


def published() -> list[dict[str, Any]]:
    """The marts that a release holds."""
    models = [m for f in sorted(MARTS.rglob("*.yml")) for m in yaml.safe_load(f.read_text("utf-8")).get("models", ())]
    return [m for m in models if m.get("config", {}).get("meta", {}).get("published")]


def test_a_mart_with_a_row_a_person_names_its_audience() -> None:
    about_persons = {m["name"]: m["config"]["meta"].get("audience") for m in published() if ABOUT_PERSONS in keys(m)}
    assert {name for name, audience in about_persons.items() if not audience} == WITHOUT_JUDGEMENT
    assert about_persons["mart_staff_ranking"] == "training_lead"
    assert len(about_persons) >= 6
