"""The guide to the metrics lists exactly the metrics that are defined, by the names that they are published under."""

from __future__ import annotations

from typing import Any

import yaml

from needloop.settings import PROJECT_ROOT

GUIDE = PROJECT_ROOT / "docs" / "metrics.md"
DEFINITIONS = PROJECT_ROOT / "dbt_project" / "models" / "semantic_definitions"


def defined() -> list[dict[str, Any]]:
    """The published metrics in order of display."""
    metrics = [
        metric
        for file in sorted(DEFINITIONS.glob("*.yml"))
        for metric in yaml.safe_load(file.read_text("utf-8")).get("metrics", ())
        if "section" in metric.get("config", {}).get("meta", {})  # metrics without one are parts of others
    ]
    return sorted(metrics, key=lambda m: int(m["config"]["meta"]["display_order"]))


def row(metric: dict[str, Any]) -> str:
    """The guide's table row of a metric."""
    meta = metric["config"]["meta"]
    cells = (
        f"`{metric['name']}`",
        meta["label_zh"],
        metric["label"],
        meta["unit"],
        meta["additivity"],
        meta["direction"],
    )
    return f"| {' | '.join(cells)} |"


def test_the_guide_lists_every_metric_as_it_is_defined() -> None:
    listed = [line for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("| `")]
    metrics = {metric["name"] for metric in defined()}
    assert [line for line in listed if line.split("`")[1] in metrics] == [row(metric) for metric in defined()]


def test_every_definition_says_what_readers_are_shown() -> None:
    always = {"section", "display_order", "label_zh", "description_zh", "unit", "direction", "additivity", "owner"}
    for metric in defined():
        meta = metric["config"]["meta"]
        needed = always | {
            f"{part}_{language}"
            for part in {"ratio": ("numerator", "denominator"), "mean": ("numerator", "denominator")}.get(
                meta["additivity"], ("denominator",) if meta["additivity"] == "quantile" else ("numerator",)
            )
            for language in ("zh", "en")
        }
        assert needed <= meta.keys(), metric["name"]
        assert metric["label"], metric["name"]
        assert metric["description"], metric["name"]
