"""A/B tests of improvements: difference of the arms with its interval, sample ratio, power, and a verdict in words.

One value per unit, the mean of its items. Means are compared by Welch's t-test; where every unit is a single item of a
rate, shares are compared by the two-proportion z-test (pooled for p, unpooled for the interval).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

CONFIDENCE = 0.95
SIGNIFICANT_BELOW = 0.05
POWER = 0.8
"""The minimal detectable effect is what a test of this size detects in four of five cases."""
BROKEN_RATIO_BELOW = 0.001
LOWER_IS_BETTER = frozenset({"time_to_resolution_hours", "recurrence_rate"})
RATES = frozenset({"resolution_rate", "recurrence_rate", "conversion_rate"})

INPUTS = {
    "experiments": "select experiment_id, primary_metric, ended_on, expected_treatment_share::double as share "
    "from intermediate.int_experiments order by experiment_id",
    "units": "select experiment_id, variant, count(*) as units, max(is_in_both_arms::integer) as both_arms "
    "from intermediate.int_experiment_units group by experiment_id, variant order by experiment_id, variant",
    "values": "select experiment_id, variant, unit_id, avg(outcome order by item_id) as value, count(*) as items "
    "from intermediate.int_experiment_items where outcome is not null "
    "group by experiment_id, variant, unit_id order by experiment_id, variant, unit_id",
    "as_of": "select as_of from intermediate.int_as_of",
    "watch": "select experiment_watch_days as days from intermediate.int_parameters",
}
"""Input names and their queries."""

SCHEMA = pa.schema(
    {
        "experiment_id": pa.string(),
        "test": pa.string(),
        "units_control": pa.int64(),
        "units_treatment": pa.int64(),
        "n_control": pa.int64(),
        "n_treatment": pa.int64(),
        "value_control": pa.float64(),
        "value_treatment": pa.float64(),
        "difference": pa.float64(),
        "ci_low": pa.float64(),
        "ci_high": pa.float64(),
        "p": pa.float64(),
        "srm_p": pa.float64(),
        "minimal_detectable_effect": pa.float64(),
        "verdict": pa.string(),
    }
)

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Treatment against control; None where it cannot be computed."""

    test: str | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    minimal_detectable_effect: float | None


def experiment_results(inputs: Mapping[str, pa.Table]) -> pa.Table:
    """One row per experiment, ordered by id."""
    as_of: date = inputs["as_of"]["as_of"][0].as_py()
    watch = timedelta(days=inputs["watch"]["days"][0].as_py())
    units = {(r["experiment_id"], r["variant"]): r for r in inputs["units"].to_pylist()}
    values = _values_of_arms(inputs["values"])
    rows = []
    for experiment in inputs["experiments"].to_pylist():
        name, metric = experiment["experiment_id"], experiment["primary_metric"]
        control, treatment = (
            (units.get((name, arm)) or {"units": 0, "both_arms": 0}) for arm in ("control", "treatment")
        )
        (control_values, control_items), (treatment_values, treatment_items) = (
            values.get((name, arm), (np.empty(0), 0)) for arm in ("control", "treatment")
        )
        one_item_each = control_items == len(control_values) and treatment_items == len(treatment_values)
        compared = compare(control_values, treatment_values, shares=metric in RATES and one_item_each)
        running = experiment["ended_on"] is None or experiment["ended_on"] + watch > as_of
        srm_p = sample_ratio_p(control["units"], treatment["units"], experiment["share"])
        verdict = judge(
            compared,
            broken=(srm_p is not None and srm_p < BROKEN_RATIO_BELOW) or bool(control["both_arms"]),
            running=running,
            lower_is_better=metric in LOWER_IS_BETTER,
        )
        shown = None if running else compared
        rows.append(
            {
                "experiment_id": name,
                "test": compared.test,
                "units_control": control["units"],
                "units_treatment": treatment["units"],
                "n_control": len(control_values),
                "n_treatment": len(treatment_values),
                "value_control": _mean(control_values),
                "value_treatment": _mean(treatment_values),
                "difference": compared.difference,
                "ci_low": shown and shown.ci_low,
                "ci_high": shown and shown.ci_high,
                "p": shown and shown.p,
                "srm_p": srm_p,
                "minimal_detectable_effect": compared.minimal_detectable_effect,
                "verdict": verdict,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def compare(control: Values, treatment: Values, *, shares: bool) -> Comparison:
    """The difference of the means of two arms; untested with fewer than two values in an arm or zero variance."""
    difference = float(treatment.mean() - control.mean()) if len(control) and len(treatment) else None
    if difference is None or min(len(control), len(treatment)) < 2:
        return Comparison(None, difference, None, None, None, None)
    return _z_test(control, treatment, difference) if shares else _welch(control, treatment, difference)


def _welch(control: Values, treatment: Values, difference: float) -> Comparison:
    from scipy import stats  # noqa: PLC0415 - slow import

    squares = [float(arm.var(ddof=1)) / len(arm) for arm in (control, treatment)]
    error = sqrt(sum(squares))
    if error == 0:
        return Comparison("welch", difference, None, None, None, None)
    df = sum(squares) ** 2 / sum(s**2 / (len(a) - 1) for s, a in zip(squares, (control, treatment), strict=True))
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, df)) * error
    p = float(stats.ttest_ind(treatment, control, equal_var=False).pvalue)
    return Comparison(
        "welch", difference, difference - reach, difference + reach, p, reach + float(stats.t.ppf(POWER, df)) * error
    )


def _z_test(control: Values, treatment: Values, difference: float) -> Comparison:
    from scipy import stats  # noqa: PLC0415 - slow import

    n = (len(control), len(treatment))
    both = float((control.sum() + treatment.sum()) / sum(n))
    pooled = sqrt(both * (1 - both) * (1 / n[0] + 1 / n[1]))
    if pooled == 0:
        return Comparison("z", difference, None, None, None, None)
    error = sqrt(sum(float(arm.mean() * (1 - arm.mean())) / len(arm) for arm in (control, treatment)))
    quantile = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    return Comparison(
        "z",
        difference,
        difference - quantile * error,
        difference + quantile * error,
        float(2 * stats.norm.sf(abs(difference) / pooled)),
        quantile * pooled + float(stats.norm.ppf(POWER)) * error,
    )


def sample_ratio_p(control: int, treatment: int, expected_treatment_share: float | None) -> float | None:
    """p-value of the χ² test for sample ratio mismatch; None where it cannot be tested."""
    from scipy import stats  # noqa: PLC0415 - slow import

    share = 0.5 if expected_treatment_share is None else expected_treatment_share
    units = control + treatment
    if not units or not 0 < share < 1:
        return None
    return float(stats.chisquare([control, treatment], [units * (1 - share), units * share]).pvalue)


def judge(compared: Comparison, *, broken: bool, running: bool, lower_is_better: bool) -> str:
    """The first verdict that applies: invalid, running, better, worse, no difference shown."""
    if broken:
        return "invalid"
    if running:
        return "running"
    if compared.p is None or compared.p >= SIGNIFICANT_BELOW or not compared.difference:
        return "no_difference_shown"
    return "better" if (compared.difference < 0) == lower_is_better else "worse"


def _values_of_arms(table: pa.Table) -> dict[tuple[str, str], tuple[Values, int]]:
    """Values of the units of each arm, in the order of their ids, and their number of items."""
    frame: Any = table.to_pandas()
    return {
        (str(experiment), str(variant)): (rows["value"].to_numpy(dtype=np.float64), int(rows["items"].sum()))
        for (experiment, variant), rows in frame.groupby(["experiment_id", "variant"], sort=True)
    }


def _mean(values: Values) -> float | None:
    mean = float(values.mean()) if len(values) else None
    return mean if mean is None or isfinite(mean) else None
