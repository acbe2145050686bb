"""Cells of a dashboard that say their chart in place: `{tile: closing_backlog, width: 2}` needs no entry elsewhere."""

from __future__ import annotations

from typing import Any

from .charts import KINDS

_LAYOUT = {"width", "height"}


class CellError(Exception):
    """A cell of a dashboard says nothing to show."""


def charts_in_place(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """The charts that a dashboard's cells define; the cells name them from now on."""
    rows = [*dashboard.get("above_tabs", []), *(row for tab in dashboard["tabs"] for row in tab["rows"])]
    return [_chart_of(cell) for row in rows for cell in row if "chart" not in cell and "note" not in cell]


def _chart_of(cell: dict[str, Any]) -> dict[str, Any]:
    kind = next((kind for kind in KINDS if kind in cell), None)
    if kind is None:
        raise CellError(f"the cell {cell} shows nothing: give it `chart`, `note` or one of {', '.join(KINDS)}")
    shown = cell.pop(kind)
    chart = {key: cell.pop(key) for key in list(cell) if key not in _LAYOUT}
    if "by" in chart:
        chart["group_by"] = chart.pop("by")
    chart["kind"] = kind
    if isinstance(shown, list):
        chart["metrics"] = shown
        named = [shown[0], "and", str(len(shown) - 1), kind]
    else:
        chart["metric"] = shown
        named = [shown, kind]
    chart.setdefault("name", "_".join([*named, *([chart["group_by"]] if "group_by" in chart else [])]))
    cell["chart"] = chart["name"]
    return chart
