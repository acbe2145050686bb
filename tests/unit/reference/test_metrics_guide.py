"""The guides to the metrics list exactly the metrics that are defined, by the names that they are published under."""

from __future__ import annotations

import pytest

from dagster_pipelines.transformation.metrics_guide import GUIDES, guide_with_tables, published_metrics


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_is_fresh(language: str) -> None:
    text = GUIDES[language].read_text(encoding="utf-8")
    assert text == guide_with_tables(text, language), (
        "Run python -m dagster_pipelines.transformation.metrics_guide and commit docs/metrics*.md"
    )


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_lists_every_metric_once(language: str) -> None:
    lines = GUIDES[language].read_text(encoding="utf-8").splitlines()
    metrics = {metric["name"] for metric in published_metrics()}
    listed = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert [name for name in listed if name in metrics] == [metric["name"] for metric in published_metrics()]


def test_every_definition_says_what_readers_are_shown() -> None:
    always = {"section", "display_order", "label_zh", "description_zh", "unit", "direction", "additivity", "owner"}
    for metric in published_metrics():
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
