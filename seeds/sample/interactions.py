"""Contacts between customers and the bank, on any channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from needloop.contract.model import Contract
from seeds.sample.bank import Bank
from seeds.sample.calendar_time import (
    END,
    FIRST_DAY,
    LAST_DAY,
    SERVICE_MONTHS,
    add_working_seconds,
    pick_days,
    pick_moments,
    until_end,
)
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, missing_where
from seeds.sample.customers import Customers
from seeds.sample.effects import FAULTS
from seeds.sample.organisation import pick_seller
from seeds.sample.randomness import Bools, Ints, chance, lognormal_around, stream, weighted
from seeds.sample.size import Block
from seeds.sample.texts import CONTACT_NOTES, write_about

BRANCH, APP, WECHAT, WEB, CALL_CENTRE, PHONE, EMAIL, SMS, CHATBOT = range(9)
CHANNEL_WEIGHTS = (20, 20, 18, 4, 12, 12, 2, 4, 8)
SELF_SERVICE = (APP, WECHAT, WEB, SMS, CHATBOT)
ENQUIRY, PURCHASE, SERVICE, CLAIM_STATUS, COMPLAINT, FOLLOW_UP, CALLBACK, MARKETING = range(8)
SPONTANEOUS = (ENQUIRY, PURCHASE, SERVICE, FOLLOW_UP, MARKETING)
SPONTANEOUS_WEIGHTS = (30, 8, 30, 12, 12)
A_CUSTOMER = 12.6
RESPONSE_HOURS = (0.15, 1.6, 1.2, 2.2, 0.1, 0.3, 3.5, 2.0, 1.0)
"""Median working hours until the first response, by channel."""
TASTE_OF_THE_DAY = (6, 6, 5, 5, 5, 7, 10, 10, 7, 8, 6, 6, 2)
"""Weights of product categories in enquiries."""
EAGER = 0.035
"""Share of customers with a burst of enquiries about one category."""


@dataclass(frozen=True)
class Contacts:
    """One row per contact; `need` is a row of the block's needs or NONE."""

    customer: Ints
    staff: Ints
    channel: Ints
    purpose: Ints
    category: Ints
    need: Ints
    opened: Ints
    responded: Ints
    closed: Ints
    resolved: Bools

    def take(self, rows: Ints) -> Contacts:
        """These rows."""
        return Contacts(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    @classmethod
    def concat(cls, *parts: Contacts) -> Contacts:
        """All rows of the parts in the order of their opening."""
        fields = {name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__}
        return cls(**fields).take(np.argsort(fields["opened"], kind="stable"))


def make_contacts(bank: Bank, block: Block, customers: Customers) -> Contacts:
    """Contacts that customers start, bursts of enquiries, and repeats of unresolved contacts."""
    rng = stream(bank.seed, "interactions", block.number)
    customer = np.repeat(np.arange(customers.size), rng.poisson(A_CUSTOMER * customers.demand / 1.1))
    size = len(customer)
    purpose = np.asarray(SPONTANEOUS)[weighted(rng, SPONTANEOUS_WEIGHTS, size)]
    day = pick_days(rng, size, SERVICE_MONTHS, weekend=0.5, growth=0.15, not_before=customers.since[customer])
    about = np.isin(purpose, (ENQUIRY, PURCHASE, MARKETING)) & chance(rng, 0.85, size)
    category = np.where(about, weighted(rng, TASTE_OF_THE_DAY, size), NONE)
    eager_customer, eager_day, eager_category = _bursts(rng, customers)
    customer = np.concatenate([customer, eager_customer])
    purpose = np.concatenate([purpose, np.full(len(eager_customer), ENQUIRY)])
    category = np.concatenate([category, eager_category])
    day = np.concatenate([day, eager_day])
    channel = _channel(rng, customers, customer)
    first = contacts_at(
        rng,
        bank,
        customers,
        customer=customer,
        purpose=purpose,
        category=category,
        channel=channel,
        opened=pick_moments(rng, day, channel != BRANCH),
    )

    return Contacts.concat(first, _repeats(rng, bank, customers, first))


def _bursts(rng: np.random.Generator, customers: Customers) -> tuple[Ints, Ints, Ints]:
    eager = np.flatnonzero(chance(rng, EAGER, customers.size))
    count = rng.integers(3, 6, len(eager))
    start = pick_days(rng, len(eager), not_before=customers.since[eager], not_after=np.full(len(eager), LAST_DAY - 5))
    category = weighted(rng, TASTE_OF_THE_DAY, len(eager))
    day = np.repeat(start, count) + rng.integers(0, 22, count.sum())
    return np.repeat(eager, count), np.minimum(day, LAST_DAY), np.repeat(category, count)


def _channel(rng: np.random.Generator, customers: Customers, customer: Ints) -> Ints:
    any_channel = weighted(rng, CHANNEL_WEIGHTS, len(customer))
    return np.where(chance(rng, 0.5, len(customer)), customers.channel[customer], any_channel)


def contacts_at(
    rng: np.random.Generator,
    bank: Bank,
    customers: Customers,
    *,
    customer: Ints,
    purpose: Ints,
    category: Ints,
    channel: Ints,
    opened: Ints,
    need: Ints | None = None,
) -> Contacts:
    """Who takes these contacts, how fast they are answered and whether that settles them."""
    size = len(customer)
    seller = pick_seller(rng, bank.staff, customers.branch[customer], opened // DAY, customers.rm[customer])
    alone = np.isin(channel, SELF_SERVICE) & chance(rng, 0.62, size) & ~np.isin(purpose, (FOLLOW_UP, CALLBACK))
    staff = missing_where(seller, alone)
    slow = bank.branches.slowness[customers.branch[customer]]
    pace = np.exp(-0.2 * bank.staff.quality[seller]) * slow
    pace = pace * np.where(bank.training.trained(staff, opened // DAY), bank.effects.training_response_factor, 1.0)
    answer = lognormal_around(rng, np.asarray(RESPONSE_HOURS)[channel] * pace, 0.9) * HOUR
    responded = np.where(alone, opened + rng.integers(5, 60, size), add_working_seconds(opened, answer))
    work = lognormal_around(rng, np.where(alone, 0.12, 1.3 * slow), 0.9) * HOUR
    closed = np.where(alone, responded + work.astype(np.int64) + 1, add_working_seconds(responded, work))
    resolved = chance(rng, np.clip(0.80 - 0.12 * slow + np.where(alone, -0.05, 0.0), 0.05, 0.95), size)
    return Contacts(
        customer=customer,
        staff=staff,
        channel=channel,
        purpose=purpose,
        category=category,
        need=np.full(size, NONE) if need is None else need,
        opened=opened,
        responded=until_end(responded),
        closed=until_end(closed),
        resolved=resolved & (closed < END),
    )


def _repeats(rng: np.random.Generator, bank: Bank, customers: Customers, first: Contacts) -> Contacts:
    again = chance(rng, np.where(first.resolved, 0.03, 0.42), len(first.customer)) & (first.purpose != MARKETING)
    rows = np.flatnonzero(again)
    day = first.opened[rows] // DAY + 1 + np.minimum(rng.exponential(2.2, len(rows)), 6).astype(np.int64)
    rows, day = rows[day <= LAST_DAY], day[day <= LAST_DAY]
    stays = chance(rng, 0.6, len(rows))
    channel = np.where(stays, first.channel[rows], _channel(rng, customers, first.customer[rows]))
    return contacts_at(
        rng,
        bank,
        customers,
        customer=first.customer[rows],
        purpose=first.purpose[rows],
        category=first.category[rows],
        channel=channel,
        opened=pick_moments(rng, day, channel != BRANCH),
    )


def interactions_table(
    bank: Bank, block: Block, contacts: Contacts, *, offset: int, need_offset: int, contract: Contract
) -> pa.Table:
    """The delivered table; notes are written by staff."""
    rng = stream(bank.seed, "interaction notes", block.number)
    size = len(contacts.customer)
    orphan = chance(rng, FAULTS.orphan_customer, size)
    customer = np.where(orphan, 900_000_000 + contacts.customer, contacts.customer + block.first_customer)
    noted = (contacts.staff != NONE) & chance(rng, 0.3, size)
    contradicts = chance(rng, FAULTS.contradictory_dates, size) & (contacts.closed != NONE)
    closed = np.where(contradicts, np.maximum(contacts.opened - DAY, FIRST_DAY * DAY), contacts.closed)
    return arrow_table(contract.table("crm.interactions"), offset, {
        "interaction_id": np.arange(size), "customer_id": customer, "staff_id": contacts.staff,
        "channel": contacts.channel, "purpose": contacts.purpose, "product_category": contacts.category,
        "need_id": np.where(contacts.need == NONE, NONE, contacts.need + need_offset), "opened_at": contacts.opened,
        "first_response_at": contacts.responded, "closed_at": closed,
        "resolved_on_contact": missing_where(contacts.resolved.astype(np.int64), contacts.closed == NONE),
        "note": write_about(rng, [CONTACT_NOTES], np.zeros(size, dtype=np.int64), noted),
    })  # fmt: skip
