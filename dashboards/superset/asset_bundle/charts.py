"""Charts: each kind of chart in `assets/charts` becomes one of Superset's visualisations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import queries
from .identity import identity
from .metrics import Metric, MetricCatalogue
from .texts import in_language

_NOT_JUDGED = "neutral"
_GOOD = "#2E7D5B"
_BAD = "#B3413A"
_VERDICTS = {"zh": {"改善": _GOOD, "变差": _BAD}, "en": {"better": _GOOD, "worse": _BAD}}
_SMALL_SAMPLES = {"zh": "样本不足的比率", "en": "Rates on small samples"}
_ALL_RATES = {"zh": "全部比率", "en": "all rates"}
_RIGHT = "right"


@dataclass(frozen=True)
class Drawing:
    """A visualisation: its type, its form data and the queries that its data takes."""

    visualisation: str
    form_data: dict[str, Any]
    queries: list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A chart of one language, and whether it follows the quarter filter."""

    name: str
    language: str
    title: str
    dataset: str
    follows_quarter: bool
    drawing: Drawing

    @property
    def uuid(self) -> str:
        """Its stable identity."""
        return identity("chart", f"{self.name}/{self.language}")

    def asset(self) -> dict[str, Any]:
        """Superset's YAML of the chart."""
        form_data = {"viz_type": self.drawing.visualisation, **self.drawing.form_data}
        return {
            "slice_name": self.title,
            "viz_type": self.drawing.visualisation,
            "params": form_data,
            "query_context": queries.query_context(form_data, self.drawing.queries),
            "cache_timeout": None,
            "is_managed_externally": True,
            "uuid": self.uuid,
            "version": "1.0.0",
            "dataset_uuid": identity("dataset", self.dataset),
        }


class ChartMaker:
    """Makes the charts of one language."""

    def __init__(self, metrics: MetricCatalogue, language: str) -> None:
        self._metrics = metrics
        self._language = language
        self._kinds: dict[str, Callable[[dict[str, Any]], Drawing]] = {
            "figure": self._figure,
            "change": self._change,
            "trend": self._trend,
            "group_trend": self._group_trend,
            "groups": self._groups,
            "league": self._league,
            "pareto": self._pareto,
            "table": self._table,
        }

    def charts(self, definition: dict[str, Any]) -> list[Chart]:
        """The charts of one entry of `assets/charts`: one, or one for each metric that it names."""
        text = in_language(definition, self._language)
        if "for_each_metric" not in text:
            return [self._chart(text, text["name"], text["title"])]
        return [
            self._chart({**text, "metric": name}, f"{name}_{text['kind']}", self._tile_title(text["kind"], name))
            for name in text["for_each_metric"]
        ]

    def _tile_title(self, kind: str, metric: str) -> str:
        found = self._metrics[metric]
        return found.change_caption(self._language) if kind == "change" else self._label(found)

    def _chart(self, text: dict[str, Any], name: str, title: str) -> Chart:
        return Chart(
            name=name,
            language=self._language,
            title=title,
            dataset=text.get("dataset", "metric_trend"),
            follows_quarter=text["kind"] not in {"trend", "group_trend"},
            drawing=self._kinds[text["kind"]](text),
        )

    def _label(self, metric: Metric) -> str:
        return metric.labels[self._language]

    def _value_metric(self, name: str, hide_small: bool = False) -> dict[str, Any]:
        metric = self._metrics[name]
        return queries.sql_metric(
            self._label(metric), queries.published_value(name, hide_small=hide_small and metric.unit == "rate")
        )

    def _group_value_metric(self, name: str, hide_small: bool) -> dict[str, Any]:
        value = self._value_metric(name, hide_small)
        if self._metrics[name].unit == "count":
            # A group without any is not published: its count is 0. A rate over none is nothing.
            value["sqlExpression"] = f"coalesce({value['sqlExpression']}, 0)"
        return value

    # --- key figures

    def _figure(self, text: dict[str, Any]) -> Drawing:
        metric = self._metrics[text["metric"]]
        value = queries.sql_metric(self._label(metric), queries.published_value(metric.name))
        form_data = {
            "metric": value,
            "adhoc_filters": _numbers_of([metric.name], "all"),
            "y_axis_format": metric.number_format,
            "header_font_size": 0.5,
            "subtitle": metric.value_caption(self._language),
            "subtitle_font_size": 0.15,
        }
        return Drawing("big_number_total", form_data, [queries.query(form_data, [], [value])])

    def _change(self, text: dict[str, Any]) -> Drawing:
        metric = self._metrics[text["metric"]]
        caption = metric.change_caption(self._language)
        sql = queries.published_value(metric.name, "change_previous")
        change = queries.sql_metric(caption, f"{sql} * {metric.change_scale}")
        form_data = {
            "metric": change,
            "adhoc_filters": _numbers_of([metric.name], "all"),
            "y_axis_format": metric.change_format,
            "header_font_size": 0.4,
            "conditional_formatting": _change_colours(metric, caption),
        }
        return Drawing("big_number_total", form_data, [queries.query(form_data, [], [change])])

    # --- lines and bars

    def _trend(self, text: dict[str, Any]) -> Drawing:
        quarter = queries.sql_column(_QUARTER[self._language], f"period_label_{self._language}")
        values = [self._value_metric(name) for name in text["metrics"]]
        form_data = {
            **self._axes(self._metrics[text["metrics"][0]], text),
            "x_axis": quarter,
            "metrics": values,
            "groupby": [],
            "adhoc_filters": _numbers_of(text["metrics"], "all"),
            "markerEnabled": True,
            "stack": "Stack" if text.get("stacked") else None,
        }
        return Drawing(_shape(text.get("shape", "line")), form_data, [queries.query(form_data, [quarter], values)])

    def _group_trend(self, text: dict[str, Any]) -> Drawing:
        quarter = queries.sql_column(_QUARTER[self._language], f"period_label_{self._language}")
        group = f"group_label_{self._language}"
        value = self._value_metric(text["metric"])
        form_data = {
            **self._axes(self._metrics[text["metric"]], text),
            "x_axis": quarter,
            "metrics": [value],
            "groupby": [group],
            "adhoc_filters": _numbers_of([text["metric"]], text["group_by"]),
            "markerEnabled": True,
            "truncate_metric": True,
            "sort_series_type": "name",
            "sort_series_ascending": True,
        }
        return Drawing(_shape("line"), form_data, [queries.query(form_data, [quarter, group], [value])])

    def _groups(self, text: dict[str, Any]) -> Drawing:
        group = queries.sql_column(_GROUP[self._language], f"group_label_marked_{self._language}")
        values = [self._value_metric(name) for name in text["metrics"]]
        form_data = {
            **self._axes(self._metrics[text["metrics"][0]], text),
            "x_axis": group,
            "metrics": values,
            "groupby": [],
            "adhoc_filters": _numbers_of(text["metrics"], text["group_by"]),
            "show_value": True,
        }
        return Drawing(_shape("bar"), form_data, [queries.query(form_data, [group], values)])

    def _axes(self, metric: Metric, text: dict[str, Any]) -> dict[str, Any]:
        bounds = text.get("axis", [None, None])
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
            "truncateYAxis": "axis" in text,
            "xAxisForceCategorical": True,
            "x_axis_sort_asc": True,
            "y_axis_bounds": bounds,
            "y_axis_format": metric.number_format,
        }

    # --- tables

    def _league(self, text: dict[str, Any]) -> Drawing:
        columns = [queries.sql_column(text["group_title"], f"group_label_{self._language}")]
        if "key_title" in text:
            columns.insert(
                0,
                queries.sql_column(
                    text["key_title"], "case when group_value = 'unknown' then '—' else group_value end"
                ),
            )
        hide_small = text.get("hide_small", False)
        values = [self._group_value_metric(name, hide_small) for name in text["metrics"]]
        if not hide_small and any(self._metrics[name].unit == "rate" for name in text["metrics"]):
            values.append(self._small_samples())
        formats = {
            self._label(metric): {"d3NumberFormat": metric.number_format, "horizontalAlign": _RIGHT}
            for metric in (self._metrics[name] for name in text["metrics"])
        }
        filters = _numbers_of(text["metrics"], text["group_by"])
        return self._drawn_table(
            text, columns=columns, values=values, filters=filters, sort_by="min(group_sort_order)", formats=formats
        )

    def _small_samples(self) -> dict[str, Any]:
        label = f"metric_label_{self._language}"
        small = f"list(distinct {label}) filter (where is_small and unit = 'rate')"
        every = "count(distinct metric) filter (where unit = 'rate')"
        names = f"coalesce(array_to_string(list_sort({small}), ', '), '')"
        sql = f"case when len({small}) = {every} then '{_ALL_RATES[self._language]}' else {names} end"
        return queries.sql_metric(_SMALL_SAMPLES[self._language], sql)

    def _table(self, text: dict[str, Any]) -> Drawing:
        columns = [queries.sql_column(column["title"], column["sql"]) for column in text["columns"]]
        values = [queries.sql_metric(value["title"], value["sql"]) for value in text.get("values", [])]
        formats: dict[str, dict[str, Any]] = {
            column["title"]: {"horizontalAlign": _RIGHT} for column in text["columns"] if column.get("align") == _RIGHT
        }
        formats |= {value["title"]: {"d3NumberFormat": value["format"]} for value in text.get("values", [])}
        filters = [queries.equals(column, value) for column, value in text.get("where", {}).items()]
        if "metrics_in" in text:
            for name in text["metrics_in"]:
                self._metrics[name]  # fails with a sentence when the release does not define it
            filters.append(queries.one_of("metric", text["metrics_in"]))
        drawing = self._drawn_table(
            text, columns=columns, values=values, filters=filters, sort_by=text["sort_by"], formats=formats
        )
        judged = [column["title"] for column in text["columns"] if column.get("judged")]
        drawing.form_data["conditional_formatting"] = self._verdict_colours(judged)
        return drawing

    def _drawn_table(
        self,
        text: dict[str, Any],
        *,
        columns: list[dict[str, Any]],
        values: list[dict[str, Any]],
        filters: list[dict[str, Any]],
        sort_by: str,
        formats: dict[str, dict[str, Any]],
    ) -> Drawing:
        descending = sort_by.startswith("-")
        sort_metric = queries.sql_metric("sort", sort_by.removeprefix("-"))
        form_data = {
            "query_mode": "aggregate",
            "groupby": columns,
            "metrics": values,
            "adhoc_filters": filters,
            "timeseries_limit_metric": sort_metric,
            "order_desc": descending,
            "row_limit": 1000,
            "server_page_length": 0,
            "page_length": text.get("page_length", 0),
            "include_search": False,
            "show_cell_bars": False,
            "allow_render_html": False,
            "allow_rearrange_columns": False,
            "column_config": formats,
        }
        order_by = [[sort_metric, not descending]]
        return Drawing("table", form_data, [queries.query(form_data, columns, values, order_by)])

    def _verdict_colours(self, columns: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "column": column,
                "operator": "containing",
                "targetValue": word,
                "colorScheme": colour,
                "objectFormatting": "TEXT_COLOR",
                "columnFormatting": column,
            }
            for column in columns
            for word, colour in _VERDICTS[self._language].items()
        ]

    # --- Pareto

    def _pareto(self, text: dict[str, Any]) -> Drawing:
        label = queries.sql_column(_SPOT[self._language], text["label"])
        bar = queries.sql_metric(text["bar"]["title"], text["bar"]["sql"])
        line = queries.sql_metric(text["line"]["title"], text["line"]["sql"])
        filters = [queries.at_most("rank", text["first"])]
        form_data = {
            "x_axis": label,
            "xAxisForceCategorical": True,
            "xAxisLabelRotation": 30,
            "metrics": [bar],
            "groupby": [],
            "adhoc_filters": filters,
            "seriesType": "bar",
            "yAxisIndex": 0,
            "y_axis_format": ",.0f",
            "metrics_b": [line],
            "groupby_b": [],
            "adhoc_filters_b": filters,
            "seriesTypeB": "line",
            "markerEnabledB": True,
            "yAxisIndexB": 1,
            "y_axis_format_secondary": ".0%",
            "y_axis_bounds_secondary": [0, 1],
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
        in_order = [[queries.sql_metric("sort", "min(rank)"), True]]
        bars = queries.query(form_data, [label], [bar], in_order)
        return Drawing("mixed_timeseries", form_data, [bars, queries.query(form_data, [label], [line], in_order)])


_QUARTER = {"zh": "季度", "en": "Quarter"}
_GROUP = {"zh": "分组", "en": "Group"}
_SPOT = {"zh": "薄弱环节", "en": "Weak spot"}


def _shape(shape: str) -> str:
    return f"echarts_timeseries_{shape}"


def _numbers_of(metrics: list[str], group_by: str) -> list[dict[str, Any]]:
    return [
        queries.equals("period_type", "quarter"),
        queries.equals("group_by", group_by),
        queries.one_of("metric", metrics),
    ]


def _change_colours(metric: Metric, column: str) -> list[dict[str, Any]]:
    """Green where it gets better, red where it gets worse, none where neither is better."""
    if metric.direction == _NOT_JUDGED:
        return []
    rising, falling = (_GOOD, _BAD) if metric.direction == "higher" else (_BAD, _GOOD)
    return [
        {"column": column, "operator": ">", "targetValue": 0, "colorScheme": rising},
        {"column": column, "operator": "<", "targetValue": 0, "colorScheme": falling},
    ]
