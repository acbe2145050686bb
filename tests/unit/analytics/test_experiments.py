"""Comparisons and verdicts against values worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from dagster_pipelines.analytics.experiments import Comparison, compare, experiment_results, judge, sample_ratio_p

NOTHING = Comparison(None, None, None, None, None, None)


def with_p(p: float | None, difference: float | None) -> Comparison:
    return Comparison("welch", difference, None, None, p, None)


def test_welch() -> None:
    """Means 2 and 5, variances 1 and 4, three values each: error √(1/3 + 4/3), df = (5/3)² ÷ ((1/3)²/2 + (4/3)²/2)."""
    compared = compare(np.array([1.0, 2.0, 3.0]), np.array([3.0, 5.0, 7.0]), shares=False)
    assert compared.test == "welch"
    assert compared.difference == pytest.approx(3)
    # t = 3 / 1.29099 = 2.32379 with 2.94118 degrees of freedom; p by integrating its density.
    assert compared.p == pytest.approx(0.10447889, abs=1e-7)
    assert compared.ci_low == pytest.approx(3 - 3.21876 * 1.2909944, abs=1e-4)


def test_two_proportions() -> None:
    """40 of 100 against 60 of 100: pooled ½, z = 0.2 ÷ √(½·½·0.02) = 2.82843; unpooled error √(0.0024 + 0.0024)."""
    control, treatment = (np.repeat([1.0, 0.0], [n, 100 - n]) for n in (40, 60))
    compared = compare(control, treatment, shares=True)
    assert compared.test == "z"
    assert compared.p == pytest.approx(0.00467773, abs=1e-8)
    assert compared.ci_low == pytest.approx(0.2 - 1.959964 * 0.0692820, abs=1e-6)
    assert compared.ci_high == pytest.approx(0.2 + 1.959964 * 0.0692820, abs=1e-6)
    # 1.959964 × 0.0707107 + 0.841621 × 0.0692820
    assert compared.minimal_detectable_effect == pytest.approx(0.196899, abs=1e-6)


@pytest.mark.parametrize("shares", [True, False])
def test_nothing_is_tested_without_two_values_in_each_arm_or_without_spread(shares: bool) -> None:
    ones = np.ones(5)
    assert compare(ones[:1], ones, shares=shares).p is None
    assert compare(ones[:0], ones, shares=shares).difference is None
    assert compare(ones, ones, shares=shares).p is None
    assert compare(ones, ones, shares=shares).difference == 0


def test_sample_ratio() -> None:
    """60 and 40 where halves were planned: χ² = 10²/50 + 10²/50 = 4, p of one degree of freedom."""
    assert sample_ratio_p(60, 40, None) == pytest.approx(0.04550026)
    assert sample_ratio_p(60, 40, 0.4) == pytest.approx(1)
    assert sample_ratio_p(0, 0, 0.5) is None
    assert sample_ratio_p(10, 0, 0.0) is None


@pytest.mark.parametrize(
    ("compared", "broken", "running", "lower_is_better", "verdict"),
    [
        (with_p(0.001, 1), True, True, False, "invalid"),
        (with_p(0.001, 1), False, True, False, "running"),
        (with_p(0.0499, 1), False, False, False, "better"),
        (with_p(0.0499, 1), False, False, True, "worse"),
        (with_p(0.0499, -1), False, False, True, "better"),
        (with_p(0.0499, -1), False, False, False, "worse"),
        (with_p(0.05, 1), False, False, False, "no_difference_shown"),
        (NOTHING, False, False, False, "no_difference_shown"),
    ],
)
def test_the_first_verdict_that_applies(
    compared: Comparison, broken: bool, running: bool, lower_is_better: bool, verdict: str
) -> None:
    assert judge(compared, broken=broken, running=running, lower_is_better=lower_is_better) == verdict


def results(ended_on: date | None, *, both_arms: int = 0) -> dict[str, object]:
    """One experiment with 40 of 100 against 60 of 100, as of 30 September, items watched for 30 days."""
    rows = [
        {"experiment_id": "X", "variant": arm, "unit_id": f"{arm}{i:03}", "value": float(i < won), "items": 1}
        for arm, won in (("control", 40), ("treatment", 60))
        for i in range(100)
    ]
    table = experiment_results(
        {
            "as_of": pa.table({"as_of": [date(2026, 9, 30)]}),
            "watch": pa.table({"days": [30]}),
            "experiments": pa.table(
                {
                    "experiment_id": ["X"],
                    "primary_metric": ["conversion_rate"],
                    "ended_on": pa.array([ended_on], pa.date32()),
                    "share": [0.5],
                }
            ),
            "units": pa.table(
                {
                    "experiment_id": ["X", "X"],
                    "variant": ["control", "treatment"],
                    "units": [110, 112],
                    "both_arms": [both_arms, both_arms],
                }
            ),
            "values": pa.Table.from_pylist(rows),
        }
    )
    row: dict[str, object] = table.to_pylist()[0]
    return row


def test_an_experiment_is_over_when_its_last_items_were_watched() -> None:
    """The end and thirty days: 31 August is over on 30 September, 1 September is not."""
    over = results(date(2026, 8, 31))
    assert (over["verdict"], over["n_control"], over["units_treatment"]) == ("better", 100, 112)
    for still_running in (results(date(2026, 9, 1)), results(None)):
        assert still_running["verdict"] == "running"
        assert still_running["p"] is still_running["ci_low"] is still_running["ci_high"] is None
        assert still_running["srm_p"] is not None


def test_a_unit_in_both_arms_breaks_the_experiment() -> None:
    assert results(date(2026, 8, 31), both_arms=1)["verdict"] == "invalid"
