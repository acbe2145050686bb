"""Charts that are tables: tiles of key figures, key figures with their change, groups side by side, lists of rows."""

from __future__ import annotations

from typing import Any

from . import numbers, queries
from .chart_context import ChartContext, ChartDefinition, Drawing
from .definitions import COUNT, RATE, Metric
from .links import row_state_sql, tab_id
from .series import numbers_of
from .tiles import link_sql, shown_sql

_GOOD = "#2E7D5B"
_BAD = "#B3413A"
_RIGHT = "right"
_NUMBER_TYPES = ("INT", "BIGINT", "DOUBLE", "DECIMAL", "FLOAT", "HUGEINT")
_SORT = "sort"
_MEANS_TOO = "rates and means"


def tile(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A key figure with its changes and marks, and the link to its list where it has one."""
    metric = context.definitions.metric(text["metric"])
    link = "''"
    if "opens" in text:
        target = text["opens"]
        address = f"/superset/dashboard/{target['dashboard']}-{context.language}/"
        state = row_state_sql(target.get("with", {}), context.language)
        link = link_sql(address, state, tab_id(target["tab"]), context.language)
    shown = queries.sql_metric(
        numbers.TILE_COLUMN, shown_sql(numbers.picked(numbers.TILE_COLUMN), link, context.language)
    )
    # The number itself goes along unseen, for those who fetch the chart by the API.
    form_data = _table_form([], [shown, metric.name], numbers_of([metric]), {metric.name: {"visible": False}})
    form_data["allow_render_html"] = True
    return Drawing("table", form_data, [queries.query(form_data, [], [shown, metric.name])])


def banner(text: ChartDefinition, context: ChartContext) -> Drawing:
    """One line of text about what is shown."""
    source = context.datasets[text["dataset"]]
    shown = next(metric for metric in source.metrics if metric["metric_name"] == text["text"])["metric_name"]
    form_data = _table_form([], [shown], [], {})
    form_data["allow_render_html"] = True
    return Drawing("table", form_data, [queries.query(form_data, [], [shown])])


def key_figures(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A row a metric: its value, the quarter before, the changes with their verdict, its sample and remarks."""
    metrics = context.metrics(text["metrics"])
    columns: list[Any] = [numbers.METRIC_LABEL]
    shown = (
        numbers.VALUE_TEXT,
        numbers.PREVIOUS_TEXT,
        numbers.CHANGE_TEXT,
        numbers.YEAR_CHANGE_TEXT,
        "n",
        numbers.REMARK,
    )
    titles = {name: numbers.TITLES[name][context.language] for name in shown}
    values = [queries.sql_metric(titles[name], numbers.picked(name)) for name in shown]
    formats: dict[str, dict[str, Any]] = {
        titles[name]: {"horizontalAlign": _RIGHT} for name in shown if name != numbers.REMARK
    }
    formats[titles["n"]]["d3NumberFormat"] = ",d"
    drawing = _drawn(text, columns, values, filters=numbers_of(metrics), sort_by="max(display_order)", formats=formats)
    judged = [titles[numbers.CHANGE_TEXT], titles[numbers.YEAR_CHANGE_TEXT]]
    drawing.form_data["conditional_formatting"] = _verdict_colours(judged, context.language)
    return drawing


def league(text: ChartDefinition, context: ChartContext) -> Drawing:
    """A row a group, a column a metric. A click on a group filters by it."""
    metrics = context.metrics(text["metrics"])
    group = context.definitions.grouping(text["group_by"]).name
    columns: list[Any] = [group]
    if "key_title" in text:
        known = "case when group_value = 'unknown' then '—' else group_value end"
        columns.insert(0, queries.sql_column(text["key_title"], known))
    hide_small = text.get("hide_small", False)
    values = [_group_value(metric, hide_small, context) for metric in metrics]
    formats = {
        _key(value): {"d3NumberFormat": metric.number_format, "horizontalAlign": _RIGHT}
        for metric, value in zip(metrics, values, strict=True)
    }
    if not hide_small and any(metric.unit == RATE for metric in metrics):
        title = numbers.TITLES["small_samples"][context.language]
        values.append(queries.sql_metric(title, numbers.small_samples_sql(context.language)))
    return _drawn(
        text,
        columns,
        values,
        filters=numbers_of(metrics, group),
        sort_by="min(group_sort_order)",
        formats=formats,
    )


def listing(text: ChartDefinition, context: ChartContext) -> Drawing:
    """Rows of a mart: the columns and metrics that are named, in the dataset's words."""
    source = context.datasets[text["dataset"]]
    types = {column["column_name"]: column["type"] for column in source.columns}
    formats: dict[str, dict[str, Any]] = {
        name: {"horizontalAlign": _RIGHT} for name in text["columns"] if types[name].startswith(_NUMBER_TYPES)
    }
    for name, number_format in text.get("formats", {}).items():
        formats[name]["d3NumberFormat"] = number_format
    filters = [
        queries.one_of(column, value) if isinstance(value, list) else queries.equals(column, value)
        for column, value in text.get("where", {}).items()
    ]
    drawing = _drawn(
        text,
        text["columns"],
        text.get("metrics", []),
        filters=filters,
        sort_by=text["sort_by"],
        formats=formats,
    )
    drawing.form_data["conditional_formatting"] = [
        {
            "column": column,
            "operator": "=",
            "targetValue": value,
            "colorScheme": _BAD if meaning == "bad" else _GOOD,
            "objectFormatting": "TEXT_COLOR",
            "columnFormatting": column,
        }
        for column, meanings in text.get("coloured", {}).items()
        for value, meaning in meanings.items()
    ]
    return drawing


def _group_value(metric: Metric, hide_small: bool | str, context: ChartContext) -> Any:
    if metric.unit == COUNT:
        # A group without any is not published: its count is 0. A rate over none is nothing.
        return queries.sql_metric(context.label(metric), f"coalesce({numbers.value_sql(metric)}, 0)")
    if hide_small == _MEANS_TOO or (hide_small and metric.unit == RATE):
        return queries.sql_metric(context.label(metric), numbers.value_sql(metric, "not is_small"))
    return metric.name


def _key(value: Any) -> str:
    return value if isinstance(value, str) else str(value["label"])


def _drawn(
    text: ChartDefinition,
    columns: list[Any],
    values: list[Any],
    *,
    filters: list[dict[str, Any]],
    sort_by: str,
    formats: dict[str, dict[str, Any]],
) -> Drawing:
    descending = sort_by.startswith("-")
    sort_metric = queries.sql_metric(_SORT, sort_by.removeprefix("-"))
    form_data = {
        **_table_form(columns, values, filters, formats),
        "timeseries_limit_metric": sort_metric,
        "order_desc": descending,
        "page_length": text.get("page_length", 0),
        "include_search": text.get("search", False),
    }
    return Drawing("table", form_data, [queries.query(form_data, columns, values, [[sort_metric, not descending]])])


def _table_form(
    columns: list[Any], values: list[Any], filters: list[dict[str, Any]], formats: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        "query_mode": "aggregate",
        "groupby": columns,
        "metrics": values,
        "adhoc_filters": filters,
        "row_limit": queries.ROW_LIMIT,
        "server_page_length": 0,
        "page_length": 0,
        "include_search": False,
        "show_cell_bars": False,
        "allow_render_html": False,
        "allow_rearrange_columns": False,
        "column_config": formats,
    }


def _verdict_colours(columns: list[str], language: str) -> list[dict[str, Any]]:
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
        for word, colour in zip(numbers.verdict_words(language), (_GOOD, _BAD), strict=True)
    ]
