"""When a difference of two shares is larger than chance explains; the boundary is worked out by hand."""

from __future__ import annotations

import pytest

from dashboards.report.content.certainty import beyond_chance
from dashboards.report.release import MetricDefinition, MetricRow


def row(hits: float | None, cases: float | None) -> MetricRow:
    value = hits / cases if hits is not None and cases else None
    n = int(cases or 0)
    return MetricRow("m", "2026Q3", "all", "all", "All", hits, cases, value, n, False, False, None, None, None, None)


def defined(unit: str = "rate", additivity: str = "ratio") -> MetricDefinition:
    return MetricDefinition("m", "M", "", "", "", unit, "higher", additivity, 1.0, "", "needs_closure", True)


# of 100 and 100: 50 against 36: pooled 0.43, error sqrt(0.43 x 0.57 x 0.02) = 0.07001; 0.14 / 0.07001 = 1.9996
# 50 against 37: pooled 0.435, error 0.07011; 0.13 / 0.07011 = 1.854
@pytest.mark.parametrize(("then", "sure"), [(36, True), (37, False), (50, False), (64, True), (63, False)])
def test_the_boundary(then: int, sure: bool) -> None:
    assert beyond_chance(row(50, 100), row(then, 100), defined()) is sure


def test_nothing_is_said_where_it_cannot_be() -> None:
    assert beyond_chance(row(50, 100), row(0, 0), defined()) is None
    assert beyond_chance(row(None, 100), row(50, 100), defined()) is None
    assert beyond_chance(row(50, 100), row(10, 100), defined(unit="hours", additivity="quantile")) is None
    assert beyond_chance(row(400, 100), row(300, 100), defined()) is None  # no shares of cases
    assert beyond_chance(row(100, 100), row(100, 100), defined()) is False
