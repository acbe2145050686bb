"""Charts that draw: lines, bars, heatmaps, flows, funnels, courses within a band and the Pareto of a ranking."""

from __future__ import annotations

from typing import Any

from . import numbers, queries
from .chart_context import ChartContext, ChartDefinition, Drawing
from .definitions import COUNT, RATE, Metric

_RATE_AXIS = [0, 1]
_SMALL_SAMPLE = {"zh": "样本少", "en": "small sample"}
_REACHED = {"zh": "到达率", "en": "Reached"}
_STEP = {"zh": "步骤", "en": "Step"}
_NEUTRAL = "neutral"
# English names are longer than Chinese ones; Superset would cut them.
_MARGIN_FOR_NAMES = {"zh": 100, "en": 150}
_ROTATED_NAMES = {"zh": 0, "en": 30}
_NO_CHANGE = {"zh": "零线：无变化", "en": "Zero: no change"}
_UNKNOWN = "unknown"
# Grades have an order of their own; other groups are ordered by their number.
_IN_THEIR_OWN_ORDER = {"grade"}


def trend(text: ChartDefinition, context: ChartContext) -> Drawing:
    """Metrics by quarter, of the whole bank or of the group that is chosen."""
    metrics = context.metrics(text.get("metrics") or [text["metric"]])
    names = [metric.name for metric in metrics]
    form_data = {
        **_axes(metrics, text),
        "x_axis": numbers.PERIOD_LABEL,
        "metrics": names,
        "groupby": [],
        "adhoc_filters": numbers_of(metrics),
        "markerEnabled": True,
        "stack": "Stack" if text.get("stacked") else None,
        "show_legend": len(metrics) > 1,
    }
    shape = text.get("shape", "line")
    asked = [queries.query(form_data, [numbers.PERIOD_LABEL], names)]
    return Drawing(
        _shape(shape), form_data, asked, series=tuple((metric.name, context.label(metric)) for metric in metrics)
    )


def group_trend(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A metric by quarter, a line a group, or stacked bars where groups add up."""
    metric, group = context.definitions.metric(text["metric"]), context.definitions.grouping(text["group_by"]).name
    form_data = {
        **_axes([metric], text),
        "x_axis": numbers.PERIOD_LABEL,
        "metrics": [metric.name],
        "groupby": [group],
        "adhoc_filters": numbers_of([metric], group),
        "markerEnabled": True,
        "stack": "Stack" if text.get("stacked") else None,
        "truncate_metric": True,
        "sort_series_type": "name",
    }
    asked = [queries.query(form_data, [numbers.PERIOD_LABEL, group], [metric.name])]
    return Drawing(_shape(text.get("shape", "line")), form_data, asked)


def breakdown(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A metric by group: a bar a group, pale where it rests on few cases. A click filters by the group."""
    metric, group = context.definitions.metric(text["metric"]), context.definitions.grouping(text["group_by"]).name
    label = context.label(metric)
    pale = f"{label} · {_SMALL_SAMPLE[context.language]}"
    values: list[Any] = [metric.name]
    if metric.unit == RATE:
        values = [
            queries.sql_metric(label, numbers.value_sql(metric, "not is_small")),
            queries.sql_metric(pale, numbers.value_sql(metric, "is_small")),
        ]
    ranked = group not in _IN_THEIR_OWN_ORDER
    form_data = {
        **_axes([metric], text),
        "x_axis": group,
        "metrics": values,
        "groupby": [],
        "adhoc_filters": numbers_of([metric], group),
        "show_value": True,
        "only_total": len(values) > 1,
        "stack": "Stack" if len(values) > 1 else None,
        "show_legend": len(values) > 1,
        # By value, those on few cases last.
        "x_axis_sort": (label if len(values) > 1 else metric.name) if ranked else None,
        "x_axis_sort_asc": not ranked,
        "xAxisLabelRotation": _ROTATED_NAMES[context.language],
    }
    asked = [queries.query(form_data, [group], values)]
    return Drawing(_shape("bar"), form_data, asked, series=((metric.name, label),), pale_series=(pale,))


def heatmap(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A metric by group and quarter: where it is better or worse than elsewhere or before."""
    metric, group = context.definitions.metric(text["metric"]), context.definitions.grouping(text["group_by"]).name
    # What cannot be told apart would outshine the groups that can.
    filters = [*numbers_of([metric], group), queries.differs("group_value", _UNKNOWN)]
    shown: Any = metric.name
    if text.get("hide_small"):
        shown = queries.sql_metric(context.label(metric), numbers.value_sql(metric, "not is_small"))
    form_data = {
        **_coloured_cells(metric.number_format, metric.direction, context.language),
        "x_axis": numbers.PERIOD_LABEL,
        "groupby": group,
        "metric": shown,
        "adhoc_filters": filters,
    }
    return Drawing("heatmap_v2", form_data, [queries.query(form_data, [numbers.PERIOD_LABEL, group], [shown])])


def grid(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A metric of a mart by two of its columns: cohorts by age, levels by levels."""
    name: str = text["metric"]
    (found,) = (metric for metric in context.datasets[text["dataset"]].metrics if metric["metric_name"] == name)
    direction: str = _NEUTRAL
    judged: str = text.get("judged_like") or name
    if context.definitions.defines(judged):
        metric = context.definitions.metric(judged)
        # Larger groups have larger counts: that is neither better nor worse.
        direction = _NEUTRAL if metric.unit == COUNT else metric.direction
    across, down = text["across"], text["down"]
    form_data = {
        **_coloured_cells(found["d3format"], direction, context.language),
        "x_axis": across,
        "groupby": down,
        "metric": name,
        "adhoc_filters": [],
    }
    return Drawing("heatmap_v2", form_data, [queries.query(form_data, [across, down], [name])])


def _coloured_cells(number_format: str, direction: str, language: str) -> dict[str, Any]:
    return {
        "row_limit": queries.ROW_LIMIT,
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "normalize_across": "heatmap",
        "linear_color_scheme": f"needloop_{direction}",
        "y_axis_format": number_format,
        "show_values": True,
        "show_legend": False,
        "show_percentage": False,
        "left_margin": _MARGIN_FOR_NAMES[language],
        "bottom_margin": "auto",
        "value_bounds": [None, None],
        "xscale_interval": -1,
        "yscale_interval": 1,
    }


def sankey(text: ChartDefinition, context: ChartContext) -> Drawing:
    """Passages from the values of one column of a mart to those of another.

    The two columns must not share a value: Superset draws no flow that comes back to where it began.
    """
    metric = context.definitions.metric(text["metric"])
    form_data = {
        "source": text["from"],
        "target": text["to"],
        "metric": metric.name,
        "adhoc_filters": [],
        "color_scheme": "needloop",
        "row_limit": queries.ROW_LIMIT,
    }
    return Drawing("sankey_v2", form_data, [queries.query(form_data, [text["from"], text["to"]], [metric.name])])


def funnel(text: ChartDefinition, context: ChartContext) -> Drawing:
    """Rates over the same cases, one after the other: how many reach each step."""
    metrics = context.metrics(text["metrics"])
    reached = queries.sql_metric(_REACHED[context.language], numbers.picked("value"))
    labels = [f"{place} {context.label(metric)}" for place, metric in enumerate(metrics, start=1)]
    quoted = [label.replace("'", "''") for label in labels]
    cases = " ".join(f"when '{metric.name}' then '{label}'" for metric, label in zip(metrics, quoted, strict=True))
    step = queries.sql_column(_STEP[context.language], f"case metric {cases} end")
    form_data = {
        "groupby": [step],
        "metric": reached,
        "adhoc_filters": numbers_of(metrics),
        "color_scheme": "needloop",
        "number_format": metrics[0].number_format,
        "row_limit": queries.ROW_LIMIT,
        # The largest share on top, which is the first step.
        "sort_by_metric": True,
        "show_labels": True,
        "show_tooltip_labels": True,
        "show_legend": False,
        "label_type": 3,  # name and value
        "tooltip_label_type": 3,
        "percent_calculation_type": "first_step",
    }
    asked = [queries.query(form_data, [step], [reached], [[reached, False]])]
    return Drawing("funnel", form_data, asked, light_series=tuple(labels))


def course(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A number of a mart over a count (months since …), between the ends of its band, and a line at zero."""
    metrics = {metric["metric_name"]: metric for metric in context.datasets[text["dataset"]].metrics}
    drawn, over = [metrics[text[name]] for name in ("metric", "low", "high")], text["over"]
    zero = _NO_CHANGE[context.language]
    values: list[Any] = [*(metric["metric_name"] for metric in drawn), queries.sql_metric(zero, "max(0)")]
    form_data = {
        **_axes_of(drawn[0]["d3format"], text, rates=False),
        "x_axis": over,
        "x_axis_title": text["over_title"],
        "x_axis_title_margin": 30,
        "metrics": values,
        "groupby": [],
        "adhoc_filters": [],
        "markerEnabled": True,
        "stack": None,
        "truncateYAxis": False,
        "y_axis_bounds": [None, None],
    }
    asked = [queries.query(form_data, [over], values)]
    number, *ends = ((metric["metric_name"], str(metric["verbose_name"])) for metric in drawn)
    # Both ends in one colour, that of what is not the number itself.
    light = tuple(name for end in ends for name in end)
    return Drawing(_shape("line"), form_data, asked, series=(number,), pale_series=(zero,), light_series=light)


def pareto(text: ChartDefinition, context: ChartContext) -> Drawing:
    """The first of a ranking as bars, with their cumulative share as a line."""
    source = context.datasets[text["dataset"]]
    bar, line = text["bar"], text["line"]
    formats = {metric["metric_name"]: metric["d3format"] for metric in source.metrics}
    label = text["label"]
    filters = [queries.at_most(text["rank"], text["first"])]
    form_data = {
        "x_axis": label,
        "xAxisForceCategorical": True,
        "xAxisLabelRotation": 30,
        "metrics": [bar],
        "groupby": [],
        "adhoc_filters": filters,
        "seriesType": "bar",
        "yAxisIndex": 0,
        "y_axis_format": formats[bar],
        "metrics_b": [line],
        "groupby_b": [],
        "adhoc_filters_b": filters,
        "seriesTypeB": "line",
        "markerEnabledB": True,
        "yAxisIndexB": 1,
        "y_axis_format_secondary": formats[line],
        "y_axis_bounds_secondary": _RATE_AXIS,
        "truncateYAxis": True,
        "y_axis_bounds": [0, None],
        "color_scheme": "needloop",
        "show_legend": True,
        "legendOrientation": "top",
        "legendType": "scroll",
        "rich_tooltip": True,
        "row_limit": queries.ROW_LIMIT,
        "row_limit_b": queries.ROW_LIMIT,
        "truncate_metric": True,
        "truncate_metric_b": True,
    }
    in_order = [[queries.sql_metric("sort", f"min({text['rank']})"), True]]
    drawn = [queries.query(form_data, [label], [value], in_order) for value in (bar, line)]
    return Drawing("mixed_timeseries", form_data, drawn)


def plot(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A metric of a mart by one of its columns, stacked by another: by day, or ranked by value."""
    name, across = text["metric"], text["across"]
    (found,) = (metric for metric in context.datasets[text["dataset"]].metrics if metric["metric_name"] == name)
    groups = [text["series"]] if "series" in text else []
    form_data = {
        **_axes_of(found["d3format"], text, rates=False),
        "x_axis": across,
        "metrics": [name],
        "groupby": groups,
        "adhoc_filters": [],
        "markerEnabled": True,
        "stack": "Stack" if text.get("stacked") else None,
        "show_legend": bool(groups),
        "show_value": not groups,
        "truncate_metric": True,
        "sort_series_type": "name",
        "xAxisLabelRotation": _ROTATED_NAMES[context.language],
    }
    if text.get("ranked"):
        form_data |= {"x_axis_sort": name, "x_axis_sort_asc": False}
    asked = [queries.query(form_data, [across, *groups], [name])]
    return Drawing(_shape(text.get("shape", "bar")), form_data, asked, series=((name, str(found["verbose_name"])),))


def numbers_of(metrics: list[Metric], group_by: str | None = None) -> list[dict[str, Any]]:
    """The published quarters' numbers of some metrics: of every group of a kind, or of the bank and what is chosen.

    With no grouping the rows of all groups are read, and the metric's SQL picks that of the bank, unless a filter of
    the dashboard leaves only the rows of a group.
    """
    filters = [
        queries.equals("period_type", "quarter"),
        queries.one_of("metric", [metric.name for metric in metrics]),
    ]
    return filters if group_by is None else [queries.equals("group_by", group_by), *filters]


def _axes(metrics: list[Metric], text: ChartDefinition) -> dict[str, Any]:
    return _axes_of(metrics[0].number_format, text, rates=all(metric.unit == RATE for metric in metrics))


def _axes_of(number_format: str, text: ChartDefinition, *, rates: bool) -> dict[str, Any]:
    return {
        "color_scheme": "needloop",
        "legendOrientation": "top",
        "legendType": "scroll",
        "orientation": "vertical",
        "rich_tooltip": True,
        "row_limit": queries.ROW_LIMIT,
        "show_legend": True,
        # Not by sum, its default, which changes from quarter to quarter: by name, 8 before 16.
        "sort_series_type": None,
        "sort_series_ascending": True,
        "truncateYAxis": "axis" in text or rates,
        "xAxisForceCategorical": True,
        "x_axis_sort_asc": True,
        "y_axis_bounds": text.get("axis", [0, None] if rates else [None, None]),
        "y_axis_format": number_format,
    }


def _shape(shape: str) -> str:
    return f"echarts_timeseries_{shape}"
