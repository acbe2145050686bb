"""Improvements tested on some of the needs or customers.

E1 works, E2 has no effect, E3's groups are not as large as planned, E4 still runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needloop.contract.model import Contract
from seeds.sample.calendar_time import LAST_DAY, day_number
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, ids
from seeds.sample.customers import Customers
from seeds.sample.effects import Effects
from seeds.sample.randomness import Bools, Ints, chance, stream
from seeds.sample.size import Block

CUSTOMER, STAFF, BRANCH, NEED = range(4)
RESOLUTION_RATE, HOURS, RECURRENCE, CSAT, CONVERSION = range(5)
CONTROL, TREATMENT = range(2)


@dataclass(frozen=True)
class Experiment:
    """One experiment; `ended` is NONE while it runs, `share` the part of all units that takes part."""

    name: str
    measure: str
    unit: int
    metric: int
    started: int
    ended: int
    share: float

    def open_on(self, days: Ints) -> Bools:
        """Whether units are taken in on the day."""
        return (days >= self.started) & (days <= (LAST_DAY if self.ended == NONE else self.ended))


EXPERIMENTS = (
    Experiment("E1 需求主动跟进", "受理后由专人每日主动告知进度", NEED, RESOLUTION_RATE,
               day_number(date(2025, 1, 1)), day_number(date(2025, 10, 31)), 1.0),
    Experiment("E2 二次面访话术", "面访前发送新版话术卡", CUSTOMER, CONVERSION,
               day_number(date(2024, 9, 1)), day_number(date(2025, 8, 31)), 0.6),
    Experiment("E3 快速通道", "简单需求走快速通道", NEED, HOURS,
               day_number(date(2024, 2, 1)), day_number(date(2024, 9, 30)), 1.0),
    Experiment("E4 回访满意度提升", "办结后当日电话回访", CUSTOMER, CSAT, day_number(date(2026, 6, 1)), NONE, 0.4),
)  # fmt: skip
E1, E2, E3, E4 = range(4)


def experiments_tables(contract: Contract) -> tuple[pa.Table, pa.Table]:
    """As started; and as ended, for those that have."""
    started = np.asarray([e.started for e in EXPERIMENTS])
    ended = np.asarray([e.ended for e in EXPERIMENTS])

    def version(rows: Ints, end: Ints, updated_at: Ints) -> pa.Table:
        return arrow_table(contract.table("experiment.experiments"), 0, {
            "experiment_id": rows, "name": pa.array([EXPERIMENTS[i].name for i in rows], pa.string()),
            "measure": pa.array([EXPERIMENTS[i].measure for i in rows], pa.string()),
            "unit": np.asarray([EXPERIMENTS[i].unit for i in rows]),
            "primary_metric": np.asarray([EXPERIMENTS[i].metric for i in rows]), "started_on": started[rows],
            "ended_on": end, "expected_treatment_share": np.full(len(rows), 5_000), "updated_at": updated_at,
        })  # fmt: skip

    done = np.flatnonzero(ended != NONE)
    rows = np.arange(len(EXPERIMENTS))
    first = version(rows, np.full(len(rows), NONE), started * DAY)
    return first, version(done, ended[done], ended[done] * DAY + 18 * HOUR)


def need_arms(rng: np.random.Generator, raised: Ints, effects: Effects) -> tuple[Ints, Ints]:
    """Arm of each need in E1 and in E3; NONE where it is in neither."""
    day = raised // DAY
    one = np.where(EXPERIMENTS[E1].open_on(day), chance(rng, 0.5, len(day)), NONE)
    three = np.where(EXPERIMENTS[E3].open_on(day), chance(rng, effects.e3_treatment_share, len(day)), NONE)
    return one, three


def assignments_table(
    seed: int,
    block: Block,
    customers: Customers,
    *,
    need_raised: Ints,
    arms: tuple[Ints, Ints],
    offset: int,
    need_offset: int,
    contract: Contract,
) -> pa.Table:
    """Needs when they are raised, customers in the experiment's first days, in order of time."""
    rng = stream(seed, "assignments", block.number)
    experiment, unit, is_need, variant, moment = [], [], [], [], []
    for number, arm in ((E1, arms[0]), (E3, arms[1])):
        rows = np.flatnonzero(arm != NONE)
        experiment.append(np.full(len(rows), number))
        unit.append(rows + need_offset)
        is_need.append(np.ones(len(rows), dtype=np.bool_))
        variant.append(arm[rows])
        moment.append(need_raised[rows])
    for number in (E2, E4):
        trial = EXPERIMENTS[number]
        rows = np.flatnonzero((customers.since < trial.started) & chance(rng, trial.share, customers.size))
        experiment.append(np.full(len(rows), number))
        unit.append(rows + block.first_customer)
        is_need.append(np.zeros(len(rows), dtype=np.bool_))
        variant.append(chance(rng, 0.5, len(rows)).astype(np.int64))
        moment.append(trial.started * DAY + 9 * HOUR + rng.integers(0, 3 * DAY, len(rows)))
    order = np.argsort(np.concatenate(moment), kind="stable")
    need_order, unit_order = np.concatenate(is_need)[order], np.concatenate(unit)[order]
    return arrow_table(contract.table("experiment.assignments"), offset, {
        "assignment_id": np.arange(len(order)), "experiment_id": np.concatenate(experiment)[order],
        "unit_id": _unit_ids(need_order, unit_order), "variant": np.concatenate(variant)[order],
        "assigned_at": np.concatenate(moment)[order],
    })  # fmt: skip


def _unit_ids(is_need: Bools, numbers: Ints) -> pa.Array:
    return pc.if_else(pa.array(is_need), ids("crm.needs", numbers), ids("crm.customers", numbers))
