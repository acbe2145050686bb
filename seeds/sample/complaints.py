"""Complaints about policies sold and about contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import (
    END,
    LAST_DAY,
    SERVICE_MONTHS,
    add_working_seconds,
    latest,
    pick_days,
    pick_moments,
    until_end,
)
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, cents, missing_where
from seeds.sample.customers import Customers
from seeds.sample.effects import FAULTS
from seeds.sample.interactions import Contacts
from seeds.sample.organisation import FAR_AWAY
from seeds.sample.randomness import Bools, Ints, chance, lognormal_around, stream, weighted, weighted_rows
from seeds.sample.sales import Policies
from seeds.sample.shelf import CATEGORY, CLAUSE_CATEGORIES
from seeds.sample.size import Block
from seeds.sample.texts import COMPLAINTS, write_about

CATEGORIES = (
    "mis_selling", "information_disclosure", "suitability", "claims_delay", "claims_decision", "policy_service",
    "surrender_dispute", "staff_conduct", "system_fault", "other",
)  # fmt: skip
(
    MIS_SELLING,
    DISCLOSURE,
    SUITABILITY,
    CLAIMS_DELAY,
    CLAIMS_DECISION,
    POLICY_SERVICE,
    SURRENDER,
    CONDUCT,
    FAULT,
    OTHER,
) = range(10)
A_POLICY = 0.215
"""Mean complaints about a policy of an ordinary category in three years."""
CATEGORY_FACTOR = (0.8, 0.5, 0.9, 0.8, 0.9, 0.9, 1.1, 1.2, 0.7, 1.5, 1.2, 1.7, 0.7)
SALE_SUBJECTS = (24, 22, 10, 5, 4, 12, 12, 3, 3, 5)
CLAUSE_SUBJECTS = (36, 34, 16, 0, 1, 3, 14, 1, 1, 1)
CLAIM_SUBJECTS = (3, 5, 1, 34, 18, 15, 3, 5, 5, 5)
CONTACT_SUBJECTS = (3, 6, 2, 8, 3, 30, 4, 24, 16, 8)
A_CONTACT = 0.012
CHANNELS = (18, 34, 16, 10, 4, 4, 3, 9, 1.5)
"""Weights of branch, hotline, app, wechat, web, email, letter, regulator, media."""
REGULATOR, MEDIA = 7, 8
UPHELD, PARTLY, NOT_UPHELD, WITHDRAWN = range(4)


@dataclass(frozen=True)
class Complaints:
    """One row per complaint in the order of receipt; `policy` is a row of the block's policies or NONE."""

    customer: Ints
    policy: Ints
    product: Ints
    staff: Ints
    branch: Ints
    category: Ints
    channel: Ints
    severity: Ints
    received: Ints
    acknowledged: Ints
    resolved: Ints
    closed: Ints
    outcome: Ints
    compensation: Ints
    referred: Bools

    @property
    def size(self) -> int:
        """Complaints in the block."""
        return len(self.customer)


def make_complaints(
    bank: Bank, block: Block, customers: Customers, policies: Policies, contacts: Contacts
) -> Complaints:
    """Complaints about sales depend on the seller's training at the sale, those about contacts at the contact."""
    rng = stream(bank.seed, "complaints", block.number)
    policy, sale_received = _about_sales(rng, bank, policies)
    contact = _about_contacts(rng, bank, contacts)
    contact_received = contacts.opened[contact] + rng.integers(HOUR, 6 * DAY, len(contact))
    contact = contact[contact_received < END]
    contact_received = contact_received[contact_received < END]
    clauses = np.isin(policies.category[policy], CLAUSE_CATEGORIES)
    short = np.isin(
        policies.category[policy], (CATEGORY["medical"], CATEGORY["accident"], CATEGORY["critical_illness"])
    )
    subjects = np.asarray([SALE_SUBJECTS, CLAUSE_SUBJECTS, CLAIM_SUBJECTS], dtype=np.float64)
    sale_category = weighted_rows(rng, subjects[np.where(clauses, 1, np.where(short, 2, 0))])
    received = np.concatenate([sale_received, contact_received])
    order = np.argsort(received, kind="stable")
    policy_of = np.concatenate([policy, np.full(len(contact), NONE)])[order]
    known = np.maximum(policy_of, 0)
    return _handled(
        rng,
        bank,
        customer=np.concatenate([policies.customer[policy], contacts.customer[contact]])[order],
        policy=policy_of,
        product=np.where(policy_of == NONE, NONE, policies.product[known]),
        staff=np.concatenate([policies.staff[policy], contacts.staff[contact]])[order],
        category=np.concatenate([sale_category, weighted(rng, CONTACT_SUBJECTS, len(contact))])[order],
        received=received[order],
        customers=customers,
    )


def _about_sales(rng: np.random.Generator, bank: Bank, policies: Policies) -> tuple[Ints, Ints]:
    staff, sold = policies.staff, policies.issued
    known = np.maximum(staff, 0)
    trained = bank.training.trained(staff, sold)
    weak = np.isin(policies.category, CLAUSE_CATEGORIES) & ~bank.training.knows_clauses(staff, sold)
    rate = A_POLICY * np.asarray(CATEGORY_FACTOR)[policies.category]
    rate = rate * np.where(trained, bank.effects.training_complaint_factor, 1.0)
    rate = rate * np.where(weak, bank.effects.clause_complaint_factor, 1.0) * np.where(policies.mismatched, 1.3, 1.0)
    rate = rate * np.where(staff == NONE, 1.0, np.exp(-0.25 * bank.staff.quality[known]))
    rate = rate * np.where(policies.branch == NONE, 1.0, bank.branches.slowness[np.maximum(policies.branch, 0)])
    policy = np.repeat(np.arange(policies.size), rng.poisson(rate))
    first = rng.exponential(160, len(policy)).astype(np.int64) + 3
    at_end = (policies.ends_on[policy] < FAR_AWAY) & chance(rng, 0.35, len(policy))
    around = np.minimum(policies.ends_on[policy], FAR_AWAY) + rng.integers(-12, 25, len(policy))
    day = np.maximum(np.where(at_end, around, policies.issued[policy] + first), policies.issued[policy] + 1)
    policy, day = policy[day <= LAST_DAY], day[day <= LAST_DAY]
    # A complaint about the sale moves to a likely day of its own week.
    day = pick_days(rng, len(day), SERVICE_MONTHS, weekend=0.45, not_before=day, not_after=day + 6)
    received = pick_moments(rng, day, chance(rng, 0.5, len(day)))
    came = (received < END) & (day >= policies.issued[policy])
    return policy[came], received[came]


def _about_contacts(rng: np.random.Generator, bank: Bank, contacts: Contacts) -> Ints:
    known = np.maximum(contacts.staff, 0)
    served = contacts.staff != NONE
    trained = bank.training.trained(contacts.staff, contacts.opened // DAY)
    rate = np.where(served, A_CONTACT * np.exp(-0.25 * bank.staff.quality[known]), A_CONTACT * 0.35)
    rate = rate * np.where(trained, bank.effects.training_complaint_factor, 1.0)
    rate = rate * np.where(served, bank.branches.slowness[bank.staff.branch[known]], 1.0)
    return np.flatnonzero(chance(rng, rate, len(rate)))


def _handled(
    rng: np.random.Generator,
    bank: Bank,
    *,
    customer: Ints,
    policy: Ints,
    product: Ints,
    staff: Ints,
    category: Ints,
    received: Ints,
    customers: Customers,
) -> Complaints:
    size = len(customer)
    severity = np.clip(1 + rng.binomial(4, np.where(category <= SUITABILITY, 0.42, 0.3), size), 1, 5)
    branch = customers.branch[customer]
    slow = bank.branches.slowness[branch] * np.where(np.isin(category, (CLAIMS_DELAY, FAULT)), 1.3, 1.0)
    acknowledged = add_working_seconds(received, lognormal_around(rng, 3.0 * slow, 0.9) * HOUR)
    resolved = add_working_seconds(
        acknowledged, lognormal_around(rng, 46 * slow * (0.7 + 0.15 * severity), 0.65) * HOUR
    )
    closed = add_working_seconds(resolved, lognormal_around(rng, np.full(size, 8.0), 0.7) * HOUR)
    never = chance(rng, 0.015, size)
    resolved = np.where(never, NONE, until_end(resolved))
    done = resolved != NONE
    outcome = np.where(
        category <= SUITABILITY, weighted(rng, (30, 30, 33, 7), size), weighted(rng, (34, 26, 32, 8), size)
    )
    paid = done & (outcome <= PARTLY) & chance(rng, 0.5, size)
    channel = weighted(rng, CHANNELS, size)
    return Complaints(
        customer=customer,
        policy=policy,
        product=product,
        staff=staff,
        branch=missing_where(branch, chance(rng, FAULTS.missing_branch, size)),
        category=category,
        channel=channel,
        severity=severity.astype(np.int64),
        received=received,
        acknowledged=until_end(acknowledged),
        resolved=resolved,
        closed=np.where(done, until_end(closed), NONE),
        outcome=missing_where(outcome, ~done),
        compensation=missing_where(cents(lognormal_around(rng, np.full(size, 900.0), 0.9)), ~paid),
        referred=(channel == REGULATOR) | ((channel == MEDIA) & chance(rng, 0.6, size)) | chance(rng, 0.02, size),
    )


def complaint_tables(
    bank: Bank, block: Block, complaints: Complaints, *, offset: int, policy_offset: int, contract: Contract
) -> tuple[pa.Table, pa.Table]:
    """As received, and as last seen."""
    rng = stream(bank.seed, "complaint texts", block.number)
    table = contract.table("complaint.complaints")
    size = complaints.size
    text = write_about(rng, [COMPLAINTS[name] for name in CATEGORIES], complaints.category)
    orphan = chance(rng, FAULTS.orphan_customer, size)
    customer = np.where(orphan, 900_000_000 + complaints.customer, complaints.customer + block.first_customer)

    def version(rows: Ints, handled: bool, updated_at: Ints) -> pa.Table:
        def seen(values: Ints) -> Ints:
            return values[rows] if handled else np.full(len(rows), NONE)

        policy = complaints.policy[rows]
        return arrow_table(table, offset, {
            "complaint_id": rows, "customer_id": customer[rows],
            "policy_id": np.where(policy == NONE, NONE, policy + policy_offset), "product_id": complaints.product[rows],
            "staff_id": complaints.staff[rows], "branch_id": complaints.branch[rows],
            "channel": complaints.channel[rows], "category": complaints.category[rows],
            "severity": complaints.severity[rows], "received_at": complaints.received[rows],
            "acknowledged_at": seen(complaints.acknowledged), "resolved_at": seen(complaints.resolved),
            "closed_at": seen(complaints.closed), "outcome": seen(complaints.outcome),
            "compensation": seen(complaints.compensation),
            "regulator_referred": complaints.referred[rows], "description": text.take(pa.array(rows)),
            "updated_at": updated_at,
        })  # fmt: skip

    seen_at = latest(complaints.acknowledged, complaints.resolved, complaints.closed)
    moved = np.flatnonzero(seen_at != NONE)
    return version(np.arange(size), False, complaints.received), version(moved, True, seen_at[moved])
