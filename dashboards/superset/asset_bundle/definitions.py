"""What the release itself says of its metrics and groupings (dim_metric, dim_group_value): charts only name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .texts import LANGUAGES
from .units import Units, d3_format

RATE = "rate"
COUNT = "count"
_GROUPINGS = "group_by"
_UNITS = "unit"
ALL = "all"


class UnknownMetricError(Exception):
    """A chart asks for a metric that the release does not define."""


class UnknownGroupingError(Exception):
    """A chart asks for a grouping that the release does not define."""


@dataclass(frozen=True)
class Metric:
    """One published metric."""

    name: str
    labels: dict[str, str]
    unit: str
    direction: str
    section: str

    @property
    def number_format(self) -> str:
        """How its value is written (d3 format)."""
        return d3_format(self.unit)


@dataclass(frozen=True)
class Grouping:
    """One way of grouping: by department, by branch …."""

    name: str
    labels: dict[str, str]


class Definitions:
    """The metrics and groupings of a release by name."""

    def __init__(self, metric_rows: list[dict[str, Any]], group_value_rows: list[dict[str, Any]]) -> None:
        """Take the rows of dim_metric and dim_group_value."""
        self._metrics = {
            row["metric"]: Metric(row["metric"], _labels(row), row["unit"], row["direction"], row["section"])
            for row in metric_rows
        }
        self._groupings = {
            row["group_value"]: Grouping(row["group_value"], _labels(row))
            for row in sorted(group_value_rows, key=lambda row: int(row["sort_order"]))
            if row["group_by"] == _GROUPINGS and row["group_value"] not in {ALL, "unknown"}
        }
        named = {row["group_value"]: _labels(row) for row in group_value_rows if row["group_by"] == _UNITS}
        self._units = {
            language: Units(language, {unit: labels[language] for unit, labels in named.items()})
            for language in LANGUAGES
        }

    def units(self, language: str) -> Units:
        """The release's units."""
        return self._units[language]

    def title(self, metric: Metric, language: str) -> str:
        """The metric's name, with its unit where the numbers do not show it."""
        label = metric.labels[language]
        return label + self._units[language].in_title(metric.unit, label)

    def metric(self, name: str) -> Metric:
        """The metric of this name.

        Raises:
            UnknownMetricError: the release does not define it.
        """
        try:
            return self._metrics[name]
        except KeyError:
            raise UnknownMetricError(
                f"a chart shows the metric {name!r}, which the published release does not define:"
                " correct dashboards/superset/assets, or publish a release that has it"
            ) from None

    def defines(self, name: str) -> bool:
        """Whether the release has a metric of this name."""
        return name in self._metrics

    def metrics(self) -> list[Metric]:
        """All metrics in their order of display."""
        return list(self._metrics.values())

    def grouping(self, name: str) -> Grouping:
        """The grouping of this name.

        Raises:
            UnknownGroupingError: the release does not define it.
        """
        try:
            return self._groupings[name]
        except KeyError:
            raise UnknownGroupingError(
                f"a chart or filter groups by {name!r}, which the published release does not know: choose one of"
                f" {', '.join(self._groupings)}, or add it to seeds/reference/labels.csv and publish"
            ) from None

    def groupings(self) -> list[Grouping]:
        """All groupings in their order."""
        return list(self._groupings.values())


def _labels(row: dict[str, Any]) -> dict[str, str]:
    return {language: row[f"label_{language}"] for language in LANGUAGES}
