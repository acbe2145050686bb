"""Courses over the quarters: trends of the main figures, and the backlog with its ages."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.charts import trend_chart
from dashboards.report.content.material import Material
from dashboards.report.content.messages import standing
from dashboards.report.content.model import (
    Block,
    Cell,
    Chart,
    ChartGroup,
    ChartKind,
    Column,
    Number,
    NumberFormat,
    Section,
    Table,
    Text,
)
from dashboards.report.content.sentences import backlog as backlog_sentence
from dashboards.report.content.tables import metric_table
from dashboards.report.release import BacklogFlow

TRENDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rates", ("resolution_rate", "closed_loop_rate")),
    ("volumes", ("needs_raised", "needs_resolved")),
    ("p50", ("time_to_resolution_p50",)),
    ("p90", ("time_to_resolution_p90",)),
)

FLOW = ("opening_backlog", "raised", "reopened", "resolved", "rejected", "closing_backlog")
QUARTERS_OF_FLOW = 8
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
    message = standing(material, "resolution_rate")
    return Section("trends", t("trends.title"), t("trends.lead"), (block,), message=message)


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
    blocks.append(ChartGroup(shown) if shown else material.empty("empty.backlog"))
    if flow or ages:
        caption = t("backlog.caption", quarter=material.period)
        blocks.append(metric_table(material, "backlog-figures", caption, [*flow, *ages]))
    blocks += _flow_tables(material)
    return Section("backlog", title, lead, tuple(blocks), message=backlog_sentence(material))


def _flow_tables(material: Material) -> list[Block]:
    """Opening and in and out make closing: over the last quarters, and by department in this one."""
    t = material.texts.text
    periods = [period.period for period in material.quarter.history[-QUARTERS_OF_FLOW:]]
    over_time = material.release.backlog_flow(periods)
    by_department = material.release.backlog_flow([material.period], "owner_department")
    tables: list[Block] = []
    if over_time:
        title = Column(t("column.quarter"), numeric=False)
        rows = [(one.period, one) for one in over_time]
        tables.append(_flow_table(material, "backlog-flow", t("backlog.flow"), title, rows))
    if by_department:
        title = Column(material.grouping("owner_department"), numeric=False)
        caption = t("backlog.flow_by_department", quarter=material.period)
        rows = [(one.group_label, one) for one in by_department]
        tables.append(_flow_table(material, "backlog-flow-departments", caption, title, rows))
    return tables


def _flow_table(
    material: Material, table_id: str, caption: str, head: Column, rows: Sequence[tuple[str, BacklogFlow]]
) -> Table:
    t = material.texts.text
    columns = (head, *(Column(t(f"flow.{step}")) for step in FLOW))
    lines: list[tuple[Cell, ...]] = [
        (
            Text(label, head=True),
            *(Number(float(getattr(flow, step)), NumberFormat.COUNT, flow.id, step) for step in FLOW),
        )
        for label, flow in rows
    ]
    return Table(table_id, caption, columns, tuple(lines), (t("backlog.flow_note"),))
