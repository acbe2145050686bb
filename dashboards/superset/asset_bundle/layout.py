"""Dashboards: tabs, rows, charts and notes in Superset's grid, and the quarter filter."""

from __future__ import annotations

from typing import Any

from .charts import Chart
from .identity import identity
from .texts import in_language

_COLUMN_GAP = {"background": "BACKGROUND_TRANSPARENT"}
FIGURE_HEIGHT = 19
CHANGE_HEIGHT = 14
# Titles of charts one size below the dashboard's own, so that a tile's title fits its width.
_CSS = ".dashboard-component-chart-holder .header-title { font-size: 14px; line-height: 1.3; }"


class UnknownChartError(Exception):
    """A dashboard names a chart that no file defines."""


class Grid:
    """Builds Superset's position of a dashboard."""

    def __init__(self, charts: dict[str, Chart], title: str) -> None:
        self._charts = charts
        self.numbers: dict[str, int] = {}
        self.position: dict[str, Any] = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
            "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
            "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": title}},
        }

    def add(self, kind: str, parent: str, meta: dict[str, Any]) -> str:
        """A new component below a parent; returns its id."""
        key = f"{kind}-{len(self.position)}"
        self.position[key] = {
            "id": key,
            "type": kind,
            "children": [],
            "parents": [*self.position[parent]["parents"], parent],
            "meta": meta,
        }
        self.position[parent]["children"].append(key)
        return key

    def add_row(self, parent: str, cells: list[dict[str, Any]]) -> None:
        """A row of charts, tiles and notes."""
        row = self.add("ROW", parent, dict(_COLUMN_GAP))
        for cell in cells:
            if "tile" in cell:
                column = self.add("COLUMN", row, {**_COLUMN_GAP, "width": cell["width"]})
                self._add_chart(column, f"{cell['tile']}_figure", cell["width"], FIGURE_HEIGHT)
                self._add_chart(column, f"{cell['tile']}_change", cell["width"], CHANGE_HEIGHT)
            elif "note" in cell:
                self.add("MARKDOWN", row, {"code": cell["note"], "width": cell["width"], "height": cell["height"]})
            else:
                self._add_chart(row, cell["chart"], cell["width"], cell["height"])

    def _add_chart(self, parent: str, name: str, width: int, height: int) -> None:
        if name not in self._charts:
            raise UnknownChartError(f"a dashboard shows the chart {name!r}: define it in assets/charts, or take it off")
        chart = self._charts[name]
        # Distinct placeholder numbers; the import replaces them with the charts' own.
        number = self.numbers.setdefault(name, len(self.numbers) + 1)
        meta = {"uuid": chart.uuid, "chartId": number, "sliceName": chart.title, "width": width, "height": height}
        self.add("CHART", parent, meta)


def dashboard_asset(definition: dict[str, Any], charts: dict[str, Chart], language: str) -> dict[str, Any]:
    """Superset's YAML of a dashboard in one language.

    Raises:
        UnknownChartError: it shows a chart that is not among `charts`.
    """
    text = in_language(definition, language)
    grid = Grid(charts, text["title"])
    for row in text.get("above_tabs", []):
        grid.add_row("GRID_ID", row)
    tabs = grid.add("TABS", "GRID_ID", {})
    for tab in text["tabs"]:
        key = grid.add("TAB", tabs, {"text": tab["title"]})
        for row in tab["rows"]:
            grid.add_row(key, row)
    slug = f"{text['name']}-{language}"
    return {
        "dashboard_title": text["title"],
        "description": text["description"],
        "css": _CSS,
        "slug": slug,
        "uuid": identity("dashboard", slug),
        "position": grid.position,
        "metadata": {
            "color_scheme": "needloop",
            "cross_filters_enabled": False,
            "filter_bar_orientation": "HORIZONTAL",
            "native_filter_configuration": [_quarter_filter(text["quarter_filter"], charts, grid.numbers)],
            "refresh_frequency": 0,
            "expanded_slices": {},
            "timed_refresh_immune_slices": [],
            "default_filters": "{}",
        },
        "published": True,
        "is_managed_externally": True,
        "version": "1.0.0",
    }


def _quarter_filter(text: dict[str, Any], charts: dict[str, Chart], numbers: dict[str, int]) -> dict[str, Any]:
    """One quarter, the latest first; charts wait for it. Trends are outside its scope."""
    return {
        "id": "NATIVE_FILTER-quarter",
        "type": "NATIVE_FILTER",
        "name": text["title"],
        "description": text["description"],
        "filterType": "filter_select",
        "targets": [{"datasetUuid": identity("dataset", text["dataset"]), "column": {"name": text["column"]}}],
        "requiredFirst": True,
        "controlValues": {
            "enableEmptyFilter": True,
            "defaultToFirstItem": True,
            "multiSelect": False,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": False,
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [],
        "scope": {
            "rootPath": ["ROOT_ID"],
            "excluded": [number for name, number in numbers.items() if not charts[name].follows_quarter],
        },
    }
