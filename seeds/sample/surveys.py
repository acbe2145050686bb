"""Answers to satisfaction surveys: about needs, policies, contacts, and the bank as a whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import END, pick_days, pick_moments
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, missing_where
from seeds.sample.customers import Customers
from seeds.sample.interactions import Contacts
from seeds.sample.needs import Needs, Progress
from seeds.sample.randomness import Floats, Ints, chance, stream, weighted
from seeds.sample.sales import Policies
from seeds.sample.size import Block
from seeds.sample.texts import GRUMBLE, NEUTRAL, PRAISE, write_about

CSAT, NPS, CES = range(3)
ABOUT_NEED, ABOUT_POLICY, ABOUT_CONTACT, A_CUSTOMER = 0.24, 0.24, 0.028, 0.24
"""Shares of resolved needs, policies, served contacts and customers that answer."""


def surveys_table(
    bank: Bank,
    block: Block,
    customers: Customers,
    *,
    policies: Policies,
    contacts: Contacts,
    needs: Needs,
    progress: Progress,
    offset: int,
    need_offset: int,
    policy_offset: int,
    contract: Contract,
) -> pa.Table:
    """The delivered table in order of time."""
    rng = stream(bank.seed, "surveys", block.number)
    need = np.flatnonzero((progress.resolved != NONE) & chance(rng, ABOUT_NEED, needs.size))
    policy = np.flatnonzero(chance(rng, ABOUT_POLICY, policies.size))
    contact = np.flatnonzero(
        (contacts.staff != NONE) & (contacts.closed != NONE) & chance(rng, ABOUT_CONTACT, len(contacts.staff))
    )
    someone = np.flatnonzero(chance(rng, A_CUSTOMER, customers.size))
    sizes = (len(need), len(policy), len(contact), len(someone))
    kind = np.repeat(np.arange(4), sizes)
    any_day = pick_days(rng, sizes[3], not_before=customers.since[someone])
    moment = np.concatenate([
        progress.resolved[need] + rng.integers(HOUR, 5 * DAY, sizes[0]),
        policies.issued[policy] * DAY + rng.integers(DAY, 20 * DAY, sizes[1]),
        contacts.closed[contact] + rng.integers(600, 2 * DAY, sizes[2]),
        pick_moments(rng, any_day, np.ones(sizes[3], dtype=np.bool_)),
    ])  # fmt: skip
    customer = np.concatenate([needs.customer[need], policies.customer[policy], contacts.customer[contact], someone])
    staff = np.concatenate([
        needs.staff[need], policies.staff[policy], contacts.staff[contact],
        missing_where(customers.rm[someone], chance(rng, 0.6, sizes[3])),
    ])  # fmt: skip
    waited = np.zeros(len(kind))
    waited[: sizes[0]] = (progress.resolved[need] - needs.raised[need]) / DAY
    unhappy = np.zeros(len(kind))
    unhappy[: sizes[0]] = progress.reopened[need] != NONE
    keep = np.flatnonzero(moment < END)
    keep = keep[np.argsort(moment[keep], kind="stable")]
    kind, moment, customer, staff = kind[keep], moment[keep], customer[keep], staff[keep]
    trouble = waited[keep] + 8 * unhappy[keep]
    happiness = _happiness(rng, bank, customers, customer=customer, staff=staff, moment=moment, trouble=trouble)
    instrument = np.where(kind == 3, weighted(rng, (1, 8, 1), len(kind)), weighted(rng, (7, 1.5, 1.5), len(kind)))
    rows = np.concatenate([need, policy, contact, someone])[keep]
    mood = np.where(happiness >= 3.7, 0, np.where(happiness >= 2.7, 1, 2))
    return arrow_table(contract.table("crm.surveys"), offset, {
        "response_id": np.arange(len(kind)), "customer_id": customer + block.first_customer, "instrument": instrument,
        "score": _score(instrument, happiness), "need_id": np.where(kind == 0, rows + need_offset, NONE),
        "policy_id": np.where(kind == 1, rows + policy_offset, NONE), "staff_id": staff,
        "comment": write_about(rng, [PRAISE, NEUTRAL, GRUMBLE], mood, chance(rng, 0.45, len(kind))),
        "responded_at": moment,
    })  # fmt: skip


def _happiness(
    rng: np.random.Generator,
    bank: Bank,
    customers: Customers,
    *,
    customer: Ints,
    staff: Ints,
    moment: Ints,
    trouble: Floats,
) -> Floats:
    """On the scale of csat, 1 to 5, before rounding."""
    uplift = bank.effects.training_csat_uplift * bank.training.trained(staff, moment // DAY)
    quality = np.where(staff == NONE, 0.0, bank.staff.quality[np.maximum(staff, 0)])
    slow = bank.branches.slowness[customers.branch[customer]]
    noise = rng.standard_normal(len(customer)) * 0.9
    return np.asarray(
        4.2 + uplift + 0.15 * quality - 0.5 * (slow - 1) - 0.05 * np.minimum(trouble, 25) + noise, dtype=np.float64
    )


def _score(instrument: Ints, happiness: Floats) -> Ints:
    csat = np.clip(np.rint(happiness), 1, 5)
    nps = np.clip(np.rint(2 * happiness - 0.5), 0, 10)
    ces = np.clip(np.rint(1.5 * happiness - 0.6), 1, 7)
    return np.asarray(np.select([instrument == CSAT, instrument == NPS], [csat, nps], ces), dtype=np.int64)
