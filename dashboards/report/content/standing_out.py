"""The group in which a share stands out, among those with enough cases to be compared."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.model import Sentence
from dashboards.report.release import MetricRow


def highest(material: Material, metric: str, group_by: str) -> Sentence | None:
    """The group in which a share is highest, of two or more with enough cases."""
    rows = [row for row in material.group(group_by, [metric]) if _has_enough(row)]
    if len(rows) < 2 or not any(row.value for row in rows):
        return None
    most = max(rows, key=_order)
    return _standing_out(material, "highest", f"highest_{metric}_{group_by}", most, [most])


def lowest(material: Material, metric: str, group_by: str, period: str = "") -> Sentence | None:
    """The group in which a share is lowest, of two or more with enough cases."""
    rows = [row for row in material.release.rows([period or material.period], group_by, [metric]) if _has_enough(row)]
    if len(rows) < 2:
        return None
    least = min(rows, key=_order)
    return _standing_out(material, "lowest", f"lowest_{metric}_{group_by}", least, [least])


def weakest_grade(material: Material) -> Sentence | None:
    """The grade that keeps its deadlines least often."""
    rows = [row for row in material.group("grade", ["sla_compliance"]) if _has_enough(row)]
    if len(rows) < 2:
        return None
    return _standing_out(material, "weakest_grade", "weakest_grade", min(rows, key=_order), rows)


def _has_enough(row: MetricRow) -> bool:
    return row.value is not None and not row.is_small


def _order(row: MetricRow) -> tuple[float, str]:
    return row.value or 0.0, row.group_value


def _standing_out(material: Material, rule: str, name: str, row: MetricRow, compared: Sequence[MetricRow]) -> Sentence:
    text = material.text(
        f"sentence.{rule}",
        quarter=row.period,
        metric=material.label(row.metric),
        grouping=material.grouping_in_text(row.group_by),
        group=row.group_label,
        value=material.say(value_of(row, material.definitions[row.metric])),
        hits=material.say(part_of(row, "numerator")),
        cases=material.say(part_of(row, "denominator")),
    )
    return Sentence(name, rule, text, tuple(one.id for one in compared))


def most_complained(material: Material, group_by: str) -> Sentence | None:
    """The group with most complaints, and how many of all those are."""
    total = material.total("complaints_received")
    rows = [row for row in material.group(group_by, ["complaints_received"]) if row.value]
    if total is None or not total.value or len(rows) < 2:
        return None
    most = max(rows, key=_order)
    definition = material.definitions["complaints_received"]
    text = material.text(
        "sentence.most_complained",
        grouping=material.grouping_in_text(group_by),
        group=most.group_label,
        count=material.say(value_of(most, definition)),
        total=material.say(value_of(total, definition)),
    )
    return Sentence(f"most_complained_{group_by}", "most_complained", text, (most.id, total.id))
