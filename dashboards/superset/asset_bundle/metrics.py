"""The published definitions of metrics (dim_metric): labels, units, direction. Charts say only a metric's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NUMBER_FORMATS = {"rate": ",.1%", "count": ",d", "hours": ",.1f", "points": ",.1f"}
OTHER_FORMAT = ",.2f"
_CHANGE_SCALES = {"rate": 100}
_CHANGE_FORMATS = {"rate": "+,.1f", "count": "+,d", "hours": "+,.1f", "points": "+,.1f"}
_CHANGE_UNITS = {
    "zh": {"rate": "较上季（个百分点）", "hours": "较上季（小时）"},
    "en": {"rate": "vs last quarter, pp", "hours": "vs last quarter, hours"},
}
_CHANGE_PLAIN = {"zh": "较上季", "en": "vs last quarter"}
_VALUE_UNITS = {"zh": {"hours": "小时"}, "en": {"hours": "hours"}}


class UnknownMetricError(Exception):
    """A chart asks for a metric that the release does not define."""


@dataclass(frozen=True)
class Metric:
    """One published metric."""

    name: str
    labels: dict[str, str]
    unit: str
    direction: str

    @property
    def number_format(self) -> str:
        """How its value is written (d3 format)."""
        return NUMBER_FORMATS.get(self.unit, OTHER_FORMAT)

    @property
    def change_format(self) -> str:
        """How its change is written (d3 format)."""
        return _CHANGE_FORMATS.get(self.unit, "+,.2f")

    @property
    def change_scale(self) -> int:
        """Factor of a change: rates change by percentage points."""
        return _CHANGE_SCALES.get(self.unit, 1)

    def value_caption(self, language: str) -> str:
        """What stands under a value: its unit, where the number does not show it."""
        return _VALUE_UNITS[language].get(self.unit, "")

    def change_caption(self, language: str) -> str:
        """What stands over a change."""
        return _CHANGE_UNITS[language].get(self.unit, _CHANGE_PLAIN[language])


class MetricCatalogue:
    """The metrics of a release by name."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._metrics = {
            row["metric"]: Metric(
                name=row["metric"],
                labels={"zh": row["label_zh"], "en": row["label_en"]},
                unit=row["unit"],
                direction=row["direction"],
            )
            for row in rows
        }

    def __getitem__(self, name: str) -> Metric:
        try:
            return self._metrics[name]
        except KeyError:
            raise UnknownMetricError(
                f"a chart shows the metric {name!r}, which the published release does not define:"
                " correct assets/charts, or publish a release that has it"
            ) from None
