"""Datasets: a mart, or a select over marts, in each language: columns and metrics with their names in that language.

A column has the same name in the datasets of all marts that have it, so that one filter and one click reach all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import numbers
from .audiences import EVERYONE
from .definitions import Definitions
from .identity import identity
from .row_scopes import RowScope, row_scope
from .texts import in_language
from .unit_places import filled

MARTS_SCHEMA = "marts"
MartColumns = dict[str, list[tuple[str, str]]]


class UnknownMartError(Exception):
    """A dataset reads a mart, or a column of one, that the release does not have."""


class SameTitleError(Exception):
    """Two columns of a dataset have one title: readers cannot tell them apart, and Superset cannot export them."""


@dataclass(frozen=True)
class Dataset:
    """A dataset of one language."""

    name: str
    language: str
    model: str
    sql: str
    columns: tuple[dict[str, Any], ...]
    metrics: tuple[dict[str, Any], ...]
    rows: RowScope
    """Whose its rows are."""
    audience: str = EVERYONE
    """For whom its rows are."""

    @property
    def uuid(self) -> str:
        """Its stable identity."""
        return dataset_identity(self.name, self.language)

    @property
    def column_names(self) -> set[str]:
        """The names of its columns."""
        return {column["column_name"] for column in self.columns}

    @property
    def metric_names(self) -> set[str]:
        """The names of its metrics."""
        return {metric["metric_name"] for metric in self.metrics}

    def asset(self, database: str) -> dict[str, Any]:
        """Superset's YAML of the dataset."""
        return {
            "table_name": f"{self.name}_{self.language}",
            "schema": MARTS_SCHEMA,
            "sql": self.sql,
            "description": self.model,
            "main_dttm_col": None,
            "filter_select_enabled": True,
            "columns": list(self.columns),
            "metrics": list(self.metrics),
            "is_managed_externally": True,
            "uuid": self.uuid,
            "database_uuid": identity("database", database),
            "version": "1.0.0",
        }


def dataset_identity(name: str, language: str) -> str:
    """The UUID of the dataset of this name and language."""
    return identity("dataset", f"{name}/{language}")


def dataset(definition: dict[str, Any], marts: MartColumns, definitions: Definitions, language: str) -> Dataset:
    """A dataset of `assets/datasets` in one language.

    Raises:
        UnknownMartError: the release does not have the dataset's mart, or a column of it.
        UnknownMetricError: it names a metric that the release does not define.
        RowScopeError: it does not say whose its rows are.
        SameTitleError: two of its columns have one title.
    """
    scope = row_scope(definition)
    text = filled(in_language(definition, language), definitions.units(language))
    mart = dict(_mart_columns(text["model"], marts))
    table = f"{MARTS_SCHEMA}.{text['model']}"
    sql = text.get("sql") or f"select * from {table}"
    if text.get("published_numbers"):
        columns = [_column(name, kind, name) for name, kind in mart.items()]
        computed = numbers.computed_columns(definitions, language)
        columns += [_column(name, "VARCHAR", label) for name, label in computed.items()]
        sql = numbers.dataset_sql(table, definitions, language)
        metrics = [
            _metric(metric.name, definitions.title(metric, language), numbers.value_sql(metric), metric.number_format)
            for metric in definitions.metrics()
        ]
    else:
        columns = [_named_column(column, text, mart, definitions, language) for column in text["columns"]]
        metrics = [_named_metric(metric, definitions, language) for metric in text.get("metrics", [])]
    _require_titles_apart(text["name"], columns)
    audience = text.get("audience", EVERYONE)
    return Dataset(text["name"], language, text["model"], sql, tuple(columns), tuple(metrics), scope, audience)


def _require_titles_apart(dataset_name: str, shown: Sequence[dict[str, Any]]) -> None:
    titles = Counter(str(one["verbose_name"]) for one in shown)
    repeated = [title for title, count in titles.items() if count > 1]
    if repeated:
        raise SameTitleError(
            f"the dataset {dataset_name!r} gives the title {repeated[0]!r} to two columns: give one of them another in"
            " assets/datasets"
        )


def _mart_columns(model: str, marts: MartColumns) -> list[tuple[str, str]]:
    if model not in marts:
        raise UnknownMartError(
            f"a dataset reads the mart {model!r}, which the published release does not have:"
            " publish a release with `needloop run`, or correct assets/datasets"
        )
    return marts[model]


def _named_column(
    column: dict[str, Any], text: dict[str, Any], mart: dict[str, str], definitions: Definitions, language: str
) -> dict[str, Any]:
    """A column: of the mart as it is, or computed; a grouping has its own name, others a title."""
    name = column["name"]
    title = column.get("title") or definitions.grouping(name).labels[language]
    source = column.get("sql", name)
    if source.isidentifier() and "sql" not in text:
        if source not in mart:
            raise UnknownMartError(
                f"the dataset {text['name']!r} reads the column {source!r}, which {text['model']} of the published"
                " release does not have: publish a release with `needloop run`, or correct assets/datasets"
            )
        kind = mart[source]
    else:
        kind = column.get("type", "VARCHAR")
    return _column(name, kind, title, None if source == name else source)


def _named_metric(metric: dict[str, Any], definitions: Definitions, language: str) -> dict[str, Any]:
    """A metric: one that is defined has its definition's name and format, another aggregate of the list its own."""
    if "metric" in metric:
        defined = definitions.metric(metric["metric"])
        return _metric(defined.name, definitions.title(defined, language), metric["sql"], defined.number_format)
    return _metric(metric["name"], metric["title"], metric["sql"], metric["format"])


def _metric(name: str, label: str, sql: str, number_format: str) -> dict[str, Any]:
    return {"metric_name": name, "verbose_name": label, "expression": sql, "d3format": number_format}


def _column(name: str, kind: str, label: str, sql: str | None = None) -> dict[str, Any]:
    return {
        "column_name": name,
        "verbose_name": label,
        "expression": sql,
        "type": kind,
        "is_dttm": False,  # quarters are strings: a date axis would shift them by the browser's time zone
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }
