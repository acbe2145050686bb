"""The import bundle: file name → YAML, every asset in every language, as Superset's import command takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from .charts import Chart, ChartMaker
from .datasets import dataset_asset
from .identity import identity
from .layout import dashboard_asset
from .metrics import MetricCatalogue
from .texts import LANGUAGES

ASSET_KINDS = ("databases", "datasets", "charts", "dashboards")


class AssetError(Exception):
    """A file of `assets/` cannot be used."""


@dataclass(frozen=True)
class Bundle:
    """What Superset imports."""

    files: dict[str, str]
    """File name → YAML."""
    uuids: dict[str, set[str]]
    """Kind of asset → identities of its assets."""


def definitions(folder: Path) -> list[dict[str, Any]]:
    """The definitions in the YAML files of a folder; a file holds one, or a list.

    Raises:
        AssetError: a file is not YAML, or the folder has none.
    """
    found: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise AssetError(f"{file} is not valid YAML, correct it: {error}") from error
        found += content if isinstance(content, list) else [content]
    if not found:
        raise AssetError(f"{folder} holds no .yml file: restore the folder from the repository")
    return found


def bundle(
    assets: Path,
    database_uri: str,
    metric_rows: list[dict[str, Any]],
    table_columns: dict[str, list[tuple[str, str]]],
) -> Bundle:
    """The whole bundle.

    Args:
        assets: the folder of definitions.
        database_uri: SQLAlchemy URI of the published release, through its symlink.
        metric_rows: the release's dim_metric.
        table_columns: name and type of the columns of each mart.

    Raises:
        AssetError, UnknownMartError, UnknownMetricError, UnknownChartError: the assets contradict themselves,
            or the release.
    """
    contents = {"metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": datetime.now(UTC).isoformat()}}
    (database,) = definitions(assets / "databases")
    contents[f"databases/{database['name']}.yaml"] = _database_asset(database, database_uri)
    for definition in definitions(assets / "datasets"):
        asset = dataset_asset(definition, table_columns, database["name"])
        contents[f"datasets/{database['name']}/{definition['name']}.yaml"] = asset
    catalogue = MetricCatalogue(metric_rows)
    chart_definitions = definitions(assets / "charts")
    for language in LANGUAGES:
        charts = _charts(chart_definitions, catalogue, language)
        for definition in definitions(assets / "dashboards"):
            asset = dashboard_asset(definition, charts, language)
            contents[f"dashboards/{asset['slug']}.yaml"] = asset
        for chart in charts.values():
            contents[f"charts/{chart.name}_{language}.yaml"] = chart.asset()
    uuids = {kind: {a["uuid"] for n, a in contents.items() if n.startswith(f"{kind}/")} for kind in ASSET_KINDS}
    return Bundle(files={name: _yaml(asset) for name, asset in contents.items()}, uuids=uuids)


def _charts(chart_definitions: list[dict[str, Any]], catalogue: MetricCatalogue, language: str) -> dict[str, Chart]:
    maker = ChartMaker(catalogue, language)
    charts: dict[str, Chart] = {}
    for definition in chart_definitions:
        for chart in maker.charts(definition):
            if chart.name in charts:
                raise AssetError(f"two charts are named {chart.name!r} in assets/charts: give one another name")
            charts[chart.name] = chart
    return charts


def _database_asset(database: dict[str, Any], uri: str) -> dict[str, Any]:
    return {
        "database_name": database["title"],
        "sqlalchemy_uri": uri,
        "cache_timeout": -1,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {"allows_virtual_table_explore": False},
        "is_managed_externally": True,
        "uuid": identity("database", database["name"]),
        "version": "1.0.0",
    }


def _yaml(asset: dict[str, Any]) -> str:
    return yaml.dump(asset, allow_unicode=True, sort_keys=False, Dumper=_NoAliases)


class _NoAliases(yaml.SafeDumper):
    """Writes repeated parts out: anchors would make two charts share one list."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never."""
        return True
