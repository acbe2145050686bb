"""The estimator's path on panels whose answer is known in closed form, and what keeps a result from being shown."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dagster_pipelines.analytics.training_effects import (
    OUTCOMES,
    Effect,
    estimate_effect,
    training_effects,
    two_way_diagnostic,
    why_not_shown,
)

MONTHS = 24
COHORTS = {0: 30, 12: 20, 15: 10, 18: 40}
"""First treated month, 0 for never, and persons."""


def panel(effect: Callable[[int, int], float], noise: float = 0.0, seed: int = 7) -> pd.DataFrame:
    """Persons with levels of their own and a common trend; `effect` of cohort and months since it was trained."""
    rng = np.random.default_rng(seed)
    cohorts = np.repeat(list(COHORTS), list(COHORTS.values()))
    level = rng.normal(size=len(cohorts))
    trend = rng.normal(size=MONTHS)
    rows = [
        {
            "staff_id": f"S{person:03}",
            "month_number": month,
            "treated_from_month": int(cohort),
            "y": level[person]
            + trend[month - 1]
            + (effect(int(cohort), month - int(cohort)) if 0 < cohort <= month else 0.0)
            + noise * rng.normal(),
        }
        for person, cohort in enumerate(cohorts)
        for month in range(1, MONTHS + 1)
    ]
    return pd.DataFrame(rows)


def estimate(data: pd.DataFrame) -> Effect:
    effect = estimate_effect(data, "y", "staff_id", "month_number", "treated_from_month")
    assert effect is not None
    return effect


def test_growing_effects_of_cohorts_are_found_exactly() -> None:
    """Without noise each cohort and month is exact; the overall effect is their mean, weighted by persons."""

    def grows(cohort: int, since: int) -> float:
        return -0.1 * cohort / 10 - 0.05 * since

    cells = [
        (COHORTS[cohort], grows(cohort, month - cohort))
        for cohort in (12, 15, 18)
        for month in range(cohort, MONTHS + 1)
    ]
    expected = sum(n * value for n, value in cells) / sum(n for n, _ in cells)
    effect = estimate(panel(grows))
    assert effect.estimate == pytest.approx(expected, abs=1e-9)
    months = {event["event_month"]: event for event in effect.events}
    assert sorted(months) == list(range(-7, 13))
    at_once = sum(COHORTS[c] * grows(c, 0) for c in (12, 15, 18)) / 70
    assert months[0]["estimate"] == pytest.approx(at_once, abs=1e-9)
    assert months[12]["estimate"] == pytest.approx(grows(12, 12), abs=1e-9)
    assert [m for m, event in months.items() if event["is_reference"]] == [-2]
    assert all(abs(months[m]["estimate"]) < 1e-9 for m in range(-7, -2))


def test_the_month_of_completion_is_neither_before_nor_after() -> None:
    """A jump in that month alone changes no other month and not the overall effect."""
    data = panel(lambda _, __: 1.0)
    jumped = data.copy()
    completion = jumped["month_number"] == jumped["treated_from_month"] - 1
    jumped.loc[completion, "y"] += 100
    # Who completes in a month is no control in it either: cohorts that follow must not be touched by the jump.
    before, after = estimate(data), estimate(jumped)
    assert after.estimate == pytest.approx(before.estimate, abs=1e-9)
    assert {e["event_month"]: e["estimate"] for e in after.events}[-1] == pytest.approx(100, abs=1e-6)


def test_error_and_interval_of_one_cohort() -> None:
    """One cohort of 40 and 30 who never go, one month after: the error is that of a difference of mean changes."""
    data = panel(lambda _, __: 0.0, noise=1.0)
    data = data[data["treated_from_month"].isin([0, 18]) & (data["month_number"] <= 18)]
    wide = data.pivot(index="staff_id", columns="month_number", values="y")
    change = wide[18] - wide[16]
    treated = data.groupby("staff_id")["treated_from_month"].first() > 0
    groups = [change[treated], change[~treated]]
    effect = estimate(data)
    assert effect.estimate == pytest.approx(groups[0].mean() - groups[1].mean(), abs=1e-9)
    error = sqrt(sum(g.var(ddof=0) / len(g) for g in groups))
    assert effect.standard_error == pytest.approx(error, rel=0.1)


def test_the_same_data_give_the_same_digits() -> None:
    data = panel(lambda _, __: 0.5, noise=1.0)
    assert estimate(data) == estimate(data.sample(frac=1, random_state=1).sort_values(["staff_id", "month_number"]))


def test_persons_with_missing_months_stay_in() -> None:
    data = panel(lambda _, __: 2.0, noise=0.3)
    thinned = data.sample(frac=0.6, random_state=3).sort_values(["staff_id", "month_number"])
    effect = estimate(thinned)
    assert effect.estimate is not None
    assert effect.standard_error is not None
    assert abs(effect.estimate - 2.0) < 4 * effect.standard_error


def test_groups_that_part_before_the_training_are_found_out() -> None:
    data = panel(lambda _, __: 0.0, noise=0.2)
    drift = (data["treated_from_month"] > 0) * data["month_number"] * 0.2
    parted = estimate(data.assign(y=data["y"] + drift))
    assert why_not_shown(70, parted) == "pretrend_differs"
    assert why_not_shown(70, estimate(data)) is None


def test_forbidden_comparisons_have_a_weight() -> None:
    data = panel(lambda _, __: 1.0)
    twoway, forbidden = two_way_diagnostic(data, "y")
    assert twoway == pytest.approx(1.0, abs=1e-6)  # constant effects: even forbidden comparisons get it right
    assert forbidden is not None
    assert 0 < forbidden < 1
    assert two_way_diagnostic(data.iloc[1:], "y") == (None, None)


def test_too_few_trained_are_not_estimated() -> None:
    data = panel(lambda _, __: 1.0)
    few = data[data["treated_from_month"].isin([0, 15])]
    table = pa.Table.from_pandas(few.assign(**dict.fromkeys(OUTCOMES, few["y"])), preserve_index=False)
    effects, events = training_effects({"panel": table})
    assert {row["reason_not_shown"] for row in effects.to_pylist()} == {"too_few_treated"}
    assert {row["estimate"] for row in effects.to_pylist()} == {None}
    assert events.num_rows == 0


@pytest.mark.parametrize(
    ("treated", "pretrend_p", "reason"),
    [(19, 0.5, "too_few_treated"), (20, 0.5, None), (20, 0.05, None), (20, 0.0499, "pretrend_differs")],
)
def test_reasons_at_their_boundaries(treated: int, pretrend_p: float, reason: str | None) -> None:
    effect = Effect(1.0, 0.1, (0.8, 1.2), 0.01, (), (1.0, 5, pretrend_p))
    assert why_not_shown(treated, effect) == reason
