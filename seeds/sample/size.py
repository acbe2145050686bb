"""Row counts at each scale, and how customers are split into blocks."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOMERS_AT_SCALE_1 = 2_000
BRANCHES_AT_SCALE_1 = 12
STAFF_PER_BRANCH = 10
FEWEST_BRANCHES = 3
FEWEST_CUSTOMERS = 100
BLOCK_CUSTOMERS = 20_000
"""Customers generated at a time; memory depends on this, not on the scale."""
MOST_SCALE = 1_000.0


@dataclass(frozen=True)
class Block:
    """A run of customers served by a run of branches; `first_…` inclusive, `…_end` exclusive."""

    number: int
    first_customer: int
    customer_end: int
    first_branch: int
    branch_end: int

    @property
    def customers(self) -> int:
        """Customers in the block."""
        return self.customer_end - self.first_customer

    @property
    def branches(self) -> int:
        """Branches that serve the block."""
        return self.branch_end - self.first_branch


@dataclass(frozen=True)
class Size:
    """Counts at a scale."""

    customers: int
    branches: int

    @classmethod
    def at(cls, scale: float) -> Size:
        """Counts at this scale; ValueError outside (0, 1000]."""
        if not 0 < scale <= MOST_SCALE:
            raise ValueError(
                f"the scale is {scale:g}, but must be above 0 and at most {MOST_SCALE:g}; choose such a scale"
            )
        return cls(
            customers=max(FEWEST_CUSTOMERS, round(CUSTOMERS_AT_SCALE_1 * scale)),
            branches=max(FEWEST_BRANCHES, round(BRANCHES_AT_SCALE_1 * scale)),
        )

    @property
    def staff(self) -> int:
        """Persons on the books over the three years."""
        return self.branches * STAFF_PER_BRANCH

    def blocks(self) -> list[Block]:
        """The customers in order, with the branches in the same proportion."""
        count = -(-self.customers // BLOCK_CUSTOMERS)
        customer_cuts = [self.customers * i // count for i in range(count + 1)]
        branch_cuts = [self.branches * i // count for i in range(count + 1)]
        return [
            Block(i, customer_cuts[i], customer_cuts[i + 1], branch_cuts[i], branch_cuts[i + 1]) for i in range(count)
        ]
