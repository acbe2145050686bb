"""One block of customers with all their data, as delivered tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import END, pick_moments
from seeds.sample.claims import Claims, claim_tables, make_claims
from seeds.sample.columns import DAY, NONE
from seeds.sample.complaints import Complaints, complaint_tables, make_complaints
from seeds.sample.customers import Customers, customer_tables, make_customers
from seeds.sample.experiments import assignments_table
from seeds.sample.interactions import (
    CALL_CENTRE,
    CALLBACK,
    CLAIM_STATUS,
    COMPLAINT,
    FOLLOW_UP,
    PHONE,
    Contacts,
    contacts_at,
    interactions_table,
    make_contacts,
)
from seeds.sample.needs import Needs, Progress, make_needs, need_events_table, need_tables
from seeds.sample.premiums import premium_tables
from seeds.sample.randomness import chance, stream, weighted
from seeds.sample.sales import Policies, make_sales, opportunity_tables, policy_tables
from seeds.sample.size import Block
from seeds.sample.surveys import surveys_table
from seeds.sample.transactions import transactions_table

Parts = tuple[pa.Table, ...]
CHANNEL_OF_COMPLAINT = (0, 4, 1, 2, 3, 6, NONE, NONE, NONE)
"""The contact's channel by the complaint's; letters, the regulator and the media are no contacts."""


def block_tables(bank: Bank, block: Block, keys: Counter[str], contract: Contract) -> Iterator[tuple[str, Parts]]:
    """Name and parts of each table of the block; advances `keys`, the keys used so far."""
    customers = make_customers(bank.seed, block, bank.branches)
    yield "crm.customers", customer_tables(bank.seed, block, customers, contract)
    transactions = transactions_table(bank.seed, block, customers, keys["bank.transactions"], contract)
    keys["bank.transactions"] += transactions.num_rows
    yield "bank.transactions", (transactions,)
    del transactions
    policies, deals = make_sales(bank, block, customers)
    claims = make_claims(bank, block, policies)
    spontaneous = make_contacts(bank, block, customers)
    complaints = make_complaints(bank, block, customers, policies, spontaneous)
    needs, progress, arms = make_needs(bank, block, customers, policies, complaints)
    caused = _caused(
        bank, block, customers, policies=policies, claims=claims, complaints=complaints, needs=needs, progress=progress
    )
    contacts = Contacts.concat(spontaneous, caused)
    at = dict(keys)
    start = {name: at.get(name, 0) for name in ("policy.policies", "complaint.complaints", "crm.needs")}

    def numbered(name: str, size: int) -> int:
        keys[name] += size
        return keys[name] - size

    first_policy, first_need = start["policy.policies"], start["crm.needs"]
    yield "policy.policies", policy_tables(bank, block, policies, numbered("policy.policies", policies.size), contract)
    yield (
        "crm.opportunities",
        opportunity_tables(
            deals,
            block,
            offset=numbered("crm.opportunities", len(deals.customer)),
            policy_offset=first_policy,
            contract=contract,
        ),
    )
    premiums = premium_tables(
        bank, block, policies, offset=keys["policy.premiums"], policy_offset=first_policy, contract=contract
    )
    keys["policy.premiums"] += premiums[1].num_rows
    yield "policy.premiums", premiums
    claim_offset = numbered("policy.claims", len(claims.policy))
    yield "policy.claims", claim_tables(claims, claim_offset, first_policy, contract)
    yield (
        "complaint.complaints",
        complaint_tables(
            bank,
            block,
            complaints,
            offset=numbered("complaint.complaints", complaints.size),
            policy_offset=first_policy,
            contract=contract,
        ),
    )
    yield (
        "crm.needs",
        need_tables(
            bank,
            block,
            needs,
            progress,
            offset=numbered("crm.needs", needs.size),
            complaint_offset=start["complaint.complaints"],
            contract=contract,
        ),
    )
    events = need_events_table(
        bank,
        block,
        customers,
        needs=needs,
        progress=progress,
        offset=keys["crm.need_events"],
        need_offset=first_need,
        contract=contract,
    )
    keys["crm.need_events"] += events.num_rows
    yield "crm.need_events", (events,)
    contact_offset = numbered("crm.interactions", len(contacts.customer))
    interactions = interactions_table(
        bank, block, contacts, offset=contact_offset, need_offset=first_need, contract=contract
    )
    yield "crm.interactions", (interactions,)
    surveys = surveys_table(
        bank,
        block,
        customers,
        policies=policies,
        contacts=contacts,
        needs=needs,
        progress=progress,
        offset=keys["crm.surveys"],
        need_offset=first_need,
        policy_offset=first_policy,
        contract=contract,
    )
    keys["crm.surveys"] += surveys.num_rows
    yield "crm.surveys", (surveys,)
    assignments = assignments_table(
        bank.seed,
        block,
        customers,
        need_raised=needs.raised,
        arms=arms,
        offset=keys["experiment.assignments"],
        need_offset=first_need,
        contract=contract,
    )
    keys["experiment.assignments"] += assignments.num_rows
    yield "experiment.assignments", (assignments,)


def _caused(
    bank: Bank,
    block: Block,
    customers: Customers,
    *,
    policies: Policies,
    claims: Claims,
    complaints: Complaints,
    needs: Needs,
    progress: Progress,
) -> Contacts:
    """Contacts caused by other events: claim enquiries, complaints, follow-ups and callbacks of needs."""
    rng = stream(bank.seed, "caused interactions", block.number)
    # Customers keep asking about a claim without updates.
    waits = claims.first_update == NONE
    waits |= claims.first_update - claims.reported > 3 * DAY
    claim = np.repeat(np.arange(len(claims.policy)), rng.poisson(np.where(waits, 2.6, 0.7)))
    asked_on = claims.reported[claim] // DAY + 1 + rng.exponential(9, len(claim)).astype(np.int64)
    asked = pick_moments(rng, asked_on)
    complained = np.flatnonzero(chance(rng, 0.75, complaints.size))
    complaint_channel = np.asarray(CHANNEL_OF_COMPLAINT)[complaints.channel[complained]]
    complained, complaint_channel = complained[complaint_channel != NONE], complaint_channel[complaint_channel != NONE]
    followed = np.flatnonzero((progress.started != NONE) & chance(rng, 0.45, needs.size))
    called = np.flatnonzero((progress.verified != NONE) & chance(rng, 0.8, needs.size))
    groups = (
        (policies.customer[claims.policy[claim]], CLAIM_STATUS, policies.category[claims.policy[claim]], asked,
         weighted(rng, (12, 22, 18, 4, 28, 10, 2, 2, 2), len(claim)), None),
        (complaints.customer[complained], COMPLAINT, None, complaints.received[complained], complaint_channel, None),
        (needs.customer[followed], FOLLOW_UP, needs.product_category[followed], progress.started[followed] + 900,
         np.where(chance(rng, 0.6, len(followed)), PHONE, CALL_CENTRE), followed),
        (needs.customer[called], CALLBACK, needs.product_category[called], progress.verified[called] - 600,
         np.where(chance(rng, 0.5, len(called)), PHONE, CALL_CENTRE), called),
    )  # fmt: skip
    parts = []
    for customer, purpose, category, opened, channel, need in groups:
        rows = np.flatnonzero(opened < END)
        nothing = np.full(len(rows), NONE)
        parts.append(contacts_at(
            rng, bank, customers, customer=customer[rows], purpose=np.full(len(rows), purpose),
            category=nothing if category is None else category[rows], channel=channel[rows], opened=opened[rows],
            need=nothing if need is None else need[rows],
        ))  # fmt: skip
    return Contacts.concat(*parts)
