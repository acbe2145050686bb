"""Dashboards: tabs, rows, charts and notes in Superset's grid."""

from __future__ import annotations

from typing import Any

from .charts import Chart
from .colours import label_colours
from .filters import cross_filters, native_filters
from .identity import identity
from .links import tab_id
from .texts import in_language
from .tiles import CSS as TILE_CSS

_NO_BACKGROUND = {"background": "BACKGROUND_TRANSPARENT"}
# In units of 8 pixels, where a cell does not say its own.
_HEIGHTS = {"tile": 20, "banner": 7}
_HEIGHT = 44
# Titles of charts one size below the dashboard's own, so that a tile's title fits its width.
_CSS = ".dashboard-component-chart-holder .header-title { font-size: 14px; line-height: 1.3; }" + TILE_CSS


class UnknownChartError(Exception):
    """A dashboard names a chart that no file defines."""


class Grid:
    """Builds Superset's position of a dashboard."""

    def __init__(self, charts: dict[str, Chart], title: str) -> None:
        """Start with an empty page."""
        self._charts = charts
        self.numbers: dict[str, int] = {}
        self.position: dict[str, Any] = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
            "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
            "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": title}},
        }

    def add(self, kind: str, parent: str, meta: dict[str, Any], key: str | None = None) -> str:
        """A new component below a parent; returns its id."""
        key = key or f"{kind}-{len(self.position)}"
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
        """A row of charts and notes."""
        row = self.add("ROW", parent, dict(_NO_BACKGROUND))
        for cell in cells:
            if "note" in cell:
                self.add("MARKDOWN", row, {"code": cell["note"], "width": cell["width"], "height": cell["height"]})
            else:
                self._add_chart(row, cell)

    def _add_chart(self, parent: str, cell: dict[str, Any]) -> None:
        name = cell["chart"]
        if name not in self._charts:
            raise UnknownChartError(f"a dashboard shows the chart {name!r}: define it in assets/charts, or take it off")
        chart = self._charts[name]
        # Distinct placeholder numbers; the import replaces them with the charts' own.
        number = self.numbers.setdefault(name, len(self.numbers) + 1)
        height = cell.get("height", _HEIGHTS.get(chart.kind, _HEIGHT))
        self.add(
            "CHART",
            parent,
            {
                "uuid": chart.uuid,
                "chartId": number,
                "sliceName": chart.title,
                "width": cell["width"],
                "height": height,
            },
        )


def dashboard_asset(
    definition: dict[str, Any], charts: dict[str, Chart], filters: dict[str, dict[str, Any]], language: str
) -> dict[str, Any]:
    """Superset's YAML of a dashboard in one language.

    Args:
        definition: its entry of the assets, whose cells name charts.
        charts: all charts of the language by name.
        filters: the filters of the language by name.
        language: zh or en.

    Raises:
        UnknownChartError: it shows a chart that is not among `charts`.
        UnknownFilterError: it has a filter that is not among `filters`.
    """
    text = in_language(definition, language)
    grid = Grid(charts, text["title"])
    for row in text.get("above_tabs", []):
        grid.add_row("GRID_ID", row)
    tabs = grid.add("TABS", "GRID_ID", {})
    for tab in text["tabs"]:
        key = grid.add("TAB", tabs, {"text": tab["title"]}, tab_id(tab["name"]))
        for row in tab["rows"]:
            grid.add_row(key, row)
    slug = f"{text['name']}-{language}"
    shown = {number: charts[name] for name, number in grid.numbers.items()}
    return {
        "dashboard_title": text["title"],
        "description": text["description"],
        "css": _CSS,
        "slug": slug,
        "uuid": identity("dashboard", slug),
        "position": grid.position,
        "metadata": {
            "color_scheme": "needloop",
            "label_colors": label_colours(list(shown.values())),
            "filter_bar_orientation": "HORIZONTAL",
            "native_filter_configuration": native_filters(text["filters"], filters, text["sections"], shown),
            **cross_filters(shown),
            "refresh_frequency": 0,
            "expanded_slices": {},
            "timed_refresh_immune_slices": [],
            "default_filters": "{}",
        },
        "published": True,
        "is_managed_externally": True,
        "version": "1.0.0",
    }
