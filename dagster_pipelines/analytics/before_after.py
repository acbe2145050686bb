"""Months before the confirmation training against months after: paired difference with its 95 % interval.

There is no control group, so the difference includes underlying trends. training_effects separates the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import pyarrow as pa

CONFIDENCE = 0.95

INPUTS = {
    "pairs": "select outcome, window_months, staff_id, before_mean, after_mean "
    "from intermediate.int_before_after_pairs order by outcome, window_months, staff_id",
}

SCHEMA = pa.schema(
    {
        "outcome": pa.string(),
        "window_months": pa.int32(),
        "persons": pa.int64(),
        "before_mean": pa.float64(),
        "after_mean": pa.float64(),
        "difference": pa.float64(),
        "ci_low": pa.float64(),
        "ci_high": pa.float64(),
    }
)


def before_after(inputs: Mapping[str, pa.Table]) -> pa.Table:
    """One row per outcome and window; no interval if fewer than two persons have complete windows."""
    from scipy import stats  # noqa: PLC0415 - slow import

    frame: Any = inputs["pairs"].to_pandas()
    rows = []
    for (outcome, window), pairs in frame.groupby(["outcome", "window_months"], sort=True):
        before, after = (pairs[side].to_numpy(dtype=np.float64) for side in ("before_mean", "after_mean"))
        differences = after - before
        persons = len(differences)
        reach = None
        if persons > 1:
            error = float(differences.std(ddof=1)) / sqrt(persons)
            reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, persons - 1)) * error
        difference = float(differences.mean())
        rows.append(
            {
                "outcome": outcome,
                "window_months": int(window),
                "persons": persons,
                "before_mean": float(before.mean()),
                "after_mean": float(after.mean()),
                "difference": difference,
                "ci_low": None if reach is None else difference - reach,
                "ci_high": None if reach is None else difference + reach,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)
