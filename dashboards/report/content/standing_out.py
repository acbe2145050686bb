"""The group in which a share stands out, among those with enough cases to be compared."""

from __future__ import annotations

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Sentence
from dashboards.report.release import MetricRow


def highest(material: Material, metric: str, group_by: str) -> Sentence | None:
    """The group in which a share is highest, of those with enough cases; said where there are two to compare."""
    rows = [r for r in material.group(group_by, [metric]) if r.value is not None and not r.is_small]
    if len(rows) < 2 or not any(row.value for row in rows):
        return None
    most = max(rows, key=lambda row: (row.value or 0.0, row.group_value))
    return _standing_out(material, "highest", most)


def lowest(material: Material, metric: str, group_by: str) -> Sentence | None:
    """The group in which a share is lowest, of those with enough cases; said where there are two to compare."""
    rows = [r for r in material.group(group_by, [metric]) if r.value is not None and not r.is_small]
    return lowest_of(material, rows)


def lowest_of(material: Material, rows: list[MetricRow]) -> Sentence | None:
    """The row with the lowest share, of two or more."""
    if len(rows) < 2:
        return None
    return _standing_out(material, "lowest", min(rows, key=lambda row: (row.value or 0.0, row.group_value)))


def _standing_out(material: Material, rule: str, row: MetricRow) -> Sentence:
    definition = material.definitions[row.metric]
    text = material.texts.text(
        f"sentence.{rule}",
        quarter=row.period,
        metric=definition.label,
        grouping=material.grouping(row.group_by),
        group=row.group_label,
        value=material.say(value_of(row, definition)),
        hits=material.say(part_of(row, "numerator")),
        cases=material.say(part_of(row, "denominator")),
    )
    return Sentence(f"{rule}_{row.metric}_{row.group_by}", rule, text, (row.id,))
