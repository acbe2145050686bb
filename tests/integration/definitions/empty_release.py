"""A release without numbers: every published table with the columns of its contract, the definitions filled in.

Made from the project's files alone, so that a check of names takes seconds and no build.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from needloop.settings import MARTS_FILE, PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
RELEASE_INFO = {
    "release_id": "varchar",
    "as_of": "date",
    "created_at": "timestamp",
    "run_id": "varchar",
    "product_version": "varchar",
    "contract_version": "integer",
}
"""What publishing itself adds."""


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """The YAML files of a folder and those below it."""
    for file in sorted(folder.rglob("*.yml")):
        yield yaml.safe_load(file.read_text("utf-8")) or {}


def published_columns() -> dict[str, dict[str, str]]:
    """{table: {column: type}} of the published models' contracts."""
    models = [model for document in documents(MODELS / "marts") for model in document.get("models") or ()]
    return {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for model in models
        if model.get("config", {}).get("meta", {}).get("published")
    }


def defined_metrics() -> list[dict[str, Any]]:
    """Rows of dim_metric, as far as the definitions' files say them."""
    metrics = [m for document in documents(MODELS / "semantic_definitions") for m in document.get("metrics") or ()]
    return [
        {
            **metric["config"]["meta"],
            "metric": metric["name"],
            "label_en": metric["label"],
            "description_en": metric["description"],
        }
        for metric in metrics
        if "section" in metric.get("config", {}).get("meta", {})
    ]


def exposed(kind: str) -> set[str]:
    """Names of the models that the exposures of a type (dashboard, application) depend on."""
    exposures = [e for document in documents(MODELS / "exposures") for e in document.get("exposures") or ()]
    return {
        reference.removeprefix("ref('").removesuffix("')")
        for exposure in exposures
        if exposure["type"] == kind
        for reference in exposure["depends_on"]
    }


def write_empty_release(data: Path) -> Path:
    """Writes the release into a data folder; gives its file."""
    folder = data / "releases" / "empty"
    folder.mkdir(parents=True)
    (data / "current").symlink_to(Path("releases") / "empty")
    with duckdb.connect() as connection:
        # As publishing does: Superset's client is older.
        connection.execute(f"attach '{folder / MARTS_FILE}' as release (storage_version 'v1.4.0')")
        connection.execute("use release")
        connection.execute("create schema marts")
        for table, columns in {**published_columns(), "release_info": RELEASE_INFO}.items():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f'create table marts."{table}" ({typed})')
        _fill(connection, "dim_metric", defined_metrics())
        _fill(connection, "dim_group_value", _labels())
        connection.execute("use memory")
        connection.execute("detach release")
    return data / "current" / MARTS_FILE


def _labels() -> list[dict[str, Any]]:
    with (PROJECT_ROOT / "seeds" / "reference" / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(published_columns()[table])
    for row in rows:
        places = ", ".join("?" for _ in columns)
        connection.execute(f'insert into marts."{table}" values ({places})', [row.get(column) for column in columns])
