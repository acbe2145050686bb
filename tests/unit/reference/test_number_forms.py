"""Every unit that a number is published in has a form, in both languages."""

from __future__ import annotations

import csv

import pytest
import yaml

from dashboards.report.content.model import NumberFormat
from needloop.document_forms import LANGUAGES
from needloop.number_forms import form_of_unit, number_form
from needloop.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
DEFINITIONS = PROJECT_ROOT / "dbt_project" / "models" / "semantic_definitions"


def units() -> set[str]:
    """The units of metrics, of outcomes of training and of experiments, and those that have a name."""
    metrics = [
        metric.get("config", {}).get("meta", {})
        for file in DEFINITIONS.glob("*.yml")
        for metric in yaml.safe_load(file.read_text("utf-8")).get("metrics", ())
    ]
    found = {meta["unit"] for meta in metrics if "unit" in meta}
    for seed, column in (("effect_outcomes", "unit"), ("experiment_metrics", "unit")):
        with (REFERENCE / f"{seed}.csv").open(encoding="utf-8") as file:
            found |= {row[column] for row in csv.DictReader(file)}
    with (REFERENCE / "labels.csv").open(encoding="utf-8") as file:
        return found | {row["group_value"] for row in csv.DictReader(file) if row["group_by"] == "unit"}


@pytest.mark.parametrize("unit", sorted(units()))
def test_a_unit_has_a_form_and_its_suffixes_both_languages(unit: str) -> None:
    name = form_of_unit(unit)
    assert name is not None
    form = number_form(name)
    for suffixes in (form.suffix, form.change_suffix, form.percent_change_suffix):
        assert set(suffixes) in (set(), set(LANGUAGES))


@pytest.mark.parametrize("name", NumberFormat)
def test_the_report_knows_the_form_of_each_of_its_numbers(name: NumberFormat) -> None:
    assert number_form(name).decimals >= 0


def test_a_rate_is_written_in_per_cent_and_its_change_in_points() -> None:
    rate = number_form("rate")
    assert (rate.scale, rate.decimals) == (100, 1)
    assert (rate.suffix_in("zh"), rate.suffix_in("zh", change=True)) == ("%", " 个百分点")


def test_a_unit_that_is_not_known_has_no_form() -> None:
    assert form_of_unit("furlongs") is None
