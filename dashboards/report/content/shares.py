"""Shares in words, each with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Sentence
from dashboards.report.release import MetricRow


def shares(material: Material, name: str, metrics: Sequence[str]) -> Sentence | None:
    """Several shares of the quarter, each with its numerator and denominator."""
    found = [(d, material.total(d.metric)) for d in material.known(*metrics)]
    said = [(d, row) for d, row in found if row is not None and row.value is not None]
    if not said:
        return None
    items = [share(material, row) for _, row in said]
    text = material.texts.text(f"sentence.{name}", quarter=material.period, items=material.texts.listed(items))
    return Sentence(name, name, text, tuple(row.id for _, row in said))


def share(material: Material, row: MetricRow) -> str:
    """A share in words: what it is called, its value and its parts."""
    definition = material.definitions[row.metric]
    return material.texts.text(
        "sentence.share_of",
        label=definition.label,
        value=material.say(value_of(row, definition)),
        hits=material.say(part_of(row, "numerator")),
        cases=material.say(part_of(row, "denominator")),
    )
