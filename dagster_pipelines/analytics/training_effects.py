"""The effect of the confirmation training on behaviour and results: staggered difference-in-differences.

Callaway & Sant'Anna (2021), as implemented by diff-diff: each cohort of persons trained in one month is compared
with persons not yet trained, from the last month that the training cannot have affected. See docs/training-effects.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from pandas import DataFrame

OUTCOMES = (
    "complaints",
    "second_sale_conversion",
    "first_response_hours",
    "step_on_time",
    "csat",
    "persistency_13",
)
LEAST_TREATED = 20
CONFIDENCE = 0.95
PRETREND_P = 0.05
ANTICIPATION = 1
"""Months before the first treated one that are neither before nor after: the month of completion."""
PRETREND_MONTHS = range(-7, -2)
"""Event times of the joint test; −2, the last month before the training ended, is what all others are compared with."""
SHOWN_MONTHS = range(-7, 13)
DRAWS = 999
SEED = 20260930
"""Fixed seed of the bootstrap: the same data give the same bands."""

INPUTS = {
    "panel": f"select staff_id, month_number, treated_from_month, {', '.join(OUTCOMES)} "
    "from intermediate.int_effect_panel order by staff_id, month_number",
}

EFFECTS = pa.schema(
    {
        "outcome": pa.string(),
        "persons_treated": pa.int64(),
        "persons_control": pa.int64(),
        "person_months": pa.int64(),
        "estimate": pa.float64(),
        "standard_error": pa.float64(),
        "ci_low": pa.float64(),
        "ci_high": pa.float64(),
        "p": pa.float64(),
        "pretrend_statistic": pa.float64(),
        "pretrend_df": pa.int32(),
        "pretrend_p": pa.float64(),
        "twoway_estimate": pa.float64(),
        "forbidden_weight": pa.float64(),
        "reason_not_shown": pa.string(),
    }
)
EVENTS = pa.schema(
    {
        "outcome": pa.string(),
        "event_month": pa.int32(),
        "estimate": pa.float64(),
        "standard_error": pa.float64(),
        "ci_low": pa.float64(),
        "ci_high": pa.float64(),
        "band_low": pa.float64(),
        "band_high": pa.float64(),
        "is_reference": pa.bool_(),
    }
)


@dataclass(frozen=True)
class Effect:
    """The overall effect on one outcome, its event study, and the test of parallel pre-trends."""

    estimate: float | None
    standard_error: float | None
    interval: tuple[float | None, float | None]
    p: float | None
    events: tuple[dict[str, Any], ...]
    pretrend: tuple[float, int, float] | None
    """Statistic, degrees of freedom and p of the joint Wald test."""


def training_effects(inputs: Mapping[str, pa.Table]) -> tuple[pa.Table, pa.Table]:
    """The overall effects, one row per outcome, and the event studies, one row per outcome and month."""
    panel: DataFrame = inputs["panel"].to_pandas()
    effects, events = [], []
    for outcome in OUTCOMES:
        observed = panel.loc[panel[outcome].notna(), ["staff_id", "month_number", "treated_from_month", outcome]]
        first = observed.groupby("staff_id")["treated_from_month"].first()
        treated, control = int((first > 0).sum()), int((first == 0).sum())
        effect = None
        if treated >= LEAST_TREATED:
            effect = estimate_effect(observed, outcome, "staff_id", "month_number", "treated_from_month")
        twoway, forbidden = two_way_diagnostic(observed, outcome) if effect else (None, None)
        effects.append(
            {
                "outcome": outcome,
                "persons_treated": treated,
                "persons_control": control,
                "person_months": len(observed),
                "estimate": effect and effect.estimate,
                "standard_error": effect and effect.standard_error,
                "ci_low": effect and effect.interval[0],
                "ci_high": effect and effect.interval[1],
                "p": effect and effect.p,
                "pretrend_statistic": effect and effect.pretrend and effect.pretrend[0],
                "pretrend_df": effect and effect.pretrend and effect.pretrend[1],
                "pretrend_p": effect and effect.pretrend and effect.pretrend[2],
                "twoway_estimate": twoway,
                "forbidden_weight": forbidden,
                "reason_not_shown": why_not_shown(treated, effect),
            }
        )
        events += [{"outcome": outcome, **event} for event in (effect.events if effect else ())]
    return pa.Table.from_pylist(effects, schema=EFFECTS), pa.Table.from_pylist(events, schema=EVENTS)


def why_not_shown(treated: int, effect: Effect | None) -> str | None:
    """Why an effect is not shown, as the key of its sentence; None if it is shown."""
    if treated < LEAST_TREATED:
        return "too_few_treated"
    if effect is None or effect.estimate is None or effect.standard_error is None:
        return "not_estimable"
    if effect.pretrend is None:
        return "pretrend_not_testable"
    return "pretrend_differs" if effect.pretrend[2] < PRETREND_P else None


def estimate_effect(
    data: DataFrame,
    outcome: str,
    unit: str,
    time: str,
    treated_from: str,
    *,
    anticipation: int = ANTICIPATION,
    pretrend_months: Sequence[int] = PRETREND_MONTHS,
    shown_months: Sequence[int] = SHOWN_MONTHS,
) -> Effect | None:
    """The effect on one outcome; None where no cohort can be compared with anyone.

    `data` has one row per unit and time with a value; `treated_from` is its first treated time, 0 for never.
    Where units lack times, cells are compared as repeated cross-sections of the same units, clustered by unit, as R's
    did::att_gt(allow_unbalanced_panel = TRUE) does: nobody is dropped for lacking a value in some month.
    """
    from diff_diff import CallawaySantAnna  # noqa: PLC0415 - slow import
    from scipy import stats  # noqa: PLC0415 - slow import

    estimator = CallawaySantAnna(
        control_group="not_yet_treated",
        anticipation=anticipation,
        estimation_method="dr",
        cluster=unit,
        base_period="universal",
        allow_unbalanced_panel=True,
        n_bootstrap=DRAWS,
        seed=SEED,
    )
    with warnings.catch_warnings():
        # Cells without persons have no standard error; they come back empty and the result says so.
        warnings.simplefilter("ignore")
        try:
            result = estimator.fit(data, outcome=outcome, unit=unit, time=time, first_treat=treated_from)
            study = result.aggregate("event_study")
        except ValueError:
            return None
    persons = data.groupby(treated_from)[unit].nunique().to_dict()
    estimate, error = _overall(study, _persons_by_event_month(result, persons))
    reach = None if error is None else float(stats.norm.ppf((1 + CONFIDENCE) / 2)) * error
    return Effect(
        estimate=estimate,
        standard_error=error,
        interval=(None, None) if estimate is None or reach is None else (estimate - reach, estimate + reach),
        p=None if estimate is None or error is None else float(2 * stats.norm.sf(abs(estimate) / error)),
        events=tuple(_events(study, shown_months)),
        pretrend=_joint_wald(study, pretrend_months),
    )


def _persons_by_event_month(result: Any, persons: Mapping[Any, int]) -> dict[int, int]:
    """Trained persons per month since treatment, over the cohorts that could be compared in that month."""
    by_month: dict[int, int] = {}
    for (cohort, time), cell in result.group_time_effects.items():
        if time >= cohort and isfinite(cell["effect"]):
            by_month[int(time - cohort)] = by_month.get(int(time - cohort), 0) + int(persons[cohort])
    return by_month


def _overall(study: Any, persons: Mapping[int, int]) -> tuple[float | None, float | None]:
    """The mean over the months since, each weighted by its persons, and its standard error.

    The library's own overall effect counts the month of anticipation as one of the months after; here it is neither.
    """
    if study.vcov is None or not persons:
        return None, None
    estimates = dict(zip(study.event_time.tolist(), study.att.tolist(), strict=True))
    place = {int(month): i for i, month in enumerate(study.vcov_index)}
    months = [month for month in sorted(persons) if month in place and isfinite(estimates.get(month, np.nan))]
    weights = np.array([persons[month] for month in months], dtype=np.float64)
    if not months or weights.sum() == 0:
        return None, None
    weights /= weights.sum()
    chosen = [place[month] for month in months]
    covariance = np.asarray(study.vcov, dtype=np.float64)[np.ix_(chosen, chosen)]
    variance = float(weights @ covariance @ weights)
    estimate = float(weights @ np.array([estimates[month] for month in months]))
    return estimate, sqrt(variance) if isfinite(variance) and variance > 0 else None


def _events(study: Any, shown_months: Sequence[int]) -> Iterator[dict[str, Any]]:
    rows = study.to_dataframe().sort_values("event_time")
    for row in rows[rows["event_time"].isin(list(shown_months))].to_dict("records"):
        yield {
            "event_month": int(row["event_time"]),
            "estimate": _number(row["att"]),
            "standard_error": _number(row["se"]),
            "ci_low": _number(row["conf_int_lower"]),
            "ci_high": _number(row["conf_int_upper"]),
            "band_low": _number(row["cband_lower"]),
            "band_high": _number(row["cband_upper"]),
            "is_reference": bool(row["is_reference"]),
        }


def _joint_wald(study: Any, months: Sequence[int]) -> tuple[float, int, float] | None:
    """Joint Wald test that all effects of these months are zero; None if one is missing or the matrix singular."""
    from scipy import stats  # noqa: PLC0415 - slow import

    if study.vcov is None:
        return None
    place = {int(month): i for i, month in enumerate(study.vcov_index)}
    estimates = dict(zip(study.event_time.tolist(), study.att.tolist(), strict=True))
    if any(month not in place or month not in estimates for month in months):
        return None
    chosen = [place[month] for month in months]
    covariance = np.asarray(study.vcov, dtype=np.float64)[np.ix_(chosen, chosen)]
    effects = np.array([estimates[month] for month in months])
    if not (np.isfinite(covariance).all() and np.isfinite(effects).all()):
        return None
    if np.linalg.matrix_rank(covariance) < len(chosen):
        return None
    statistic = float(effects @ np.linalg.solve(covariance, effects))
    return statistic, len(chosen), float(stats.chi2.sf(statistic, len(chosen)))


def two_way_diagnostic(observed: DataFrame, outcome: str) -> tuple[float | None, float | None]:
    """The plain two-way fixed-effects estimate, and its weight on comparisons with persons trained earlier.

    Goodman-Bacon decomposition. It needs a balanced panel, so it is available for flows only. The larger the weight,
    the less reliable that estimate; our effects do not use these comparisons.
    """
    from diff_diff import BaconDecomposition  # noqa: PLC0415 - slow import

    months = observed["month_number"].nunique()
    if len(observed) != months * observed["staff_id"].nunique():
        return None, None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parts = BaconDecomposition().fit(
                observed, outcome=outcome, unit="staff_id", time="month_number", first_treat="treated_from_month"
            )
        except ValueError:
            return None, None
    return _number(parts.twfe_estimate), _number(parts.total_weight_later_vs_earlier)


def _number(value: Any) -> float | None:
    number = float(value)
    return number if isfinite(number) else None
