"""Monthly economic series, each with one revision."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import FIRST_DAY, add_months
from seeds.sample.columns import DAY, HOUR, arrow_table
from seeds.sample.randomness import Ints, stream

MONTHS = 36
SERIES = {
    "cpi_yoy": (0.3, 0.25),
    "lpr_1y": (3.3, 0.0),
    "deposit_rate_1y": (1.45, 0.0),
    "consumer_confidence": (88.0, 1.2),
}
"""Level at the start and the spread of the monthly noise."""
LPR_CUTS = {10: 0.10, 12: 0.25, 19: 0.10, 28: 0.10}
DEPOSIT_CUTS = {2: 0.10, 9: 0.10, 12: 0.25, 19: 0.15, 28: 0.05}
REVISED = "consumer_confidence"


def indicator_tables(seed: int, contract: Contract) -> tuple[pa.Table, pa.Table]:
    """First figures, and the revised ones a month later."""
    rng = stream(seed, "indicators")
    names, months, values = [], [], []
    index = np.arange(MONTHS)
    for name, (level, spread) in SERIES.items():
        cuts = LPR_CUTS if name == "lpr_1y" else DEPOSIT_CUTS if name == "deposit_rate_1y" else {}
        steps = np.cumsum([cuts.get(month, 0.0) for month in range(MONTHS)])
        noise = spread * rng.standard_normal(MONTHS)
        names += [name] * MONTHS
        months.append(add_months(np.full(MONTHS, FIRST_DAY), index))
        values.append(np.asarray(np.rint((level - steps + noise) * 1_000) * 1_000, dtype=np.int64))
    month, value = np.concatenate(months), np.concatenate(values)
    last = np.flatnonzero(np.asarray(names) == REVISED)[:-2]
    revision = np.asarray(np.rint(rng.standard_normal(len(last)) * 400) * 1_000, dtype=np.int64)

    def version(rows: Ints, figures: Ints, delay: int) -> pa.Table:
        published = (add_months(month[rows], np.full(len(rows), 1 + delay)) + 19) * DAY + 9 * HOUR + 1_800
        return arrow_table(contract.table("external.indicators"), 0, {
            "indicator": pa.array([names[i] for i in rows], pa.string()), "month": month[rows], "value": figures,
            "updated_at": published,
        })  # fmt: skip

    known = np.flatnonzero(np.tile(index < MONTHS - 1, len(SERIES)))
    return version(known, value[known], 0), version(last, value[last] + revision, 1)
