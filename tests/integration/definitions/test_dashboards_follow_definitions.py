"""Nothing on a dashboard but what is published and defined: dashboard → chart → dataset → model → definition.

The bundle is made as provisioning makes it, from a release without numbers. Each chart puts its own query to it:
one that asks for a column or a table which no published model has fails here, without Superset and without a build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dashboards.superset.installation import Installation
from dashboards.superset.provision import ASSETS, bundle_of
from tests.integration.definitions.empty_release import (
    RELEASE_INFO,
    defined_metrics,
    exposed,
    published_columns,
    write_empty_release,
)

_NAMED_METRIC = re.compile(r"\bmetric\s*=\s*'([^']*)'")
_NAMED_METRICS = re.compile(r"\bmetric\s+in\s*\(([^)]*)\)", re.IGNORECASE)
_TABLE = re.compile(r"\bmarts\.(\w+)")


@dataclass(frozen=True)
class Assets:
    """What Superset would import, by kind and identity, and the release that it was made for."""

    release: Path
    dashboards: dict[str, Any]
    charts: dict[str, Any]
    datasets: dict[str, Any]


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    data = tmp_path_factory.mktemp("empty_release")
    release = write_empty_release(data)
    made = bundle_of(Installation(data), ASSETS)
    files = {name: yaml.safe_load(text) for name, text in made.files.items()}
    by_kind = {
        kind: {asset["uuid"]: asset for name, asset in files.items() if name.startswith(f"{kind}/")}
        for kind in ("dashboards", "charts", "datasets")
    }
    return Assets(release, **by_kind)


@pytest.fixture
def release(assets: Assets) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(assets.release), read_only=True) as connection:
        yield connection


def strings(node: Any) -> Iterator[str]:
    """Every text within."""
    if isinstance(node, dict):
        for child in node.values():
            yield from strings(child)
    elif isinstance(node, list):
        for child in node:
            yield from strings(child)
    elif isinstance(node, str):
        yield node


def queries(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The queries that the chart sends."""
    found: list[dict[str, Any]] = json.loads(chart["query_context"])["queries"]
    return found


def relation(dataset: dict[str, Any]) -> str:
    """The dataset as a subquery: its table or select, with the columns that it computes."""
    source = f"({dataset['sql']})" if dataset["sql"] else f"marts.{dataset['table_name']}"
    computed = "".join(
        f', ({column["expression"]}) as "{column["column_name"]}"'
        for column in dataset["columns"]
        if column.get("expression")
    )
    return f"(select shown.*{computed} from {source} as shown)"


def expression(part: Any, dataset: dict[str, Any]) -> str:
    """A column or metric of a query as SQL: written out, a saved metric, or a column's name."""
    if isinstance(part, dict):
        return str(part["sqlExpression"])
    saved = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    return str(saved.get(part, f'"{part}"'))


def sql_of(query: dict[str, Any], dataset: dict[str, Any]) -> str:
    """What the query asks of the release, as one select."""
    columns = [expression(column, dataset) for column in query["columns"]]
    metrics = [expression(metric, dataset) for metric in query.get("metrics") or ()]
    ordered = [expression(term, dataset) for term, _ in query.get("orderby") or ()]
    filtered = [f'"{one["col"]}" is not null' for one in query["filters"]]
    shown = ", ".join([*columns, *metrics, *(ordered if metrics else [])])
    group = f" group by {', '.join(columns)}" if columns and metrics else ""
    where = f" where {' and '.join(filtered)}" if filtered else ""
    return f"select {shown} from {relation(dataset)} as dataset{where}{group}"


def named_metrics(node: Any) -> set[str]:
    """Metrics that SQL or filters within name."""
    found: set[str] = set()
    for text in strings(node):
        found.update(_NAMED_METRIC.findall(text))
        for listed in _NAMED_METRICS.findall(text):
            found.update(re.findall(r"'([^']*)'", listed))
    return found


def filtered_metrics(chart: dict[str, Any]) -> set[str]:
    """Metrics that the chart's own filters let through."""
    values = [one["val"] for query in queries(chart) for one in query["filters"] if one["col"] == "metric"]
    return {name for value in values for name in (value if isinstance(value, list) else [value])}


def test_every_chart_of_a_dashboard_is_there(assets: Assets) -> None:
    for dashboard in assets.dashboards.values():
        cells = [cell for cell in dashboard["position"].values() if isinstance(cell, dict) and cell["type"] == "CHART"]
        assert cells, dashboard["slug"]
        assert {cell["meta"]["uuid"] for cell in cells} <= assets.charts.keys(), dashboard["slug"]


def test_every_chart_has_a_dataset(assets: Assets) -> None:
    assert {chart["dataset_uuid"] for chart in assets.charts.values()} <= assets.datasets.keys()


def test_every_dataset_reads_published_models_that_the_exposures_name(assets: Assets) -> None:
    published = published_columns().keys() | {"release_info"}
    read = {
        table
        for dataset in assets.datasets.values()
        for table in (_TABLE.findall(dataset["sql"]) if dataset["sql"] else [dataset["table_name"]])
    }
    assert read <= published
    assert read - RELEASE_INFO.keys() - {"release_info"} <= exposed("dashboard")


def test_every_dataset_has_the_columns_it_names(assets: Assets, release: duckdb.DuckDBPyConnection) -> None:
    for dataset in assets.datasets.values():
        names = ", ".join(f'"{column["column_name"]}"' for column in dataset["columns"])
        release.execute(f"select {names} from {relation(dataset)} as dataset")
        for metric in dataset["metrics"]:
            release.execute(f"select {metric['expression']} from {relation(dataset)} as dataset")


def test_every_chart_asks_for_columns_that_a_model_has(assets: Assets, release: duckdb.DuckDBPyConnection) -> None:
    broken = {}
    asked = 0
    for chart in assets.charts.values():
        dataset = assets.datasets[chart["dataset_uuid"]]
        for query in queries(chart):
            asked += 1
            try:
                release.execute(sql_of(query, dataset))
            except duckdb.Error as error:
                broken[chart["slice_name"]] = str(error).splitlines()[0]
    assert broken == {}
    assert asked >= len(assets.charts)


def test_every_metric_that_a_chart_or_dataset_names_is_defined(assets: Assets) -> None:
    defined = {metric["metric"] for metric in defined_metrics()}
    named = set().union(
        *(named_metrics(queries(chart)) | filtered_metrics(chart) for chart in assets.charts.values()),
        *(named_metrics(dataset) for dataset in assets.datasets.values()),
    )
    assert named - defined == set()
    assert len(named) > 10


def test_a_break_in_the_chain_is_found(release: duckdb.DuckDBPyConnection) -> None:
    dataset: dict[str, Any] = {"sql": None, "table_name": "mart_metric_trend", "columns": [], "metrics": []}
    with pytest.raises(duckdb.Error, match="no_such_column"):
        release.execute(sql_of({"columns": ["no_such_column"], "filters": []}, dataset))
    unpublished = {**dataset, "table_name": "fct_restated_number"}
    with pytest.raises(duckdb.Error, match="fct_restated_number"):
        release.execute(sql_of({"columns": ["metric"], "filters": []}, unpublished))
    assert named_metrics({"sqlExpression": "max(value) filter (where metric = 'made_up')"}) == {"made_up"}
