"""Courses over the quarters: trends of the main figures, and the backlog with its ages."""

from __future__ import annotations

from dashboards.report.content.charts import trend_chart
from dashboards.report.content.material import Material
from dashboards.report.content.model import Block, Chart, ChartGroup, ChartKind, Section, Sentences
from dashboards.report.content.sentences import backlog as backlog_sentence
from dashboards.report.content.tables import metric_table

TRENDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rates", ("resolution_rate", "closed_loop_rate")),
    ("volumes", ("needs_raised", "needs_resolved")),
    ("p50", ("time_to_resolution_p50",)),
    ("p90", ("time_to_resolution_p90",)),
)

AGES = ("backlog_age_0_7", "backlog_age_8_15", "backlog_age_16_30", "backlog_age_31_60", "backlog_age_61_plus")


def trends(material: Material) -> Section:
    """The main figures over all quarters that the release has, up to the report's."""
    t = material.texts.text
    charts: list[Chart] = []
    for name, metrics in TRENDS:
        chart = trend_chart(material, f"trend-{name}", t(f"trends.{name}"), material.known(*metrics))
        if chart is not None:
            charts.append(chart)
    block: Block = ChartGroup(tuple(charts)) if charts else material.empty()
    return Section("trends", t("trends.title"), t("trends.lead"), (block,))


def backlog(material: Material) -> Section:
    """What is open: in and out over the quarters, and how old it is."""
    t = material.texts.text
    title, lead = t("backlog.title"), t("backlog.lead")
    ages = material.known(*AGES)
    flow = material.known("opening_backlog", "needs_raised", "needs_resolved", "closing_backlog", "excess_need_hours")
    charts = [
        trend_chart(material, "backlog-ages", t("backlog.ages"), ages, ChartKind.STACKED_COLUMNS),
        trend_chart(material, "excess-hours", material.label("excess_need_hours"), material.known("excess_need_hours")),
    ]
    shown = tuple(chart for chart in charts if chart is not None)
    blocks: list[Block] = []
    sentence = backlog_sentence(material)
    if sentence is not None:
        blocks.append(Sentences((sentence,)))
    blocks.append(ChartGroup(shown) if shown else material.empty("empty.backlog"))
    if flow or ages:
        caption = t("backlog.caption", quarter=material.period)
        blocks.append(metric_table(material, "backlog-figures", caption, [*flow, *ages]))
    return Section("backlog", title, lead, tuple(blocks))
