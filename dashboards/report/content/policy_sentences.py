"""The rules that write sentences about policies: how the latest mature cohorts were kept."""

from __future__ import annotations

from dashboards.report.content.certainty import certainty
from dashboards.report.content.figures import change_against
from dashboards.report.content.material import Material
from dashboards.report.content.model import Movement, Sentence, Verdict
from dashboards.report.content.shares import share
from dashboards.report.content.standing_out import lowest
from dashboards.report.release import Period


def lowest_cohort_group(material: Material) -> Sentence | None:
    """The product category whose policies of the latest mature quarter of issue were kept least."""
    tested = latest_tested_quarter(material, "persistency_13")
    return lowest(material, "persistency_13", "product_category", tested.period) if tested else None


def latest_tested_quarter(material: Material, metric: str) -> Period | None:
    """The latest quarter of issue, up to the report's, whose policies were all tested."""
    for period in reversed(material.quarter.history):
        row = material.total(metric, period.period)
        if row is not None and row.value is not None:
            return period
    return None


def latest_persistency(material: Material, months: int, end: str = "") -> Sentence | None:
    """Persistency of the latest mature quarter of issue, and how it differs from the quarter of issue before."""
    metric = f"persistency_{months}"
    tested = latest_tested_quarter(material, metric)
    row = material.total(metric, tested.period) if tested else None
    if tested is None or row is None:
        return None
    definition, against = material.definitions[metric], tested.previous
    then = material.total(metric, against) if against else None
    change = change_against(row, definition, against, "previous")
    words = {"now": share(material, row), "quarter": tested.period}
    rows, verdict = [row.id], Verdict.NEUTRAL
    if then is None or change.movement is Movement.UNKNOWN:
        text = material.text("message.cohort", **words)
    else:
        text = material.text(
            "message.cohort_changed",
            **words,
            period=against,
            change=material.say(change.amount),
            certainty=certainty(material, row, then, definition),
        )
        rows.append(then.id)
        verdict = Verdict.NEUTRAL if row.is_small or then.is_small else change.verdict
    if row.is_small:
        text += material.text("message.small", n=row.n)
    return Sentence(f"latest_{metric}", "cohort", text + (material.text(end) if end else ""), tuple(rows), verdict)
