"""The insurers' products on the bank's shelf, and what each category is like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import FIRST_DAY, day_number
from seeds.sample.columns import DAY, NONE, arrow_table
from seeds.sample.randomness import Ints, stream

CATEGORIES = (
    "whole_life", "term_life", "annuity", "pension", "endowment", "education", "critical_illness",
    "medical", "accident", "participating", "universal", "unit_linked", "property",
)  # fmt: skip
CATEGORY = {name: position for position, name in enumerate(CATEGORIES)}
CATEGORY_ZH = (
    "增额终身寿险", "定期寿险", "年金险", "养老年金", "两全保险", "教育金", "重疾险",
    "医疗险", "意外险", "分红险", "万能险", "投连险", "企业财产险",
)  # fmt: skip
RISK = (2, 1, 2, 2, 1, 2, 1, 1, 1, 3, 3, 5, 1)
SERIES = ("安享", "鑫悦", "福泽")
PREMIUM_YUAN = (12_000, 1_500, 18_000, 15_000, 9_000, 10_000, 5_500, 900, 380, 20_000, 12_000, 30_000, 4_200)
"""Median annual premium of a middle income customer."""
SUM_ASSURED_FACTOR = (6, 300, 5, 6, 5, 6, 45, 1_500, 800, 4, 4, 2, 400)
COVERAGE_YEARS = (
    (0, 0),
    (20, 30),
    (20, 30),
    (25, 35),
    (10, 20),
    (10, 18),
    (0, 30),
    (1, 1),
    (1, 1),
    (0, 20),
    (0, 0),
    (0, 0),
    (1, 1),
)
"""Two common terms of coverage; 0 is whole of life."""
SHORT_TERM = tuple(CATEGORY[name] for name in ("medical", "accident", "property"))
CLAUSE_CATEGORIES = (CATEGORY["unit_linked"], CATEGORY["participating"])
"""Their clauses are the hard ones: sellers weak in clause_interpretation sell them badly."""


@dataclass(frozen=True)
class Shelf:
    """One row per product."""

    category: Ints
    risk: Ints
    launched: Ints
    withdrawn: Ints
    by_category: tuple[Ints, ...]

    def table(self, contract: Contract) -> tuple[pa.Table, ...]:
        """First versions, and those of the products withdrawn since."""
        products = contract.table("policy.products")
        size = len(self.category)
        names = [
            f"{SERIES[i // len(CATEGORIES)]}{CATEGORY_ZH[c]}{'ABC'[i // len(CATEGORIES)]}款"
            for i, c in enumerate(self.category)
        ]

        def version(rows: Ints, withdrawn: Ints, updated_at: Ints) -> pa.Table:
            return arrow_table(products, 0, {
                "product_id": rows, "product_name": pa.array([names[i] for i in rows], pa.string()),
                "category": self.category[rows], "risk_level": self.risk[rows] - 1, "launched_on": self.launched[rows],
                "withdrawn_on": withdrawn, "updated_at": updated_at,
            })  # fmt: skip

        first = np.maximum(self.launched, FIRST_DAY) * DAY
        gone = np.flatnonzero(self.withdrawn != NONE)
        return (
            version(np.arange(size), np.full(size, NONE), first),
            version(gone, self.withdrawn[gone], (self.withdrawn[gone] - 14) * DAY + 36_000),
        )


def make_shelf(seed: int) -> Shelf:
    """Three products per category; the third series launches and the second is withdrawn within the window."""
    rng = stream(seed, "shelf")
    series = len(SERIES)
    category = np.tile(np.arange(len(CATEGORIES)), series)
    launched = day_number(date(2019, 1, 1)) + rng.integers(0, 1_400, len(category))
    third = np.arange(len(category)) >= (series - 1) * len(CATEGORIES)
    launched = np.where(third, day_number(date(2024, 3, 1)) + rng.integers(0, 300, len(category)), launched)
    withdrawn = np.full(len(category), NONE)
    for name in ("endowment", "universal", "unit_linked"):
        withdrawn[len(CATEGORIES) + CATEGORY[name]] = day_number(date(2025, 8, 31))
    risk = np.asarray(RISK)[category]
    risk[2 * len(CATEGORIES) + CATEGORY["unit_linked"]] = 4
    return Shelf(
        category=category,
        risk=risk,
        launched=launched,
        withdrawn=withdrawn,
        by_category=tuple(np.flatnonzero(category == c) for c in range(len(CATEGORIES))),
    )


def pick_products(rng: np.random.Generator, shelf: Shelf, category: Ints, days: Ints) -> Ints:
    """A product of each category that is on sale on the day."""
    series = len(SERIES)
    options = category[:, None] + np.arange(series) * len(CATEGORIES)
    withdrawn = np.where(shelf.withdrawn == NONE, np.iinfo(np.int64).max, shelf.withdrawn)
    on_sale = (shelf.launched[options] <= days[:, None]) & (days[:, None] < withdrawn[options])
    order = np.where(on_sale, rng.random(options.shape), -1.0)
    return np.asarray(np.take_along_axis(options, order.argmax(axis=1)[:, None], axis=1)[:, 0], dtype=np.int64)
