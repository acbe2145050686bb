"""Account transactions: the largest table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.calendar_time import FIRST_DAY, LAST_DAY, add_months, pick_days, pick_moments
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, cents, chosen, missing_where
from seeds.sample.customers import Customers
from seeds.sample.effects import FAULTS
from seeds.sample.randomness import Ints, chance, lognormal_around, stream, weighted
from seeds.sample.size import Block

A_CUSTOMER = 63
"""Mean number of transactions that a customer makes in the three years."""
DEPOSIT, CARD, WEALTH, LOAN = range(4)
ACCOUNTS = (4, 9, 1.2, 0.8)
MEDIAN_YUAN = (2_200, 130, 18_000, 3_500)
CHANNELS = ("app", "wechat", "alipay", "pos", "atm", "branch", "web")
CHANNEL_WEIGHTS = (6, 5, 5, 2, 1, 0.8, 1)
GONE_SILENT = 0.10
"""Share of customers whose own transactions stop at some day."""
INTEREST_DAY = 20
"""Deposits bear interest on the 21st after each quarter's end month's 20th."""


def transactions_table(seed: int, block: Block, customers: Customers, offset: int, contract: Contract) -> pa.Table:
    """Customer-initiated transactions and the bank's quarterly interest, in order of time."""
    rng = stream(seed, "transactions", block.number)
    count = rng.poisson(A_CUSTOMER * customers.demand / 1.1)
    customer = np.repeat(np.arange(customers.size), count)
    size = len(customer)
    silent_from = np.where(
        chance(rng, GONE_SILENT, customers.size), FIRST_DAY + rng.integers(200, 1_000, customers.size), LAST_DAY
    )
    day = pick_days(
        rng, size, weekend=0.9, growth=0.1, not_before=customers.since[customer], not_after=silent_from[customer]
    )
    account = weighted(rng, ACCOUNTS, size)
    yuan = lognormal_around(rng, np.asarray(MEDIAN_YUAN)[account] * np.sqrt(customers.activity[customer]), 1.0)
    incoming = np.where(account == CARD, chance(rng, 0.06, size), chance(rng, 0.45, size))
    amount = cents(np.where(incoming, yuan, -yuan))
    own_moment = pick_moments(rng, day, np.ones(size, dtype=np.bool_))
    paid_to, paid_at, interest = _interest(rng, customers)
    everyone = np.concatenate([customer, paid_to])
    moment = np.concatenate([own_moment, paid_at])
    order = np.argsort(moment, kind="stable")
    by_bank = np.repeat([0, 1], [size, len(paid_to)])
    orphan = chance(rng, FAULTS.orphan_customer, len(order))
    reference = np.where(orphan, 900_000_000 + everyone, everyone + block.first_customer)
    channel = missing_where(weighted(rng, CHANNEL_WEIGHTS, len(order)), by_bank == 1)
    return arrow_table(contract.table("bank.transactions"), offset, {
        "transaction_id": np.arange(len(order)), "customer_id": reference[order],
        "account_type": np.concatenate([account, np.full(len(paid_to), DEPOSIT)])[order],
        "initiated_by": by_bank[order],
        "occurred_at": moment[order], "amount": np.concatenate([amount, interest])[order],
        "channel": chosen(CHANNELS, channel[order]),
    })  # fmt: skip


def _interest(rng: np.random.Generator, customers: Customers) -> tuple[Ints, Ints, Ints]:
    """Receiver, moment and amount: in the night of the 21st of March, June, September and December."""
    first = add_months(np.full(12, FIRST_DAY), 2 + 3 * np.arange(12)) + INTEREST_DAY
    customer = np.repeat(np.arange(customers.size), len(first))
    day = np.tile(first, customers.size)
    has = customers.since[customer] < day - 30
    customer, day = customer[has], day[has]
    amount = np.maximum((customers.aum[customer] * 0.0006 * (0.5 + rng.random(len(customer)))).astype(np.int64), 1)
    return customer, day * DAY + rng.integers(0, 2 * HOUR, len(customer)), np.where(amount == NONE, 1, amount)
