"""From a dashboard over its charts and datasets to the models: exactly those that its dbt exposure names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from needloop.settings import PROJECT_ROOT
from tests.dashboard_server import EVERYONE, FOLDER, dashboards

_MODELS = PROJECT_ROOT / "dbt_project" / "models"
# Provisioning reads labels, units and groupings there.
_DEFINITIONS = {"dim_metric", "dim_group_value"}
_NUMBERS = "metric_trend"


def _listed(folder: Path) -> list[dict[str, Any]]:
    content = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(folder.glob("*.yml"))]
    return [one for entry in content for one in (entry if isinstance(entry, list) else [entry])]


def _models_of(dataset: dict[str, Any]) -> set[str]:
    return {dataset["model"], *re.findall(r"marts\.(\w+)", dataset.get("sql", ""))} - {"release_info"}


def _models_of_dashboard(dashboard: dict[str, Any]) -> set[str]:
    charts = {chart["name"]: chart.get("dataset", _NUMBERS) for chart in _listed(FOLDER / "assets" / "charts")}
    filters = {one["name"]: one["dataset"] for one in _listed(FOLDER / "assets" / "filters")}
    datasets = {dataset["name"]: _models_of(dataset) for dataset in _listed(FOLDER / "assets" / "datasets")}
    rows = [*dashboard["above_tabs"], *(row for tab in dashboard["tabs"] for row in tab["rows"])]
    cells = [cell for row in rows for cell in row if "note" not in cell]
    used = {charts[cell["chart"]] if "chart" in cell else cell.get("dataset", _NUMBERS) for cell in cells}
    used |= {filters.get(name, _NUMBERS) for name in dashboard["filters"]}
    return set().union(*(datasets[name] for name in used)) | _DEFINITIONS


@pytest.mark.parametrize("dashboard", dashboards(), ids=lambda dashboard: str(dashboard["name"]))
def test_the_exposure_names_the_models_that_the_dashboard_reads(dashboard: dict[str, Any]) -> None:
    exposures = {
        exposure["name"]: exposure
        for file in (_MODELS / "exposures").glob("*.yml")
        for exposure in yaml.safe_load(file.read_text("utf-8"))["exposures"]
    }
    exposure = exposures[f"{dashboard['name'].replace('-', '_')}_dashboard"]
    named = {re.findall(r"'(\w+)'", reference)[0] for reference in exposure["depends_on"]}
    assert named == _models_of_dashboard(dashboard)


def _published() -> dict[str, str]:
    """Name of each published model → for whom its rows are."""
    return {
        model["name"]: model["config"]["meta"].get("audience", EVERYONE)
        for file in (_MODELS / "marts").rglob("_*.yml")
        for model in yaml.safe_load(file.read_text("utf-8")).get("models", [])
        if model.get("config", {}).get("meta", {}).get("published")
    }


def test_every_dataset_reads_a_published_model() -> None:
    published = _published()
    for dataset in _listed(FOLDER / "assets" / "datasets"):
        assert _models_of(dataset) <= published.keys(), dataset["name"]


def test_a_dataset_is_for_those_for_whom_its_models_are() -> None:
    """Rows of single persons reach nobody else: provisioning keeps each dataset to its audience."""
    published = _published()
    datasets = _listed(FOLDER / "assets" / "datasets")
    for dataset in datasets:
        closed = {published[model] for model in _models_of(dataset)} - {EVERYONE}
        assert closed <= {dataset.get("audience", EVERYONE)}, dataset["name"]
    assert {dataset["audience"] for dataset in datasets if "audience" in dataset} == {"training_lead"}
