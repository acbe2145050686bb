"""Claims and their progress notices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import (
    EVEN_MONTHS,
    LAST_DAY,
    add_working_seconds,
    latest,
    pick_days,
    pick_moments,
    until_end,
)
from seeds.sample.columns import HOUR, NONE, arrow_table, missing_where
from seeds.sample.randomness import Ints, chance, lognormal_around, stream
from seeds.sample.sales import Policies
from seeds.sample.size import Block

CLAIM_CHANCE = (0.03, 0.05, 0.02, 0.02, 0.04, 0.03, 0.16, 0.55, 0.40, 0.02, 0.02, 0.01, 0.45)
"""Per policy and category."""
REPORTED, DOCUMENTS_PENDING, UNDER_REVIEW, APPROVED, PAID, REJECTED = range(6)


@dataclass(frozen=True)
class Claims:
    """One row per claim; moments are NONE where not reached."""

    policy: Ints
    reported: Ints
    documents: Ints
    first_update: Ints
    last_update: Ints
    updates: Ints
    decided: Ints
    paid: Ints
    claimed: Ints
    paid_amount: Ints
    status: Ints


def make_claims(bank: Bank, block: Block, policies: Policies) -> Claims:
    """At most one claim per policy, between its effective day and its end."""
    rng = stream(bank.seed, "claims", block.number)
    rows = np.flatnonzero(chance(rng, np.asarray(CLAIM_CHANCE)[policies.category], policies.size))
    rows = rows[policies.effective[rows] + 20 < np.minimum(policies.ends_on[rows], LAST_DAY)]
    size = len(rows)
    day = pick_days(
        rng,
        size,
        EVEN_MONTHS,
        weekend=0.5,
        not_before=policies.effective[rows] + 10,
        not_after=np.minimum(policies.ends_on[rows] - 1, LAST_DAY),
    )
    reported = pick_moments(rng, day, chance(rng, 0.6, size))
    branch = policies.branch[rows]
    slow = np.where(branch == NONE, 1.0, bank.branches.slowness[np.maximum(branch, 0)])
    documents = add_working_seconds(reported, lognormal_around(rng, 38 * slow, 0.9) * HOUR)
    decided = add_working_seconds(documents, lognormal_around(rng, 42 * slow, 0.8) * HOUR)
    paid = add_working_seconds(decided, lognormal_around(rng, np.full(size, 12.0), 0.6) * HOUR)
    heard = add_working_seconds(reported, lognormal_around(rng, 9 * slow, 1.1) * HOUR)
    silent = chance(rng, 0.13, size)
    rejected = chance(rng, 0.12, size)
    heard = np.where(silent, decided, np.minimum(heard, decided))
    documents, decided, heard = until_end(documents), until_end(decided), until_end(heard)
    paid = np.where(rejected | (decided == NONE), NONE, until_end(paid))
    claimed = np.minimum(
        lognormal_around(rng, policies.sum_assured[rows] * 0.02, 0.8).astype(np.int64), policies.sum_assured[rows]
    )
    status = np.select(
        [paid != NONE, (decided != NONE) & rejected, decided != NONE, documents != NONE, heard != NONE],
        [PAID, REJECTED, APPROVED, UNDER_REVIEW, DOCUMENTS_PENDING],
        REPORTED,
    )
    again = (~silent) & chance(rng, 0.6, size)
    between = heard + ((latest(decided, documents, heard) - np.where(heard == NONE, 0, heard)) * 0.6).astype(np.int64)
    last_update = np.where(heard == NONE, NONE, np.where(again, np.maximum(between, heard), heard))
    return Claims(
        policy=rows,
        reported=reported,
        documents=documents,
        first_update=heard,
        last_update=last_update,
        updates=np.where(heard == NONE, 0, 1 + again * rng.integers(1, 4, size)),
        decided=decided,
        paid=paid,
        claimed=np.maximum(claimed, 10_000),
        paid_amount=missing_where(
            (np.maximum(claimed, 10_000) * (0.5 + 0.5 * rng.random(size))).astype(np.int64), paid == NONE
        ),
        status=status,
    )


def claim_tables(claims: Claims, offset: int, policy_offset: int, contract: Contract) -> tuple[pa.Table, pa.Table]:
    """As reported, and as last seen."""
    table = contract.table("policy.claims")
    rows = np.arange(len(claims.policy))
    first = arrow_table(table, offset, {
        "claim_id": rows, "policy_id": claims.policy + policy_offset, "reported_at": claims.reported,
        "updates_sent": np.zeros(len(rows), dtype=np.int64), "claimed_amount": claims.claimed,
        "status": np.full(len(rows), REPORTED), "updated_at": claims.reported,
    })  # fmt: skip
    seen = latest(claims.documents, claims.first_update, claims.last_update, claims.decided, claims.paid)
    moved = np.flatnonzero(seen != NONE)
    last = arrow_table(table, offset, {
        "claim_id": moved, "policy_id": claims.policy[moved] + policy_offset, "reported_at": claims.reported[moved],
        "documents_completed_at": claims.documents[moved], "first_update_at": claims.first_update[moved],
        "last_update_at": claims.last_update[moved], "updates_sent": claims.updates[moved],
        "decided_at": claims.decided[moved], "paid_at": claims.paid[moved], "claimed_amount": claims.claimed[moved],
        "paid_amount": claims.paid_amount[moved], "status": claims.status[moved], "updated_at": seen[moved],
    })  # fmt: skip
    return first, last
