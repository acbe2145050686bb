"""What every kind of chart is made from, and what it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .datasets import Dataset
from .definitions import Definitions, Metric

ChartDefinition = dict[str, Any]
"""An entry of the assets in one language."""


@dataclass(frozen=True)
class Drawing:
    """A visualisation: its type, its form data and the queries that its data takes."""

    visualisation: str
    form_data: dict[str, Any]
    queries: list[dict[str, Any]]
    series: tuple[tuple[str, ...], ...] = ()
    """The series that it draws, each with the names that Superset may know it by."""
    pale_series: tuple[str, ...] = ()
    """Labels of those that rest on few cases."""
    light_series: tuple[str, ...] = ()
    """Labels of those that are written on."""


@dataclass(frozen=True)
class ChartContext:
    """The definitions and datasets of one language."""

    language: str
    definitions: Definitions
    datasets: dict[str, Dataset]

    def label(self, metric: Metric) -> str:
        """A metric's name in the language, with its unit where numbers do not show it."""
        return self.definitions.title(metric, self.language)

    def metrics(self, names: list[str]) -> list[Metric]:
        """The metrics of these names."""
        return [self.definitions.metric(name) for name in names]
