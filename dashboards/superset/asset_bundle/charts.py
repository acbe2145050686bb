"""Charts: an entry of `assets/charts`, or a cell of a dashboard, becomes one of Superset's visualisations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import queries, series, tables
from .chart_context import ChartContext, ChartDefinition, Drawing
from .identity import identity
from .texts import in_language

KINDS: dict[str, Callable[[ChartDefinition, ChartContext], Drawing]] = {
    "tile": tables.tile,
    "banner": tables.banner,
    "key_figures": tables.key_figures,
    "league": tables.league,
    "list": tables.listing,
    "trend": series.trend,
    "group_trend": series.group_trend,
    "breakdown": series.breakdown,
    "heatmap": series.heatmap,
    "grid": series.grid,
    "sankey": series.sankey,
    "funnel": series.funnel,
    "pareto": series.pareto,
    "plot": series.plot,
    "course": series.course,
}
NUMBERS = "metric_trend"
# They show every quarter, so the quarter filter leaves them alone.
_EVERY_QUARTER = {"trend", "group_trend", "heatmap"}
# They show every group, so filters on a group leave them alone.
_EVERY_GROUP = {"group_trend", "breakdown", "heatmap", "league", "sankey"}
# Text with markup: its cell's value means nothing to other charts.
_TEXTS = {"tile", "banner"}
PERIOD = "period"


class ChartError(Exception):
    """An entry of the assets cannot be made a chart."""


@dataclass(frozen=True)
class Chart:
    """A chart of one language."""

    name: str
    language: str
    title: str
    kind: str
    dataset: str
    dataset_uuid: str
    columns: frozenset[str]
    """The columns of its dataset: a filter on another column does not reach it."""
    drawing: Drawing

    @property
    def uuid(self) -> str:
        """Its stable identity."""
        return identity("chart", f"{self.name}/{self.language}")

    def follows(self, column: str) -> bool:
        """Whether a filter on this column of a dataset is meant for the chart."""
        if column not in self.columns:
            return False
        return self.kind not in (_EVERY_QUARTER if column == PERIOD else _EVERY_GROUP)

    @property
    def follows_groups(self) -> bool:
        """Whether it shows the group that is chosen, rather than every group."""
        return self.kind not in _EVERY_GROUP

    @property
    def chooses_by_a_click(self) -> bool:
        """Whether a click chooses the value it falls on: not a quarter of an axis, nor a tile, which has a link."""
        shows_quarters = self.kind in _EVERY_QUARTER and self.kind != "group_trend"
        return not shows_quarters and self.kind not in _TEXTS

    def asset(self) -> dict[str, Any]:
        """Superset's YAML of the chart."""
        form_data = {"viz_type": self.drawing.visualisation, **self.drawing.form_data}
        return {
            "slice_name": self.title,
            "viz_type": self.drawing.visualisation,
            "params": form_data,
            "query_context": queries.query_context(form_data, self.drawing.queries),
            "cache_timeout": None,
            "is_managed_externally": True,
            "uuid": self.uuid,
            "version": "1.0.0",
            "dataset_uuid": self.dataset_uuid,
        }


def chart(definition: dict[str, Any], context: ChartContext) -> Chart:
    """The chart of an entry.

    Raises:
        ChartError: its kind or its dataset is unknown, or a line is missing.
        UnknownMetricError, UnknownGroupingError: the release does not define what it shows.
    """
    text: ChartDefinition = {"dataset": NUMBERS, **in_language(definition, context.language)}
    if text.get("kind") not in KINDS:
        raise ChartError(f"no kind of chart is called {text.get('kind')!r}: choose one of {', '.join(KINDS)}")
    if text["dataset"] not in context.datasets:
        raise ChartError(f"a chart reads the dataset {text['dataset']!r}: define it in assets/datasets, or correct it")
    source = context.datasets[text["dataset"]]
    try:
        name, title = str(text["name"]), _title(text, context)
        drawing = KINDS[text["kind"]](text, context)
    except KeyError as error:
        raise ChartError(f"the {text['kind']} {definition} lacks {error}: add it") from error
    return Chart(
        name=name,
        language=context.language,
        title=title,
        kind=text["kind"],
        dataset=source.name,
        dataset_uuid=source.uuid,
        columns=frozenset(source.column_names),
        drawing=drawing,
    )


def _title(text: ChartDefinition, context: ChartContext) -> str:
    """A chart that names its metric takes its title from the definitions."""
    if "title" in text:
        return str(text["title"])
    metric = context.definitions.metric(text["metric"])
    if text["kind"] == "tile":
        return metric.labels[context.language]  # the number says its unit
    title = context.label(metric)
    if "group_by" not in text:
        return title
    group = context.definitions.grouping(text["group_by"]).labels[context.language]
    by_quarter = text["kind"] in _EVERY_QUARTER
    return {
        "zh": f"{title}{'趋势' if by_quarter else ''} · 按{group}",
        "en": f"{title} by {group.lower()}{' and quarter' if by_quarter else ''}",
    }[context.language]
