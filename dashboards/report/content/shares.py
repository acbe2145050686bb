"""Numbers of the quarter in words: shares with what they are made of, and facts put into a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.figures import change_of, part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Number, Sentence
from dashboards.report.release import MetricRow


def shares(material: Material, *, name: str, metrics: Sequence[str]) -> Sentence | None:
    """Several shares of the quarter, each with its numerator and denominator."""
    found = [(d, material.total(d.metric)) for d in material.known(*metrics)]
    said = [(d, row) for d, row in found if row is not None and row.value is not None]
    if not said:
        return None
    items = [share(material, row) for _, row in said]
    text = material.text(f"sentence.{name}", items=material.texts.listed(items))
    return Sentence(name, name, text, tuple(row.id for _, row in said))


def facts(material: Material, *, name: str, text: str, rule: str = "", **values: str) -> Sentence | None:
    """A text filled with numbers, each named as `metric`, `metric.numerator`, `metric.denominator` or `metric.change`.

    It is said only when the release has all of them.
    """
    rows = {value.partition(".")[0]: material.total(value.partition(".")[0]) for value in values.values()}
    numbers = {key: _fact(material, value) for key, value in values.items()}
    if any(number is None or number.value is None for number in numbers.values()):
        return None
    said = {key: material.say(number) for key, number in numbers.items() if number is not None}
    filled = material.text(text, period=material.quarter.against("previous"), **said)
    return Sentence(name, rule or name, filled, tuple(row.id for row in rows.values() if row is not None))


def _fact(material: Material, value: str) -> Number | None:
    metric, _, field = value.partition(".")
    row, definition = material.total(metric), material.definitions.get(metric)
    if row is None or definition is None:
        return None
    if field == "change":
        return change_of(row, definition, material.quarter, "previous").amount
    if field == "numerator":
        return part_of(row, "numerator")
    return part_of(row, "denominator") if field else value_of(row, definition)


def share(material: Material, row: MetricRow) -> str:
    """A share in words: what it is called, its value and its parts."""
    definition = material.definitions[row.metric]
    return material.text(
        "sentence.share_of",
        label=definition.label,
        value=material.say(value_of(row, definition)),
        hits=material.say(part_of(row, "numerator")),
        cases=material.say(part_of(row, "denominator")),
    )
