"""Charts of published numbers as data: trends over quarters, and groups side by side."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.content.figures import value_of
from dashboards.report.content.material import Material, listed
from dashboards.report.content.model import Chart, ChartKind, Number, Point, Series
from dashboards.report.number_text import NOTHING
from dashboards.report.release import MetricDefinition, MetricRow, Period


def trend_chart(
    material: Material,
    chart_id: str,
    title: str,
    metrics: Sequence[MetricDefinition],
    kind: ChartKind = ChartKind.LINES,
) -> Chart | None:
    """Those of the metrics that have a value over all quarters up to the report's; None when none has."""
    lines = [Series(d.label, _history(material, d)) for d in metrics]
    series = tuple(one for one in lines if any(point.number.value is not None for point in one.points))
    if not series:
        return None
    description = "; ".join(_course(material, one) for one in series)
    return Chart(chart_id, kind, title, f"{title}. {description}.", series, material.text("column.quarter"))


def trend(
    material: Material, *, metrics: str | Sequence[str], name: str, title: str = "", kind: ChartKind = ChartKind.LINES
) -> Chart | None:
    """Metrics in one chart, under a title or the name of the first metric."""
    names = listed(metrics)
    said = material.text(title) if title else material.label(names[0])
    return trend_chart(material, name, said, material.known(*names), ChartKind(kind))


def trends(material: Material, *metrics: str) -> list[Chart]:
    """A chart a metric."""
    charts = (trend(material, metrics=one, name=f"trend-{one}") for one in metrics)
    return [chart for chart in charts if chart is not None]


def group_trend(material: Material, *, metric: str, by: str, name: str, title: str) -> Chart | None:
    """The parts of a whole over all quarters up to the report's, stacked; None when there are none."""
    periods = material.quarter.history
    rows = material.release.rows([period.period for period in periods], by, [metric])
    if not rows:
        return None
    definition = material.definitions[metric]
    by_key = {(row.group_value, row.period): row for row in rows}
    series = tuple(
        Series(
            label,
            tuple(
                Point(p.period, p.period, value_of(by_key.get((group, p.period)), definition), p.in_progress)
                for p in periods
            ),
        )
        for group, label in {row.group_value: row.group_label for row in rows}.items()
    )
    words = f"{material.text(title)}. {'; '.join(_course(material, one) for one in series)}."
    axis = material.text("column.quarter")
    return Chart(name, ChartKind.STACKED_COLUMNS, material.text(title), words, series, axis)


def _history(material: Material, definition: MetricDefinition) -> tuple[Point, ...]:
    return tuple(
        Point(
            period.period,
            period.period,
            value_of(material.total(definition.metric, period.period), definition),
            period.in_progress,
        )
        for period in material.quarter.history
    )


def _course(material: Material, series: Series) -> str:
    known = [point for point in series.points if point.number.value is not None]
    if not known:
        return f"{series.name} {NOTHING}"
    first, last = known[0], known[-1]
    return material.text(
        "chart.course",
        name=series.name,
        first=material.say(first.number),
        first_period=first.label,
        last=material.say(last.number),
        last_period=last.label,
    )


def groups(
    material: Material,
    *,
    metrics: str | Sequence[str],
    by: str | Sequence[str],
    name: str,
    title: str = "",
    hide_small: bool = False,
) -> list[Chart]:
    """A chart a metric and grouping. `name` may hold `{metric}` and `{group}`; the title defaults to the metric's."""
    charts = (
        group_chart(
            material,
            name.format(metric=d.metric, group=group_by),
            material.text(title, metric=d.label, group=material.grouping_in_text(group_by)) if title else d.label,
            group_by=group_by,
            rows=[row for row in material.group(group_by, [d.metric]) if not (hide_small and row.is_small)],
            definition=d,
        )
        for d in material.known(*listed(metrics))
        for group_by in listed(by)
    )
    return [chart for chart in charts if chart is not None]


def group_chart(
    material: Material,
    chart_id: str,
    title: str,
    *,
    group_by: str,
    rows: Sequence[MetricRow],
    definition: MetricDefinition,
    period: Period | None = None,
) -> Chart | None:
    """One metric by group as bars, the quarter before as a tick; None when no group has a value.

    `period` is the quarter of the rows, where it is not the report's.
    """
    of = period or material.quarter.now
    mine = [row for row in rows if row.metric == definition.metric]
    shown = [row for row in mine if value_of(row, definition).value is not None]
    if not shown:
        return None
    now = Series(
        of.period,
        tuple(Point(row.group_value, row.group_label, value_of(row, definition)) for row in shown),
    )
    series = [now]
    before = of.previous
    if before and any(row.previous_value is not None for row in shown):
        series.append(Series(before, tuple(_before(row, definition) for row in shown)))
    return _bars(material, chart_id, title, series, material.grouping(group_by))


def bars(
    material: Material, chart_id: str, title: str, points: Sequence[Point], *, axis: str, series: str
) -> Chart | None:
    """Points as bars of one series; None when there are none."""
    return _bars(material, chart_id, title, [Series(series, tuple(points))], axis) if points else None


def _bars(material: Material, chart_id: str, title: str, series: Sequence[Series], axis: str) -> Chart:
    values = material.texts.listed([f"{p.label} {material.say(p.number)}" for p in series[0].points])
    return Chart(chart_id, ChartKind.BARS, title, f"{title}. {values}.", tuple(series), axis)


def _before(row: MetricRow, definition: MetricDefinition) -> Point:
    now = value_of(row, definition)
    return Point(row.group_value, row.group_label, Number(row.previous_value, now.format, row.id, "previous_value"))
