"""The customers of a block: who they are, and how their attributes change over the years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import DAYS, END, FIRST_DAY, LAST_DAY, day_number, pick_days
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, cents, missing_where
from seeds.sample.effects import FAULTS
from seeds.sample.names import full_names, identity_numbers, mobile_numbers
from seeds.sample.organisation import SELLERS, SELLERS_FROM, Branches
from seeds.sample.randomness import Bools, Floats, Ints, chance, lognormal_around, stream, weighted, weighted_rows
from seeds.sample.size import STAFF_PER_BRANCH, Block

KINDS = ("wealthy", "business_owner", "senior", "family", "young", "other")
WEALTHY, OWNER, SENIOR, FAMILY, YOUNG, OTHER = range(len(KINDS))
KIND_WEIGHTS = (3, 8, 22, 36, 21, 10)
AGES = ((38, 68), (30, 60), (60, 80), (30, 54), (22, 34), (20, 62))
MEDIAN_INCOME = (900_000, 380_000, 62_000, 185_000, 120_000, 80_000)
MEDIAN_AUM = (9_500_000, 620_000, 280_000, 160_000, 48_000, 60_000)
OCCUPATIONS = (
    (3, 6, 2, 1, 0, 1, 0),
    (0, 1, 0, 0, 0, 0, 0),
    (0, 0.4, 0.2, 9, 0, 0.5, 0.3),
    (8, 0, 3, 0, 0, 0.8, 0.5),
    (7, 0, 3, 0, 0, 0, 0),
    (2, 0, 0.5, 1, 2, 2, 3),
)
"""Weights of the contract's occupations by kind."""
MARITAL = (
    (0.5, 8, 1, 0.5, 0.3),
    (1, 8, 1, 0.2, 0.3),
    (0.2, 7, 0.6, 2, 0.3),
    (0.2, 9, 0.8, 0.1, 0.3),
    (7, 3, 0.2, 0, 0.4),
    (4, 5, 0.8, 0.2, 0.6),
)
CHILDREN = ((1, 4, 4, 1), (1, 5, 3, 0.6), (0.3, 5, 4, 1.5), (0.6, 6, 3, 0.4), (8, 2, 0.2, 0), (3, 4, 1.5, 0.3))
RISK_LEVELS = (
    (0.5, 2, 4, 4, 2),
    (0.7, 2, 4, 3, 1.5),
    (4, 4, 1.5, 0.3, 0.1),
    (1, 4, 4, 1.5, 0.4),
    (0.6, 2.5, 4, 2.5, 1),
    (1.5, 3.5, 3, 1, 0.4),
)
CHANNELS = (
    (4, 2, 3, 0.5, 1, 3, 0.5, 0.2, 0.1),
    (2, 4, 4, 1, 1, 1.5, 0.5, 0.3, 0.3),
    (7, 0.7, 1.2, 0.2, 2, 3, 0.1, 0.4, 0.1),
    (2, 5, 4, 1, 1, 1, 0.3, 0.3, 0.4),
    (0.6, 7, 5, 1, 0.5, 0.3, 0.3, 0.3, 1),
    (2, 4, 3, 0.7, 1, 1, 0.3, 0.4, 0.4),
)
MOST_CHANGES = 5
MEAN_CHANGES = 1.5


@dataclass(frozen=True)
class Customers:
    """One row per customer of the block, as in their first version; money in fen."""

    kind: Ints
    branch: Ints
    rm: Ints
    since: Ints
    birth: Ints
    income: Ints
    aum: Ints
    risk: Ints
    """1 to 5, NONE where never assessed."""
    assessed_on: Ints
    children: Ints
    youngest_birth: Ints
    marital: Ints
    occupation: Ints
    channel: Ints
    consent: Ints
    referred_by: Ints
    """Row in the block."""
    female: Bools
    activity: Floats
    """Relative number of contacts and transactions."""

    @property
    def size(self) -> int:
        """Customers in the block."""
        return len(self.kind)

    @property
    def demand(self) -> Floats:
        """The customer's activity over the window, in proportion to the time as a customer."""
        present = (LAST_DAY + 1 - np.maximum(self.since, FIRST_DAY)) / DAYS
        return np.asarray(self.activity * present, dtype=np.float64)


def make_customers(seed: int, block: Block, branches: Branches) -> Customers:
    """Draws the customers of a block."""
    rng = stream(seed, "customers", block.number)
    size = block.customers
    kind = weighted(rng, KIND_WEIGHTS, size)
    youngest, oldest = np.asarray(AGES)[kind].T
    age_days = (youngest + rng.random(size) * (oldest - youngest)) * 365.25
    birth = day_number(date(2024, 7, 1)) - age_days.astype(np.int64)
    children = weighted_rows(rng, np.asarray(CHILDREN, dtype=np.float64)[kind])
    parent_age = 22 + rng.beta(2, 3, size) * 20
    born = np.minimum(birth + (parent_age * 365.25).astype(np.int64), FIRST_DAY - rng.integers(0, 2_000, size))
    local = weighted(rng, branches.weight[block.first_branch : block.branch_end], size)
    branch = block.first_branch + local
    rm = branch * STAFF_PER_BRANCH + SELLERS_FROM + rng.integers(0, SELLERS, size)
    old = chance(rng, 0.76, size)
    adult = birth + 19 * 365
    long_ago = np.maximum(FIRST_DAY - 30 - (rng.exponential(1_900, size)).astype(np.int64), adult)
    since = np.where(old, np.minimum(long_ago, FIRST_DAY - 1), pick_days(rng, size, weekend=0.3))
    income = lognormal_around(rng, np.asarray(MEDIAN_INCOME)[kind], 0.45)
    aum = np.maximum(lognormal_around(rng, np.asarray(MEDIAN_AUM)[kind], 0.9), np.where(kind == WEALTHY, 6_050_000, 0))
    unassessed = chance(rng, FAULTS.unassessed, size)
    assessed = np.maximum(np.maximum(since, FIRST_DAY) - rng.integers(0, 500, size), since)
    referrer = rng.integers(0, np.maximum(np.arange(size), 1))
    referred = chance(rng, 0.08, size) & (since[referrer] < since) & (np.arange(size) > 0)
    return Customers(
        kind=kind,
        branch=branch,
        rm=missing_where(rm, chance(rng, 0.07, size)),
        since=since,
        birth=birth,
        income=missing_where(cents(income, 100), chance(rng, FAULTS.missing_income, size)),
        aum=cents(aum),
        risk=missing_where(1 + weighted_rows(rng, np.asarray(RISK_LEVELS)[kind]), unassessed),
        assessed_on=missing_where(assessed, unassessed),
        children=missing_where(children, chance(rng, 0.03, size)),
        youngest_birth=missing_where(born, children == 0),
        marital=weighted_rows(rng, np.asarray(MARITAL)[kind]),
        occupation=weighted_rows(rng, np.asarray(OCCUPATIONS, dtype=np.float64)[kind]),
        channel=weighted_rows(rng, np.asarray(CHANNELS)[kind]),
        consent=missing_where(chance(rng, 0.7, size).astype(np.int64), chance(rng, 0.03, size)),
        referred_by=missing_where(referrer, ~referred),
        female=chance(rng, 0.52, size),
        activity=lognormal_around(rng, np.where(kind == WEALTHY, 1.6, 1.0), 0.7),
    )


def customer_tables(seed: int, block: Block, customers: Customers, contract: Contract) -> tuple[pa.Table, pa.Table]:
    """First versions, and the changed ones in the order of their time."""
    rng = stream(seed, "customer versions", block.number)
    size = customers.size
    fixed = {
        "full_name": full_names(rng, customers.female),
        "mobile": mobile_numbers(rng, size),
        "id_number": identity_numbers(rng, customers.birth, customers.female),
    }
    gender = np.where(chance(rng, 0.01, size), 2, np.where(customers.female, 0, 1))
    first_at = np.maximum(customers.since, FIRST_DAY) * DAY + rng.integers(0, 6 * HOUR, size)

    def version(now: Customers, rows: Ints, updated_at: Ints) -> pa.Table:
        referred = now.referred_by[rows]
        return arrow_table(
            contract.table("crm.customers"),
            block.first_customer,
            {
                "customer_id": rows,
                **{name: column.take(pa.array(rows)) for name, column in fixed.items()},
                "gender": gender[rows],
                "birth_date": now.birth[rows],
                "marital_status": now.marital[rows],
                "children_count": now.children[rows],
                "youngest_child_birth_date": now.youngest_birth[rows],
                "occupation": now.occupation[rows],
                "annual_income": now.income[rows],
                "aum": now.aum[rows],
                "risk_level": np.where(now.risk[rows] == NONE, NONE, now.risk[rows] - 1),
                "risk_assessed_on": now.assessed_on[rows],
                "branch_id": now.branch[rows],
                "rm_id": now.rm[rows],
                "customer_since": now.since[rows],
                "referred_by": np.where(referred == NONE, NONE, referred + block.first_customer),
                "preferred_channel": now.channel[rows],
                "marketing_consent": now.consent[rows],
                "updated_at": updated_at,
            },
        )

    first = version(customers, np.arange(size), first_at)
    times = _change_times(rng, first_at)
    changes = []
    for turn in range(MOST_CHANGES):
        rows = np.flatnonzero(times[:, turn] < END)
        customers = _changed(rng, customers, rows, times[rows, turn] // DAY)
        changes.append(version(customers, rows, times[rows, turn]))
    return first, pa.concat_tables(changes).sort_by([("updated_at", "ascending"), ("customer_id", "ascending")])


def _change_times(rng: np.random.Generator, first_at: Ints) -> Ints:
    """Customer × turn, ascending; END where there is no such change."""
    size = len(first_at)
    count = np.minimum(rng.poisson(MEAN_CHANGES, size), MOST_CHANGES)
    span = np.maximum(END - first_at - 2 * DAY, 0)
    times = first_at[:, None] + DAY + (rng.random((size, MOST_CHANGES)) * span[:, None]).astype(np.int64)
    times = np.where(np.arange(MOST_CHANGES) < count[:, None], times, END)
    # A second apart at least: two versions of one customer never tie.
    return np.asarray(np.sort(times, axis=1) + np.arange(MOST_CHANGES), dtype=np.int64)


def _changed(rng: np.random.Generator, now: Customers, rows: Ints, days: Ints) -> Customers:
    """These customers after one more change: assets always, the rest occasionally."""
    size = len(rows)
    aum, income, risk, assessed = now.aum.copy(), now.income.copy(), now.risk.copy(), now.assessed_on.copy()
    children, youngest, marital = now.children.copy(), now.youngest_birth.copy(), now.marital.copy()
    aum[rows] = np.maximum((aum[rows] * np.exp(0.02 + 0.28 * rng.standard_normal(size))).astype(np.int64), 0)
    raise_ = chance(rng, 0.2, size) & (income[rows] != NONE)
    income[rows] = np.where(raise_, (income[rows] // 1_000_000 * 108 + 100) * 10_000, income[rows])
    reassessed = chance(rng, 0.55, size)
    step = np.clip(np.where(risk[rows] == NONE, 2, risk[rows]) + rng.integers(-1, 2, size), 1, 5)
    risk[rows] = np.where(reassessed, step, risk[rows])
    assessed[rows] = np.where(reassessed, days, assessed[rows])
    birth = chance(rng, 0.04, size) & np.isin(now.kind[rows], (FAMILY, YOUNG)) & (children[rows] != NONE)
    children[rows] = np.where(birth, children[rows] + 1, children[rows])
    youngest[rows] = np.where(birth, days - 30, youngest[rows])
    wedding = chance(rng, 0.1, size) & (marital[rows] == 0)
    marital[rows] = np.where(wedding, 1, marital[rows])
    return replace(
        now,
        aum=aum,
        income=income,
        risk=risk,
        assessed_on=assessed,
        children=children,
        youngest_birth=youngest,
        marital=marital,
    )


def age_at(customers: Customers, rows: Ints, days: Ints) -> Ints:
    """Completed years of these customers on these days, to the day or two."""
    return np.asarray((days - customers.birth[rows]) // 365.25, dtype=np.int64)
