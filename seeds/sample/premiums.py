"""Instalments due and paid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import FIRST_DAY, LAST_DAY, add_months
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table
from seeds.sample.effects import FAULTS
from seeds.sample.randomness import Ints, chance, lognormal_around, stream, weighted
from seeds.sample.sales import MODE_MONTHS, SINGLE, Policies
from seeds.sample.size import Block

AHEAD = 45
"""Days before the due day on which an instalment is booked."""
EARLY, ON_TIME, LATE, VERY_LATE = range(4)
PUNCTUALITY = (22, 68, 8.5, 1.5)
FIRST_VERSION_FROM = 10
"""An instalment paid later than this many days after it was due was delivered unpaid before."""


def premium_tables(
    bank: Bank, block: Block, policies: Policies, *, offset: int, policy_offset: int, contract: Contract
) -> tuple[pa.Table, pa.Table]:
    """Instalments as last seen, and the earlier, unpaid versions of those that were paid late."""
    rng = stream(bank.seed, "premiums", block.number)
    policy, number, due = _schedule(policies)
    size = len(policy)
    paid = _paid_on(rng, policies, policy, number, due)
    amount = np.maximum(
        policies.premium[policy] // np.maximum(12 // np.maximum(MODE_MONTHS[policies.mode[policy]], 1), 1), 1
    )
    amount = np.where(policies.mode[policy] == SINGLE, policies.premium[policy], amount)
    partial = chance(rng, 0.003, size) & (number > 1)
    orphan = chance(rng, FAULTS.orphan_policy, size)
    reference = np.where(orphan, 900_000_000 + policy, policy + policy_offset)
    booked = np.maximum(due - AHEAD, policies.issued[policy]) * DAY + rng.integers(0, 4 * HOUR, size) + 20 * HOUR
    received = np.where(paid == NONE, booked, np.maximum(paid * DAY + rng.integers(8 * HOUR, 23 * HOUR, size), booked))

    def version(rows: Ints, paid_on: Ints, updated_at: Ints) -> pa.Table:
        received_amount = np.where(partial[rows], amount[rows] * 4 // 5, amount[rows])
        return arrow_table(contract.table("policy.premiums"), offset, {
            "premium_id": rows, "policy_id": reference[rows], "instalment_no": number[rows], "due_on": due[rows],
            "due_amount": amount[rows], "paid_on": paid_on,
            "paid_amount": np.where(paid_on == NONE, NONE, received_amount), "updated_at": updated_at,
        })  # fmt: skip

    late = np.flatnonzero((paid != NONE) & (paid > due + FIRST_VERSION_FROM))
    unpaid = version(late, np.full(len(late), NONE), booked[late])
    return unpaid, version(np.arange(size), paid, received)


def _schedule(policies: Policies) -> tuple[Ints, Ints, Ints]:
    """Policy, number and due day of every instalment booked by the end of the window, while the policy lives."""
    months = MODE_MONTHS[policies.mode]
    until = np.minimum(LAST_DAY + AHEAD, policies.ends_on)
    possible = np.where(months == 0, 1, (until - policies.effective) // 28 // np.maximum(months, 1) + 2)
    agreed = np.where(months == 0, 1, policies.payment_years * 12 // np.maximum(months, 1))
    count = np.clip(np.minimum(possible, agreed), 1, None)
    policy = np.repeat(np.arange(policies.size), count)
    number = np.arange(len(policy)) - np.repeat(np.cumsum(count) - count, count) + 1
    due = add_months(policies.effective[policy], (number - 1) * months[policy])
    keep = (number == 1) | (due <= until[policy])
    return policy[keep], number[keep], due[keep]


def _paid_on(rng: np.random.Generator, policies: Policies, policy: Ints, number: Ints, due: Ints) -> Ints:
    size = len(policy)
    habit = weighted(rng, PUNCTUALITY, size)
    delay = np.select(
        [habit == EARLY, habit == ON_TIME, habit == LATE],
        [
            -rng.integers(1, 6, size),
            rng.integers(0, 9, size),
            9 + lognormal_around(rng, np.full(size, 14.0), 0.6).astype(np.int64),
        ],
        61 + rng.integers(0, 45, size),
    )
    paid = np.where(number == 1, policies.issued[policy], np.maximum(due + delay, policies.issued[policy]))
    given_up = due >= policies.unpaid_from[policy]
    ended = (paid > policies.ends_on[policy]) & (number > 1)
    return np.where(given_up | ended | (paid > LAST_DAY) | (paid < FIRST_DAY), NONE, paid)
