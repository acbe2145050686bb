"""The import bundle: file name → YAML, every asset in every language, as Superset's import command takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from .audiences import Role, audiences_of, check_shown_to, known_roles
from .cells import charts_in_place
from .chart_context import ChartContext
from .charts import Chart, chart
from .datasets import MartColumns, dataset
from .definitions import Definitions
from .filters import known_filters
from .identity import identity
from .layout import dashboard_asset
from .row_scopes import RowScope
from .texts import LANGUAGES, in_language

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
    roles: tuple[Role, ...]
    """The roles of people who look."""
    audiences: dict[str, tuple[str, ...]]
    """Identity of a dashboard or dataset → for whom it is."""
    row_scopes: dict[str, RowScope]
    """Identity of a dataset → whose its rows are."""


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


def bundle(assets: Path, database_uri: str, defined: Definitions, marts: MartColumns) -> Bundle:
    """The whole bundle.

    Args:
        assets: the folder of definitions.
        database_uri: SQLAlchemy URI of the published release, through its symlink.
        defined: the release's metrics and groupings.
        marts: name and type of the columns of each mart.

    Raises:
        AssetError, AudienceError, RowScopeError, CellError, ChartError, SameTitleError, UnknownMartError,
        UnknownMetricError, UnknownGroupingError, UnknownChartError, UnknownFilterError: the assets contradict
            themselves, or the release.
    """
    contents = {"metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": datetime.now(UTC).isoformat()}}
    (database,) = definitions(assets / "databases")
    contents[f"databases/{database['name']}.yaml"] = _database_asset(database, database_uri)
    roles = known_roles(definitions(assets / "roles"))
    audiences: dict[str, tuple[str, ...]] = {}
    row_scopes: dict[str, RowScope] = {}
    dashboards = definitions(assets / "dashboards")
    chart_definitions = definitions(assets / "charts")
    for dashboard in dashboards:
        chart_definitions += charts_in_place(dashboard)
    for language in LANGUAGES:
        datasets = {
            definition["name"]: dataset(definition, marts, defined, language)
            for definition in definitions(assets / "datasets")
        }
        for one in datasets.values():
            audiences[one.uuid] = audiences_of({"name": one.name, "audience": one.audience}, roles)
            row_scopes[one.uuid] = one.rows
            contents[f"datasets/{database['name']}/{one.name}_{language}.yaml"] = one.asset(database["name"])
        charts = _charts(chart_definitions, ChartContext(language, defined, datasets))
        filters = known_filters(defined, in_language(definitions(assets / "filters"), language), language)
        for definition in dashboards:
            asset = dashboard_asset(definition, charts, filters, language)
            audiences[asset["uuid"]] = shown_to = audiences_of(definition, roles)
            read = _datasets_read(asset, charts)
            check_shown_to(
                shown_to,
                definition["name"],
                [(one.name, one.audience) for one in datasets.values() if one.uuid in read],
            )
            contents[f"dashboards/{asset['slug']}.yaml"] = asset
        for made in charts.values():
            contents[f"charts/{made.name}_{language}.yaml"] = made.asset()
    uuids = {kind: {a["uuid"] for n, a in contents.items() if n.startswith(f"{kind}/")} for kind in ASSET_KINDS}
    files = {name: _yaml(asset) for name, asset in contents.items()}
    return Bundle(files=files, uuids=uuids, roles=roles, audiences=audiences, row_scopes=row_scopes)


def _datasets_read(dashboard: dict[str, Any], charts: dict[str, Chart]) -> set[str]:
    """Identities of the datasets that a dashboard's charts and filters read."""
    cells = [cell for cell in dashboard["position"].values() if isinstance(cell, dict) and cell["type"] == "CHART"]
    shown = {cell["meta"]["uuid"] for cell in cells}
    filters = dashboard["metadata"]["native_filter_configuration"]
    return {chart.dataset_uuid for chart in charts.values() if chart.uuid in shown} | {
        target["datasetUuid"] for one in filters for target in one["targets"]
    }


def _charts(chart_definitions: list[dict[str, Any]], context: ChartContext) -> dict[str, Chart]:
    """The charts by name; several dashboards may show the same one, but not two by the same name."""
    charts: dict[str, Chart] = {}
    for definition in chart_definitions:
        made = chart(definition, context)
        if charts.setdefault(made.name, made) != made:
            raise AssetError(f"two charts are named {made.name!r} in the assets: give one another `name`")
    return charts


def _database_asset(database: dict[str, Any], uri: str) -> dict[str, Any]:
    return {
        "database_name": database["title"],
        "sqlalchemy_uri": uri,
        "cache_timeout": None,  # result_cache.py decides
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
