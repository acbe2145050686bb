"""Columns, metrics and filters as both the front end (form data) and the data API (query context) want them.

A chart without a stored query context can be seen but not fetched: the data API answers 400.
"""

from __future__ import annotations

import json
from typing import Any

ROW_LIMIT = 50_000
"""As many rows as superset_config's SQL_MAX_ROW lets through: a row a branch and quarter, or a person, of a large bank.

Superset cuts what is longer, and a chart without an order would lose any of its rows.
"""


def sql_column(label: str, sql: str) -> dict[str, Any]:
    """A column computed in the chart, labelled in the chart's language."""
    return {"label": label, "sqlExpression": sql, "expressionType": "SQL"}


def sql_metric(label: str, sql: str) -> dict[str, Any]:
    """A metric computed in the chart, labelled in the chart's language."""
    # The option name must be stable, else each provisioning would change the chart.
    return {
        "label": label,
        "sqlExpression": sql,
        "expressionType": "SQL",
        "hasCustomLabel": True,
        "optionName": "metric_" + "".join(character if character.isalnum() else "_" for character in label),
    }


def equals(column: str, value: str) -> dict[str, Any]:
    """A filter of the chart: the column has this value."""
    return _filter(column, "==", value)


def differs(column: str, value: str) -> dict[str, Any]:
    """A filter of the chart: the column has another value."""
    return _filter(column, "!=", value)


def one_of(column: str, values: list[str]) -> dict[str, Any]:
    """A filter of the chart: the column has one of these values."""
    return _filter(column, "IN", values)


def at_most(column: str, value: int) -> dict[str, Any]:
    """A filter of the chart: the column is at most this."""
    return _filter(column, "<=", value)


def _filter(column: str, operator: str, value: Any) -> dict[str, Any]:
    return {"expressionType": "SIMPLE", "clause": "WHERE", "subject": column, "operator": operator, "comparator": value}


def query(
    form_data: dict[str, Any],
    columns: list[Any],
    metrics: list[Any],
    order_by: list[list[Any]] | None = None,
) -> dict[str, Any]:
    """One query object over the filters of the form data."""
    return {
        "filters": [
            {"col": adhoc["subject"], "op": adhoc["operator"], "val": adhoc["comparator"]}
            for adhoc in form_data.get("adhoc_filters", [])
        ],
        "extras": {"having": "", "where": ""},
        "applied_time_extras": {},
        "columns": columns,
        "metrics": metrics,
        "orderby": order_by or [],
        "annotation_layers": [],
        "row_limit": form_data.get("row_limit", ROW_LIMIT),
        "series_limit": 0,
        "order_desc": False,
        "url_params": {},
        "custom_params": {},
        "custom_form_data": {},
        "post_processing": [],
    }


def query_context(form_data: dict[str, Any], queries: list[dict[str, Any]]) -> str:
    """The stored query context; the import puts the dataset's id in."""
    return json.dumps(
        {
            "datasource": {"id": 0, "type": "table"},
            "force": False,
            "queries": queries,
            "form_data": form_data,
            "result_format": "json",
            "result_type": "full",
        },
        ensure_ascii=False,
    )
