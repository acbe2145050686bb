"""How sure a change is: whether two shares differ by more than chance would make them."""

from __future__ import annotations

import math

from dashboards.report.content.material import Material
from dashboards.report.release import MetricDefinition, MetricRow

CONFIDENT = 1.96  # standard errors: a difference this large comes about by chance once in twenty times


def beyond_chance(now: MetricRow, then: MetricRow, definition: MetricDefinition) -> bool | None:
    """Whether the difference of two shares is larger than chance explains, by the two-proportion z-test.

    None where that cannot be said: the metric is no share of cases, or its parts were not published.
    """
    parts = (now.numerator, now.denominator, then.numerator, then.denominator)
    if definition.unit != "rate" or definition.additivity != "ratio" or any(part is None for part in parts):
        return None
    hits, cases, hits_then, cases_then = (float(part or 0.0) for part in parts)
    if not cases or not cases_then or hits > cases or hits_then > cases_then:
        return None
    pooled = (hits + hits_then) / (cases + cases_then)
    error = math.sqrt(pooled * (1 - pooled) * (1 / cases + 1 / cases_then))
    return error > 0 and abs(hits / cases - hits_then / cases_then) / error > CONFIDENT


def certainty(material: Material, now: MetricRow, then: MetricRow, definition: MetricDefinition) -> str:
    """How sure a change is, in words to follow it; nothing for few cases, nor for counts and sums, which are exact."""
    if now.is_small or then.is_small:
        return ""
    sure = beyond_chance(now, then, definition)
    if sure is not None:
        return material.text("certainty.beyond_chance" if sure else "certainty.within_chance")
    if definition.additivity in ("mean", "quantile", "ratio"):
        return material.text("certainty.cases", now=f"{now.n:,}", then=f"{then.n:,}")
    return ""
