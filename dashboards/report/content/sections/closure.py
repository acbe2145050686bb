"""The closed loop itself: the funnel from raised to closed, deadlines by grade, what comes back."""

from __future__ import annotations

from dashboards.report.content.charts import group_chart, trend_chart
from dashboards.report.content.figures import part_of, value_of
from dashboards.report.content.material import Material
from dashboards.report.content.messages import funnel_message, standing
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartGroup,
    ChartKind,
    Column,
    Point,
    Section,
    Sentences,
    Series,
    Table,
    Text,
)
from dashboards.report.content.sentences import weakest_grade
from dashboards.report.content.tables import group_table, metric_table

GRADE_METRICS = (
    "needs_raised",
    "sla_compliance",
    "resolution_rate",
    "closed_loop_rate",
    "time_to_resolution_p50",
    "time_to_resolution_p90",
    "time_to_resolution_p50_business",
    "excess_need_hours",
)


def funnel(material: Material) -> Section:
    """Raised, valid, settled, closed loop: four counts that are published as values or numerators."""
    t = material.texts.text
    raised, valid = material.total("needs_raised"), material.total("needs_valid_raised")
    settled, closed = material.total("resolution_rate"), material.total("closed_loop_rate")
    steps = (
        ("raised", part_of(raised, "numerator"), None),
        ("valid", part_of(valid, "numerator"), None),
        ("settled", part_of(settled, "numerator"), settled),
        ("closed", part_of(closed, "numerator"), closed),
    )
    title, lead = t("funnel.title"), t("funnel.lead", quarter=material.period)
    if raised is None or not raised.value:
        return Section("funnel", title, lead, (material.empty("empty.needs"),))
    points = tuple(Point(step, t(f"funnel.{step}"), number) for step, number, _ in steps)
    values = material.texts.listed([f"{p.label} {material.say(p.number)}" for p in points])
    caption = t("funnel.caption", quarter=material.period)
    chart = Chart(
        "funnel", ChartKind.BARS, caption, f"{caption}. {values}.", (Series(material.period, points),), t("column.step")
    )
    rows: list[tuple[Cell, ...]] = []
    for step, number, row in steps:
        definition = material.definitions.get(row.metric) if row is not None else None
        share: Cell = value_of(row, definition) if definition else Text("–", mark="muted")
        rows.append((Text(t(f"funnel.{step}"), head=True), number, share, Text(t(f"funnel.{step}_meaning"))))
    charts = [chart] + [
        by_category
        for d in material.known("closed_loop_rate")
        if (
            by_category := group_chart(
                material,
                "closed-loop-by-category",
                t("funnel.by_category", metric=d.label),
                group_by="category",
                rows=material.group("category", [d.metric]),
                definition=d,
            )
        )
    ]
    table = Table(
        "funnel-steps",
        caption,
        (
            Column(t("column.step"), numeric=False),
            Column(t("column.needs")),
            Column(t("column.of_valid")),
            Column(t("column.meaning"), numeric=False),
        ),
        tuple(rows),
    )
    message = funnel_message(material)
    return Section("funnel", title, lead, (ChartGroup(tuple(charts)), table), message=message)


def deadlines(material: Material) -> Section:
    """SLA compliance and times by grade."""
    t = material.texts.text
    title, lead = t("sla.title"), t("sla.lead")
    rows = material.grades
    metrics = material.known(*GRADE_METRICS)
    if not rows or "sla_compliance" not in material.definitions:
        return Section("sla", title, lead, (material.empty("empty.groups"),))
    sla = material.definitions["sla_compliance"]
    charts = [
        group_chart(material, "sla-by-grade", t("sla.chart"), group_by="grade", rows=rows, definition=sla),
        trend_chart(material, "sla-trend", sla.label, [sla]),
    ]
    shown = tuple(chart for chart in charts if chart is not None)
    sentence = weakest_grade(material)
    blocks: list[Block] = [Sentences((sentence,))] if sentence else []
    blocks.append(ChartGroup(shown) if shown else material.empty("empty.due"))
    caption = t("sla.caption", quarter=material.period)
    blocks.append(group_table(material, "sla-grades", caption, group_by="grade", rows=rows, metrics=metrics))
    return Section("sla", title, lead, tuple(blocks), message=standing(material, "sla_compliance"))


def comebacks(material: Material) -> Section:
    """Recurrence, reopenings and verification."""
    t = material.texts.text
    metrics = material.known("recurrence_rate", "reopen_rate", "verification_rate")
    rows = material.group("category", [m.metric for m in metrics])
    charts = [trend_chart(material, f"trend-{m.metric}", m.label, [m]) for m in metrics]
    charts += [
        group_chart(
            material,
            f"category-{m.metric}",
            t("comebacks.chart", metric=m.label),
            group_by="category",
            rows=rows,
            definition=m,
        )
        for m in material.known("recurrence_rate")
    ]
    shown = tuple(chart for chart in charts if chart is not None)
    blocks: list[Block] = [ChartGroup(shown) if shown else material.empty()]
    if metrics:
        caption = t("comebacks.caption", quarter=material.period)
        blocks.append(metric_table(material, "comebacks-figures", caption, metrics))
        if rows:
            caption = t("comebacks.by_category", quarter=material.period)
            blocks.append(
                group_table(material, "comebacks-categories", caption, group_by="category", rows=rows, metrics=metrics)
            )
        else:
            blocks.append(material.empty("empty.groups"))
    message = standing(material, "recurrence_rate", "reopen_rate")
    return Section("comebacks", t("comebacks.title"), t("comebacks.lead"), tuple(blocks), message=message)


def ratings(material: Material) -> Section:
    """What customers say: csat, nps, ces, and the satisfaction given at verification."""
    t = material.texts.text
    metrics = material.known("verified_satisfaction", "csat_top2", "nps", "ces_mean")
    charts = [trend_chart(material, f"trend-{m.metric}", m.label, [m]) for m in metrics]
    shown = tuple(chart for chart in charts if chart is not None)
    blocks: list[Block] = [ChartGroup(shown) if shown else material.empty("empty.ratings")]
    if metrics:
        caption = t("ratings.caption", quarter=material.period)
        blocks.append(metric_table(material, "ratings-figures", caption, metrics))
    message = standing(material, "verified_satisfaction", "csat_top2")
    return Section("ratings", t("ratings.title"), t("ratings.lead"), tuple(blocks), message=message)
