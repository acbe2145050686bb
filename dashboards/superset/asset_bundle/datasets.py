"""Datasets: a mart, or a select over marts, with labelled columns computed for presentation only."""

from __future__ import annotations

from typing import Any

from .identity import identity
from .texts import LANGUAGES, filled, in_language

MARTS_SCHEMA = "marts"


class UnknownMartError(Exception):
    """A dataset reads a mart that the release does not have."""


def dataset_asset(
    definition: dict[str, Any], table_columns: dict[str, list[tuple[str, str]]], database: str
) -> dict[str, Any]:
    """Superset's YAML of a dataset.

    `table_columns` has the columns of each mart of the release as (name, type); a dataset with `sql` names its own.

    Raises:
        UnknownMartError: the release does not have the dataset's mart.
    """
    columns = _plain_columns(definition, table_columns) + _computed_columns(definition)
    return {
        "table_name": definition.get("table") or definition["name"],
        "schema": MARTS_SCHEMA,
        "sql": definition.get("sql"),
        "main_dttm_col": None,
        "filter_select_enabled": True,
        "columns": columns,
        "metrics": [
            {
                "metric_name": metric["name"],
                "verbose_name": " / ".join(metric["title"][language] for language in LANGUAGES),
                "expression": metric["sql"],
            }
            for metric in definition["metrics"]
        ],
        "is_managed_externally": True,
        "uuid": identity("dataset", definition["name"]),
        "database_uuid": identity("database", database),
        "version": "1.0.0",
    }


def _plain_columns(definition: dict[str, Any], table_columns: dict[str, list[tuple[str, str]]]) -> list[dict[str, Any]]:
    if "columns" in definition:
        pairs = [(column["name"], column["type"]) for column in definition["columns"]]
    else:
        pairs = _mart_columns(definition["table"], table_columns)
    return [_column(name, kind) for name, kind in pairs]


def _mart_columns(table: str, table_columns: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    if table not in table_columns:
        raise UnknownMartError(
            f"a dataset reads the mart {table!r}, which the published release does not have:"
            " publish a release with `needloop run`, or correct assets/datasets"
        )
    return table_columns[table]


def _computed_columns(definition: dict[str, Any]) -> list[dict[str, Any]]:
    columns = []
    for computed in definition.get("computed_columns", []):
        for language in LANGUAGES:
            text = in_language(computed, language)
            columns.append(_column(text["name"], "VARCHAR") | {"expression": filled(text["sql"], text.get("with", {}))})
    return columns


def _column(name: str, kind: str) -> dict[str, Any]:
    return {
        "column_name": name,
        "type": kind,
        "is_dttm": False,  # quarters are strings: a date axis would shift them by the browser's time zone
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }
