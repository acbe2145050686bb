"""The paired difference and its interval against a value worked out by hand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dagster_pipelines.analytics.before_after import before_after


def test_paired_difference() -> None:
    """Differences 1, 2, 3: mean 2, standard deviation 1, t of 2 degrees of freedom 4.302653, reach 4.302653 ÷ √3."""
    pairs = pa.table(
        {
            "outcome": ["complaints"] * 3 + ["policies_sold"],
            "window_months": [3] * 4,
            "staff_id": ["S1", "S2", "S3", "S1"],
            "before_mean": [1.0, 1.0, 1.0, 2.0],
            "after_mean": [2.0, 3.0, 4.0, 5.0],
        }
    )
    complaints, policies = before_after({"pairs": pairs}).to_pylist()
    assert (complaints["persons"], complaints["before_mean"], complaints["after_mean"]) == (3, 1, 3)
    assert complaints["difference"] == 2
    assert complaints["ci_low"] == pytest.approx(2 - 4.302653 / 3**0.5, abs=1e-6)
    assert complaints["ci_high"] == pytest.approx(2 + 4.302653 / 3**0.5, abs=1e-6)
    assert (policies["difference"], policies["ci_low"], policies["ci_high"]) == (3, None, None)
