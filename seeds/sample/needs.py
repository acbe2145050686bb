"""The needs pool: where needs come from, how they are graded, and everything that happens to them."""

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
    pick_days,
    pick_moments,
)
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, missing_where
from seeds.sample.complaints import Complaints
from seeds.sample.customers import Customers
from seeds.sample.effects import FAULTS
from seeds.sample.experiments import TREATMENT, need_arms
from seeds.sample.organisation import pick_seller
from seeds.sample.randomness import Bools, Floats, Ints, chance, lognormal_around, stream, weighted, weighted_rows
from seeds.sample.sales import Policies
from seeds.sample.shelf import CATEGORY
from seeds.sample.size import Block
from seeds.sample.texts import EVENT_NOTES, NEEDS, write_about

CATEGORIES = (
    "product_explanation", "information_transparency", "suitability", "coverage_gap", "claims_service",
    "policy_service", "pricing", "digital_experience", "staff_conduct", "other",
)  # fmt: skip
CATEGORY_WEIGHTS = (19, 13, 8, 14, 12, 13, 7, 9, 3, 4)
SURVEY, INTERVIEW, SERVICE_DESK, COMPLAINT, APP, WECHAT, BRANCH, CHATBOT = range(8)
SOURCE_WEIGHTS = (18, 8, 26, 0, 18, 12, 12, 6)
OF_COMPLAINT = (0, 1, 2, 4, 4, 5, 5, 8, 7, 9)
"""Category of the need behind a complaint of each category."""
DEPARTMENTS = ("product", "operations", "risk_control", "sales", "claims", "it", "customer_service")
DEPARTMENT_WEIGHTS = (
    (8, 0, 0, 2, 0, 0, 0.5), (6, 0.5, 0.5, 3, 0, 0, 0.5), (0.5, 0, 8, 2, 0, 0, 0), (1, 0, 0, 8, 0, 0, 1),
    (0, 0.7, 0, 0, 9, 0, 0.7), (0, 8, 0, 0, 0, 1, 1.5), (8, 0, 0.5, 1.5, 0, 0, 0.5), (0.3, 1, 0, 0, 0, 8, 0.5),
    (0, 0, 0.5, 6, 0, 0, 4), (0.5, 1, 0, 1, 0, 0, 8),
)  # fmt: skip
"""Who owns needs of each category."""
DEPARTMENT_PACE = (1.0, 0.95, 1.1, 0.85, 1.5, 1.7, 0.8)
"""Claims and IT are the slow ones."""
HARD_PRODUCTS = (CATEGORY["unit_linked"], CATEGORY["participating"])
HARD_PRODUCT_PACE = 1.25
GRADE_FROM = (64, 27, 8)
"""Least score (urgency × impact × business value) of P1, P2, P3."""
GRADE_HOURS = (7.0, 6.5, 15.0, 34.0)
"""Median hours until resolution: round the clock for P1, working hours for the rest."""
A_CUSTOMER = 1.06
FROM_COMPLAINT = 0.65
RECURS = 0.06
REJECTED = 0.04
STUCK = 0.11
"""Share of needs that do not get on; a third of them are never resolved."""
TRIAGED, ASSIGNED, STARTED, RESOLVED, VERIFIED, REOPENED, CLOSED, REJECTED_EVENT = range(8)
NIGHT_SHIFT_PARTS = (0.06, 0.12, 0.3, 1.0)


@dataclass(frozen=True)
class Needs:
    """One row per need in the order it was raised; references are rows of the block or NONE."""

    customer: Ints
    source: Ints
    category: Ints
    product: Ints
    product_category: Ints
    branch: Ints
    staff: Ints
    complaint: Ints
    department: Ints
    urgency: Ints
    impact: Ints
    value: Ints
    raised: Ints

    @property
    def size(self) -> int:
        """Needs in the block."""
        return len(self.customer)

    @property
    def grade(self) -> Ints:
        """0 for P1 to 3 for P4."""
        score = self.urgency * self.impact * self.value
        return np.asarray(sum((score < least).astype(np.int64) for least in GRADE_FROM), dtype=np.int64)

    def take(self, rows: Ints) -> Needs:
        """These rows."""
        return Needs(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


@dataclass(frozen=True)
class Progress:
    """One row per need: when each step happened, NONE where it did not or not yet."""

    triaged: Ints
    assigned: Ints
    started: Ints
    resolved: Ints
    reopened: Ints
    restarted: Ints
    resolved_again: Ints
    verified: Ints
    closed: Ints
    rejected: Ints
    satisfaction: Ints

    def take(self, rows: Ints) -> Progress:
        """These rows."""
        return Progress(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


STEPS = (
    ("triaged", TRIAGED), ("assigned", ASSIGNED), ("started", STARTED), ("resolved", RESOLVED),
    ("reopened", REOPENED), ("restarted", STARTED), ("resolved_again", RESOLVED), ("verified", VERIFIED),
    ("closed", CLOSED), ("rejected", REJECTED_EVENT),
)  # fmt: skip


def make_needs(
    bank: Bank, block: Block, customers: Customers, policies: Policies, complaints: Complaints
) -> tuple[Needs, Progress, tuple[Ints, Ints]]:
    """Needs with their progress, and the arm of each in the experiments E1 and E3."""
    rng = stream(bank.seed, "needs", block.number)
    original = _original(rng, bank, customers, policies, complaints)
    arms = need_arms(rng, original.raised, bank.effects)
    progress = _progress(rng, bank, original, arms[0])
    again = _recurring(rng, original, progress)
    again_arms = need_arms(rng, again.raised, bank.effects)
    again_progress = _progress(rng, bank, again, again_arms[0])
    raised = np.concatenate([original.raised, again.raised])
    order = np.argsort(raised, kind="stable")
    needs = Needs(
        **{n: np.concatenate([getattr(original, n), getattr(again, n)])[order] for n in Needs.__dataclass_fields__}
    )
    steps = Progress(
        **{
            n: np.concatenate([getattr(progress, n), getattr(again_progress, n)])[order]
            for n in Progress.__dataclass_fields__
        }
    )
    one, three = (np.concatenate([a, b])[order] for a, b in zip(arms, again_arms, strict=True))
    return needs, steps, (one, three)


def _original(
    rng: np.random.Generator, bank: Bank, customers: Customers, policies: Policies, complaints: Complaints
) -> Needs:
    count = rng.poisson(A_CUSTOMER * np.minimum(customers.demand, 4))
    customer = np.repeat(np.arange(customers.size), count)
    day = pick_days(rng, len(customer), SERVICE_MONTHS, weekend=0.4, growth=0.25, not_before=customers.since[customer])
    source = weighted(rng, SOURCE_WEIGHTS, len(customer))
    raised = pick_moments(rng, day, np.isin(source, (SURVEY, APP, WECHAT, CHATBOT)))
    product = _product_on_hand(rng, policies, customers.size, customer, day)
    complaint = np.flatnonzero(chance(rng, FROM_COMPLAINT, complaints.size))
    heard = np.where(
        complaints.acknowledged[complaint] == NONE,
        complaints.received[complaint] + HOUR,
        complaints.acknowledged[complaint],
    )
    complaint, heard = complaint[heard < END], heard[heard < END]
    everyone = np.concatenate([customer, complaints.customer[complaint]])
    moment = np.concatenate([raised, heard])
    size = len(everyone)
    category = np.concatenate(
        [weighted(rng, CATEGORY_WEIGHTS, len(customer)), np.asarray(OF_COMPLAINT)[complaints.category[complaint]]]
    )
    products = np.concatenate([product, complaints.product[complaint]])
    seller = pick_seller(rng, bank.staff, customers.branch[everyone], moment // DAY, customers.rm[everyone])
    seller[len(customer) :] = complaints.staff[complaint]
    wealthy = customers.kind[everyone] == 0
    from_complaint = np.arange(size) >= len(customer)
    return Needs(
        customer=everyone,
        source=np.concatenate([source, np.full(len(complaint), COMPLAINT)]),
        category=category,
        product=products,
        product_category=np.where(products == NONE, NONE, bank.shelf.category[np.maximum(products, 0)]),
        branch=missing_where(customers.branch[everyone], chance(rng, FAULTS.missing_branch, size)),
        staff=missing_where(seller, chance(rng, 0.25, size) & ~from_complaint),
        complaint=np.concatenate([np.full(len(customer), NONE), complaint]),
        department=weighted_rows(rng, np.asarray(DEPARTMENT_WEIGHTS)[category]),
        urgency=1 + rng.binomial(4, np.where(from_complaint, 0.6, 0.45)),
        impact=1 + rng.binomial(4, 0.48, size),
        value=1 + rng.binomial(4, np.where(wealthy, 0.75, 0.45)),
        raised=moment,
    )


def _product_on_hand(rng: np.random.Generator, policies: Policies, customers: int, customer: Ints, day: Ints) -> Ints:
    """The product of the customer's latest policy by then (policies are in the order of issue), for most."""
    first = np.full(customers, NONE)
    first[policies.customer[::-1]] = np.arange(policies.size)[::-1]
    last = np.full(customers, NONE)
    last[policies.customer] = np.arange(policies.size)
    result = np.full(len(customer), NONE)
    for candidate in (first[customer], last[customer]):
        held = (candidate != NONE) & (policies.issued[np.maximum(candidate, 0)] <= day)
        result = np.where(held, policies.product[np.maximum(candidate, 0)], result)
    return missing_where(result, chance(rng, 0.12, len(customer)))


def _recurring(rng: np.random.Generator, needs: Needs, progress: Progress) -> Needs:
    """The same customer comes again with the same concern within 85 days of its resolution."""
    rows = np.flatnonzero((progress.resolved != NONE) & (progress.rejected == NONE) & chance(rng, RECURS, needs.size))
    day = progress.resolved[rows] // DAY + 2 + rng.integers(0, 83, len(rows))
    rows, day = rows[day <= LAST_DAY], day[day <= LAST_DAY]
    again = needs.take(rows)
    fields = {name: getattr(again, name) for name in Needs.__dataclass_fields__}
    return Needs(**{
        **fields, "raised": pick_moments(rng, day), "complaint": np.full(len(rows), NONE),
        "source": weighted(rng, SOURCE_WEIGHTS, len(rows)), "urgency": np.minimum(fields["urgency"] + 1, 5),
    })  # fmt: skip


def _progress(rng: np.random.Generator, bank: Bank, needs: Needs, e1_arm: Ints) -> Progress:
    size = needs.size
    treated = e1_arm == TREATMENT
    hours = (
        np.asarray(GRADE_HOURS)[needs.grade] * _pace(bank, needs) * np.where(treated, bank.effects.e1_speed_factor, 1.0)
    )
    stuck = chance(rng, STUCK * np.where(treated, bank.effects.e1_unresolved_factor, 1.0), size)
    total = lognormal_around(rng, hours, 0.7)
    around_the_clock = needs.grade == 0
    triaged, assigned, started, resolved = (
        _later(needs.raised, total * part * HOUR, around_the_clock) for part in NIGHT_SHIFT_PARTS
    )
    late = _later(resolved, lognormal_around(rng, np.full(size, 300.0), 0.6) * HOUR, around_the_clock)
    resolved = np.where(stuck, late, resolved)
    never = stuck & chance(rng, 0.35, size)
    rejected = chance(rng, REJECTED, size)
    rejected_at = np.where(
        rejected, _later(triaged, lognormal_around(rng, np.full(size, 4.0), 0.6) * HOUR, around_the_clock), NONE
    )
    resolved = missing_where(resolved, never | rejected)
    done = resolved != NONE
    reopens = done & chance(rng, 0.07 * np.sqrt(_pace(bank, needs)), size)
    base = np.where(done, resolved, needs.raised)
    reopened = np.where(reopens, base + (0.5 * DAY + rng.exponential(6 * DAY, size)).astype(np.int64), NONE)
    restarted = np.where(
        reopens, add_working_seconds(np.where(reopens, reopened, base), rng.integers(HOUR, 8 * HOUR, size)), NONE
    )
    second = np.where(reopens, restarted, base)
    resolved_again = np.where(
        reopens, add_working_seconds(second, lognormal_around(rng, hours * 0.7, 0.6) * HOUR), NONE
    )
    final = np.where(reopens, resolved_again, base)
    verifies = done & chance(rng, 0.78, size)
    verified = np.where(
        verifies, add_working_seconds(final, lognormal_around(rng, np.full(size, 22.0), 0.9) * HOUR), NONE
    )
    closes = (verifies & chance(rng, 0.85, size)) | (done & ~verifies & chance(rng, 0.3, size))
    settled = np.where(verifies, verified, final + 6 * DAY)
    closed = np.where(closes, add_working_seconds(settled, rng.integers(HOUR, 20 * HOUR, size)), NONE)
    waited = np.where(done, base - needs.raised, 0) / DAY
    satisfaction = 4.5 - 0.08 * np.minimum(waited, 25) - 0.9 * reopens + rng.standard_normal(size) * 0.75
    return Progress(
        triaged=_seen(triaged, ~chance(rng, 0.04, size) | rejected),
        assigned=_seen(assigned, ~rejected & ~chance(rng, 0.12, size)),
        started=_seen(started, ~rejected & ~(never & chance(rng, 0.4, size))),
        resolved=_seen(resolved, done & ~chance(rng, 0.015, size) | reopens),
        reopened=_seen(reopened, reopens),
        restarted=_seen(restarted, reopens),
        resolved_again=_seen(resolved_again, reopens),
        verified=_seen(verified, verifies),
        closed=_seen(closed, closes),
        rejected=_seen(rejected_at, rejected),
        satisfaction=missing_where(np.clip(np.rint(satisfaction), 1, 5).astype(np.int64), ~chance(rng, 0.93, size)),
    )


def _pace(bank: Bank, needs: Needs) -> Floats:
    slow = np.where(needs.branch == NONE, 1.0, bank.branches.slowness[np.maximum(needs.branch, 0)])
    hard = np.where(np.isin(needs.product_category, HARD_PRODUCTS), HARD_PRODUCT_PACE, 1.0)
    return np.asarray(slow * hard * np.asarray(DEPARTMENT_PACE)[needs.department], dtype=np.float64)


def _later(moments: Ints, seconds: Floats, around_the_clock: Bools) -> Ints:
    plain = moments + np.maximum(seconds, 60).astype(np.int64)
    return np.where(around_the_clock, plain, add_working_seconds(moments, np.maximum(seconds, 60)))


def _seen(moments: Ints, happens: Bools) -> Ints:
    return np.where(happens & (moments < END), moments, NONE)


def need_tables(
    bank: Bank,
    block: Block,
    needs: Needs,
    progress: Progress,
    *,
    offset: int,
    complaint_offset: int,
    contract: Contract,
) -> tuple[pa.Table, pa.Table]:
    """As raised; and as re-graded, for those that were looked at again."""
    rng = stream(bank.seed, "need versions", block.number)
    text = write_about(rng, [NEEDS[name] for name in CATEGORIES], needs.category)
    changes = chance(rng, 0.07, needs.size) & (progress.triaged != NONE)
    shift = rng.integers(-1, 2, needs.size)

    def version(rows: Ints, urgency: Ints, impact: Ints, updated_at: Ints) -> pa.Table:
        complaint = needs.complaint[rows]
        return arrow_table(contract.table("crm.needs"), offset, {
            "need_id": rows, "customer_id": needs.customer[rows] + block.first_customer, "source": needs.source[rows],
            "category": needs.category[rows], "product_id": needs.product[rows], "branch_id": needs.branch[rows],
            "staff_id": needs.staff[rows],
            "complaint_id": np.where(complaint == NONE, NONE, complaint + complaint_offset),
            "owner_department": needs.department[rows], "urgency": urgency, "impact": impact,
            "business_value": needs.value[rows], "raised_at": needs.raised[rows],
            "description": text.take(pa.array(rows)), "updated_at": updated_at,
        })  # fmt: skip

    rows = np.arange(needs.size)
    graded = np.flatnonzero(changes)
    urgency = np.clip(needs.urgency[graded] + shift[graded], 1, 5)
    impact = np.clip(needs.impact[graded] + np.where(shift[graded] == 0, 1, 0), 1, 5)
    graded_at = progress.triaged[graded] + 600
    return version(rows, needs.urgency, needs.impact, needs.raised), version(graded, urgency, impact, graded_at)


def need_events_table(
    bank: Bank,
    block: Block,
    customers: Customers,
    *,
    needs: Needs,
    progress: Progress,
    offset: int,
    need_offset: int,
    contract: Contract,
) -> pa.Table:
    """Every step of every need, in order of time."""
    rng = stream(bank.seed, "need events", block.number)
    moments = np.stack([getattr(progress, name) for name, _ in STEPS])
    step, need = np.nonzero(moments != NONE)
    moment = moments[step, need]
    order = np.lexsort((step, need, moment))
    step, need, moment = step[order], need[order], moment[order]
    event = np.asarray([event for _, event in STEPS])[step]
    size = len(event)
    desk = np.isin(event, (TRIAGED, VERIFIED)) & chance(rng, 0.6, size)
    department = np.where(desk, DEPARTMENTS.index("customer_service"), needs.department[need])
    customer = needs.customer[need]
    person = pick_seller(rng, bank.staff, customers.branch[customer], moment // DAY, needs.staff[need])
    return arrow_table(contract.table("crm.need_events"), offset, {
        "event_id": np.arange(size), "need_id": need + need_offset, "event": event, "occurred_at": moment,
        "department": missing_where(department, chance(rng, 0.05, size)),
        "staff_id": missing_where(person, chance(rng, 0.4, size)),
        "satisfaction_score": np.where(event == VERIFIED, progress.satisfaction[need], NONE),
        "note": write_about(rng, [EVENT_NOTES], np.zeros(size, dtype=np.int64), chance(rng, 0.12, size)),
    })  # fmt: skip
