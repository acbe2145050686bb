"""Opportunities, the policies they lead to, and policies sold without one."""

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
    OFFICE_HOURS,
    SALES_MONTHS,
    add_months,
    add_working_seconds,
    pick_days,
    pick_moments,
    pick_seconds,
)
from seeds.sample.columns import DAY, HOUR, NONE, arrow_table, cents, missing_where
from seeds.sample.customers import FAMILY, OTHER, OWNER, SENIOR, WEALTHY, YOUNG, Customers, age_at
from seeds.sample.effects import FAULTS
from seeds.sample.organisation import FAR_AWAY, pick_seller
from seeds.sample.randomness import Bools, Floats, Ints, chance, lognormal_around, stream, weighted, weighted_rows
from seeds.sample.shelf import (
    CATEGORY,
    CLAUSE_CATEGORIES,
    COVERAGE_YEARS,
    PREMIUM_YUAN,
    SHORT_TERM,
    SUM_ASSURED_FACTOR,
    pick_products,
)
from seeds.sample.size import Block

# whole term annu pens endow educ ci med acc part univ ul prop
TASTE = {
    WEALTHY: (6, 0.5, 3, 1.5, 0.5, 1, 1.5, 2, 0.7, 4, 1.5, 3, 0.3),
    OWNER: (2, 2, 1.5, 1, 0.7, 1.5, 2, 2.5, 1.5, 2, 1, 1.5, 4),
    SENIOR: (2, 0.1, 3, 3, 3, 0.1, 0.4, 1.5, 1.5, 3.5, 2.5, 0.8, 0.1),
    FAMILY: (1.5, 2, 1, 1, 1.5, 3.5, 4, 3.5, 2, 1.8, 0.8, 0.8, 0.2),
    YOUNG: (0.5, 3, 0.5, 0.5, 0.7, 0.2, 3, 4, 4, 0.8, 0.7, 1.2, 0.1),
    OTHER: (1, 1, 1, 1, 1.5, 1, 2, 2.5, 2.5, 1.5, 1, 0.6, 0.2),
}
WEALTH_FACTOR = (9.0, 2.0, 1.1, 1.0, 0.6, 0.6)
INSURED_AT_ONCE = 0.80
"""Share of customers with a policy that no earlier one led to."""
SINGLE, MONTHLY, QUARTERLY, ANNUAL = range(4)
MODE_MONTHS = np.array([0, 1, 3, 12])
IN_FORCE, LAPSED, SURRENDERED, FREE_LOOK, MATURED, TERMINATED = range(6)
OPEN, WON, LOST = range(3)
SALES_CHANNELS = (55, 20, 10, 5, 5, 5)
"""Weights of the contract's sales channels: branch, app, wechat, web, call_centre, phone."""
BRANCH_CHANNEL = 0
LAPSE_A_YEAR = 0.085
SURRENDER_A_YEAR = (0.02, 0.005, 0.03, 0.02, 0.035, 0.02, 0.012, 0.0, 0.0, 0.06, 0.06, 0.09, 0.0)
OPPORTUNITIES_A_CUSTOMER = 2.35


@dataclass(frozen=True)
class Policies:
    """One row per policy of the block, in the order of issue; money in fen."""

    customer: Ints
    product: Ints
    category: Ints
    staff: Ints
    branch: Ints
    channel: Ints
    applied: Ints
    issued: Ints
    effective: Ints
    mode: Ints
    payment_years: Ints
    coverage_years: Ints
    premium: Ints
    sum_assured: Ints
    status: Ints
    status_on: Ints
    unpaid_from: Ints
    """First due day that is not paid any more, FAR_AWAY where all are."""
    double_recorded: Ints
    mismatched: Bools
    """Sold above the customer's risk level."""

    @property
    def size(self) -> int:
        """Policies in the block."""
        return len(self.customer)

    @property
    def ends_on(self) -> Ints:
        """The day the status took effect, FAR_AWAY while in force."""
        return np.where(self.status == IN_FORCE, FAR_AWAY, self.status_on)


@dataclass(frozen=True)
class Opportunities:
    """One row an opportunity; steps are NONE where not reached, `policy` is a row of the block's policies."""

    customer: Ints
    staff: Ints
    category: Ints
    created: Ints
    contacted: Ints
    confirmed: Ints
    proposed: Ints
    callback: Ints
    closed: Ints
    stage: Ints
    policy: Ints
    expected: Ints


@dataclass(frozen=True)
class _Sale:
    """What a sale determines before the policy's outcome is drawn."""

    customer: Ints
    category: Ints
    staff: Ints
    issued: Ints
    channel: Ints
    opportunity: Ints


def make_sales(bank: Bank, block: Block, customers: Customers) -> tuple[Policies, Opportunities]:
    """First sales by season; then opportunities, whose second sales depend on the seller's training."""
    rng = stream(bank.seed, "sales", block.number)
    first = _first_sales(rng, bank, customers)
    insured_from = np.full(customers.size, FAR_AWAY)
    np.minimum.at(insured_from, first.customer, first.issued + 1)
    chances = _chances(rng, bank, customers, insured_from)
    won = np.flatnonzero(chances.stage == WON)
    second = _Sale(
        customer=chances.customer[won],
        category=chances.category[won],
        staff=chances.staff[won],
        issued=chances.closed[won] // DAY,
        channel=np.where(chance(rng, 0.85, len(won)), BRANCH_CHANNEL, 2),
        opportunity=won,
    )
    led = _opportunities_before(rng, bank, first)
    opportunities = _joined(chances, led)
    first_links = np.full(len(first.customer), NONE)
    first_links[led.policy] = len(chances.customer) + np.arange(len(led.customer))
    sale = _Sale(
        customer=np.concatenate([first.customer, second.customer]),
        category=np.concatenate([first.category, second.category]),
        staff=np.concatenate([first.staff, second.staff]),
        issued=np.concatenate([first.issued, second.issued]),
        channel=np.concatenate([first.channel, second.channel]),
        opportunity=np.concatenate([first_links, second.opportunity]),
    )
    policies, order = _policies(rng, bank, customers, sale)
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    linked = np.flatnonzero(sale.opportunity != NONE)
    policy = np.full(len(opportunities.customer), NONE)
    policy[sale.opportunity[linked]] = position[linked]
    by_time = np.argsort(opportunities.created, kind="stable")
    fields = {name: getattr(opportunities, name)[by_time] for name in opportunities.__dataclass_fields__}
    return policies, Opportunities(**{**fields, "policy": policy[by_time]})


def _first_sales(rng: np.random.Generator, bank: Bank, customers: Customers) -> _Sale:
    insured = chance(rng, INSURED_AT_ONCE, customers.size)
    count = np.where(insured, 1 + rng.poisson(0.40, customers.size), 0)
    customer = np.repeat(np.arange(customers.size), count)
    size = len(customer)
    since = customers.since[customer]
    # New customers buy within months; existing customers buy by season.
    until = np.where(since >= FIRST_DAY, np.minimum(since + 200, LAST_DAY), LAST_DAY)
    issued = pick_days(rng, size, SALES_MONTHS, weekend=0.25, growth=0.2, not_before=since + 1, not_after=until)
    channel = weighted(rng, SALES_CHANNELS, size)
    seller = pick_seller(rng, bank.staff, customers.branch[customer], issued, customers.rm[customer])
    unserved = (channel != BRANCH_CHANNEL) & chance(rng, 0.25, size)
    return _Sale(
        customer=customer,
        category=_taste(rng, customers, customer),
        staff=missing_where(seller, unserved),
        issued=issued,
        channel=channel,
        opportunity=np.full(size, NONE),
    )


def _taste(rng: np.random.Generator, customers: Customers, customer: Ints) -> Ints:
    weights = np.asarray([TASTE[kind] for kind in range(len(TASTE))], dtype=np.float64)
    return weighted_rows(rng, weights[customers.kind[customer]])


def _chances(rng: np.random.Generator, bank: Bank, customers: Customers, insured_from: Ints) -> Opportunities:
    """Opportunities whose outcome is open at their creation."""
    count = rng.poisson(OPPORTUNITIES_A_CUSTOMER * np.minimum(customers.demand, 3))
    customer = np.repeat(np.arange(customers.size), count)
    size = len(customer)
    day = pick_days(rng, size, SALES_MONTHS, weekend=0.1, growth=0.15, not_before=customers.since[customer] + 1)
    created = pick_moments(rng, day)
    staff = pick_seller(rng, bank.staff, customers.branch[customer], day, customers.rm[customer])
    second = day > insured_from[customer]
    trained = bank.training.trained(staff, day)
    quality = bank.staff.quality[staff]
    win = np.where(second, 0.17 + bank.effects.training_second_sale_uplift * trained, 0.12) + 0.015 * quality
    won = chance(rng, np.clip(win, 0.02, 0.9), size)
    contacted, confirmed, proposed, closed = _steps(rng, bank, created, staff, trained)
    reached = np.where(won, 4, weighted(rng, (0.6, 2.2, 2.6, 3.6), size))
    closes = won | chance(rng, 0.93, size)
    closed = np.where(closes & (closed < END), closed, NONE)
    stage = np.where(closed == NONE, OPEN, np.where(won, WON, LOST))
    callback = _callbacks(rng, bank, closed, stage, trained)
    category = _taste(rng, customers, customer)
    return Opportunities(
        customer=customer,
        staff=staff,
        category=category,
        created=created,
        contacted=_until(contacted, reached >= 1),
        confirmed=_until(confirmed, reached >= 2),
        proposed=_until(proposed, reached >= 3),
        callback=callback,
        closed=closed,
        stage=stage,
        policy=np.full(size, NONE),
        expected=_expected_premium(rng, customers, customer, category),
    )


def _steps(
    rng: np.random.Generator, bank: Bank, created: Ints, staff: Ints, trained: Bools
) -> tuple[Ints, Ints, Ints, Ints]:
    """First contact, need confirmed, proposal and close, each after the one before."""
    pace = np.where(trained, bank.effects.training_step_factor, 1.0) * np.exp(-0.12 * bank.staff.quality[staff])
    pace = pace * np.sqrt(bank.branches.slowness[bank.staff.branch[staff]])
    moments, now = [], created
    for median_hours, spread in ((3.2, 1.0), (9.0, 0.9), (16.0, 0.8), (28.0, 0.8)):
        now = add_working_seconds(now, lognormal_around(rng, median_hours * pace, spread) * HOUR)
        moments.append(now)
    return moments[0], moments[1], moments[2], moments[3]


def _callbacks(rng: np.random.Generator, bank: Bank, closed: Ints, stage: Ints, trained: Bools) -> Ints:
    known = np.where(closed == NONE, 0, closed)
    pace = np.where(trained, bank.effects.training_step_factor, 1.0)
    later = add_working_seconds(np.maximum(known, FIRST_DAY * DAY), lognormal_around(rng, 24.0 * pace, 0.8) * HOUR)
    called = (stage == WON) & chance(rng, 0.86, len(closed)) & (later < END)
    return np.where(called, later, NONE)


def _until(moments: Ints, reached: Bools) -> Ints:
    return np.where(reached & (moments < END), moments, NONE)


def _expected_premium(rng: np.random.Generator, customers: Customers, customer: Ints, category: Ints) -> Ints:
    median = np.asarray(PREMIUM_YUAN)[category] * np.asarray(WEALTH_FACTOR)[customers.kind[customer]]
    return missing_where(cents(lognormal_around(rng, median, 0.5), 10), chance(rng, 0.05, len(customer)))


def _opportunities_before(rng: np.random.Generator, bank: Bank, first: _Sale) -> Opportunities:
    """Opportunities that led to a customer's first policy sold by a person; `policy` is the row of the sale."""
    order = np.lexsort((first.issued, first.customer))
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = first.customer[order][1:] != first.customer[order][:-1]
    earliest = order[starts]
    rows = np.sort(earliest[(first.staff[earliest] != NONE) & chance(rng, 0.6, len(earliest))])
    size = len(rows)
    closed = first.issued[rows] * DAY + pick_seconds(rng, size, OFFICE_HOURS)
    days = rng.integers(4, 24, size)
    created = closed - days * DAY + rng.integers(-3 * HOUR, 1, size)
    after = created >= FIRST_DAY * DAY
    rows, closed, created = rows[after], closed[after], created[after]
    # The steps divide the time between; the first contact comes within hours.
    span = closed - created
    contacted = created + np.minimum(lognormal_around(rng, np.full(len(rows), 9.0 * HOUR), 0.8), span * 0.3).astype(
        np.int64
    )
    confirmed = contacted + ((closed - contacted) * (0.15 + 0.2 * rng.random(len(rows)))).astype(np.int64)
    proposed = confirmed + ((closed - confirmed) * (0.2 + 0.4 * rng.random(len(rows)))).astype(np.int64)
    stage = np.full(len(rows), WON)
    trained = bank.training.trained(first.staff[rows], first.issued[rows])
    return Opportunities(
        customer=first.customer[rows],
        staff=first.staff[rows],
        category=first.category[rows],
        created=created,
        contacted=contacted,
        confirmed=confirmed,
        proposed=proposed,
        callback=_callbacks(rng, bank, closed, stage, trained),
        closed=closed,
        stage=stage,
        policy=rows,
        expected=np.full(len(rows), NONE),
    )


def _joined(one: Opportunities, other: Opportunities) -> Opportunities:
    return Opportunities(
        **{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in one.__dataclass_fields__}
    )


def _policies(rng: np.random.Generator, bank: Bank, customers: Customers, sale: _Sale) -> tuple[Policies, Ints]:
    """The policies in the order of issue, and that order as rows of `sale`."""
    order = np.lexsort((np.arange(len(sale.customer)), sale.issued))
    customer, category, staff = sale.customer[order], sale.category[order], sale.staff[order]
    issued, channel = sale.issued[order], sale.channel[order]
    size = len(order)
    product = pick_products(rng, bank.shelf, category, issued)
    short = np.isin(category, SHORT_TERM)
    mode = np.where(short, weighted(rng, (7, 3, 0, 0), size), weighted(rng, (10, 64, 10, 16), size))
    years = np.asarray([3, 5, 10, 15, 20])[weighted(rng, (2, 3, 4, 1.5, 1.5), size)]
    payment_years = np.where((mode == SINGLE) | short, 1, years)
    coverage = np.asarray(COVERAGE_YEARS)[category, rng.integers(0, 2, size)]
    median = np.asarray(PREMIUM_YUAN)[category] * np.asarray(WEALTH_FACTOR)[customers.kind[customer]]
    amount = lognormal_around(rng, median * np.where((mode == SINGLE) & ~short, 5, 1), 0.5)
    premium = cents(amount, 10) + 1_000
    effective = issued + 1
    fate = _fate(rng, bank, category=category, staff=staff, effective=effective, mode=mode, coverage=coverage)
    known = customers.risk[customer]
    required = short | (age_at(customers, customer, issued) >= 60) | (channel == BRANCH_CHANNEL)
    risky = np.isin(category, (CATEGORY["participating"], CATEGORY["universal"], CATEGORY["unit_linked"]))
    policies = Policies(
        customer=customer,
        product=product,
        category=category,
        staff=missing_where(staff, chance(rng, FAULTS.missing_seller, size)),
        branch=missing_where(customers.branch[customer], chance(rng, FAULTS.missing_branch, size)),
        channel=channel,
        applied=np.maximum(issued - rng.integers(0, 6, size), FIRST_DAY - 6),
        issued=issued,
        effective=effective,
        mode=mode,
        payment_years=payment_years,
        coverage_years=np.where(coverage == 0, NONE, coverage),
        premium=premium,
        sum_assured=premium * np.asarray(SUM_ASSURED_FACTOR)[category],
        status=fate[0],
        status_on=fate[1],
        unpaid_from=fate[2],
        double_recorded=chance(rng, np.where(required | risky, 0.94, 0.3), size).astype(np.int64),
        mismatched=(known != NONE) & (bank.shelf.risk[product] > known),
    )
    return policies, order


def _fate(
    rng: np.random.Generator,
    bank: Bank,
    *,
    category: Ints,
    staff: Ints,
    effective: Ints,
    mode: Ints,
    coverage: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Status, its day and the first due day that is not paid any more: whatever ends the policy first."""
    size = len(category)
    trained = bank.training.trained(staff, effective)
    clauses = np.isin(category, CLAUSE_CATEGORIES) & ~bank.training.knows_clauses(staff, effective)
    known = np.maximum(staff, 0)
    care = np.exp(-0.15 * np.where(staff == NONE, 0.0, bank.staff.quality[known]))
    slowness = np.where(staff == NONE, 1.0, bank.branches.slowness[bank.staff.branch[known]])
    lapse_rate = LAPSE_A_YEAR * care * slowness * np.where(trained, bank.effects.training_lapse_factor, 1.0)
    surrender_rate = (
        np.asarray(SURRENDER_A_YEAR)[category] * care * np.where(clauses, bank.effects.clause_surrender_factor, 1.0)
    )
    stops = effective + _years(rng, lapse_rate * np.where(mode == SINGLE, 0.0, 1.0), size)
    unpaid_from = _next_due(effective, stops, mode)
    lapse_on = np.where(unpaid_from < FAR_AWAY, unpaid_from + 61, FAR_AWAY)
    surrender_on = effective + 30 + _years(rng, surrender_rate, size)
    free_look_on = np.where(chance(rng, 0.025, size), effective + rng.integers(1, 14, size), FAR_AWAY)
    ended_on = effective + _years(rng, np.full(size, 0.003), size)
    matured_on = np.where(coverage == 0, FAR_AWAY, add_months(effective, np.where(coverage == 0, 1, coverage) * 12))
    ends = np.stack([np.full(size, LAST_DAY + 1), lapse_on, surrender_on, free_look_on, matured_on, ended_on])
    status = ends.argmin(axis=0)
    status_on = np.where(status == IN_FORCE, effective, ends.min(axis=0))
    return (
        status,
        status_on,
        np.where(status == LAPSED, unpaid_from, np.where(status == IN_FORCE, unpaid_from, FAR_AWAY)),
    )


def _years(rng: np.random.Generator, rate: Floats, size: int) -> Ints:
    """Exponential waiting times in days for yearly rates; three hundred years and more where the rate is 0."""
    years = rng.exponential(1.0, size) / np.maximum(rate, 1e-9)
    return np.asarray(np.minimum(years, 500.0) * 365.25, dtype=np.int64)


def _next_due(effective: Ints, stops: Ints, mode: Ints) -> Ints:
    """The first due day on or after the day on which the customer stops paying, at least the second instalment."""
    months = np.maximum(MODE_MONTHS[mode], 1)
    elapsed = np.clip((stops - effective) // 30, 0, 12 * 60)
    due = add_months(effective, np.maximum(-(-elapsed // months), 1) * months)
    return np.where((mode == SINGLE) | (stops > LAST_DAY + 400), FAR_AWAY, due)


def policy_tables(
    bank: Bank, block: Block, policies: Policies, offset: int, contract: Contract
) -> tuple[pa.Table, pa.Table]:
    """As issued, and as ended."""
    rng = stream(bank.seed, "policy versions", block.number)
    orphan = chance(rng, FAULTS.orphan_product, policies.size)
    product = np.where(orphan, 900_000_000 + policies.product, policies.product)

    def version(rows: Ints, status: Ints, status_on: Ints, updated_at: Ints) -> pa.Table:
        return arrow_table(contract.table("policy.policies"), offset, {
            "policy_id": rows, "customer_id": policies.customer[rows] + block.first_customer,
            "product_id": product[rows], "staff_id": policies.staff[rows], "branch_id": policies.branch[rows],
            "sales_channel": policies.channel[rows], "applied_on": policies.applied[rows],
            "issued_on": policies.issued[rows], "effective_on": policies.effective[rows],
            "payment_mode": policies.mode[rows], "payment_term_years": policies.payment_years[rows],
            "coverage_term_years": policies.coverage_years[rows], "annual_premium": policies.premium[rows],
            "sum_assured": policies.sum_assured[rows], "status": status, "status_on": status_on,
            "double_recorded": policies.double_recorded[rows], "updated_at": updated_at,
        })  # fmt: skip

    rows = np.arange(policies.size)
    evening = 17 * HOUR + rng.integers(0, 3 * HOUR, policies.size)
    first = version(rows, np.full(policies.size, IN_FORCE), policies.effective, policies.issued * DAY + evening)
    ended = np.flatnonzero(policies.status != IN_FORCE)
    ended = ended[np.argsort(policies.status_on[ended], kind="stable")]
    last = version(
        ended, policies.status[ended], policies.status_on[ended], policies.status_on[ended] * DAY + evening[ended]
    )
    return first, last


def opportunity_tables(
    deals: Opportunities, block: Block, *, offset: int, policy_offset: int, contract: Contract
) -> tuple[pa.Table, pa.Table]:
    """As created, and the later versions: with the steps so far, and closed."""
    table = contract.table("crm.opportunities")
    size = len(deals.customer)
    names = ("contacted", "confirmed", "proposed", "callback", "closed")
    columns = ("first_contact_at", "need_confirmed_at", "proposal_at", "callback_at", "closed_at")
    steps = np.stack([getattr(deals, name) for name in names])

    def version(rows: Ints, seen_at: Ints) -> pa.Table:
        seen = np.where(steps[:, rows] <= seen_at, steps[:, rows], NONE)
        closed = seen[4] != NONE
        policy = deals.policy[rows]
        return arrow_table(table, offset, {
            "opportunity_id": rows, "customer_id": deals.customer[rows] + block.first_customer,
            "staff_id": deals.staff[rows], "product_category": deals.category[rows], "created_at": deals.created[rows],
            **dict(zip(columns, seen, strict=True)), "stage": np.where(closed, deals.stage[rows], OPEN),
            "policy_id": np.where(closed & (policy != NONE), policy + policy_offset, NONE),
            "expected_premium": deals.expected[rows], "updated_at": seen_at,
        })  # fmt: skip

    all_rows = np.arange(size)
    confirmed = np.flatnonzero(deals.confirmed != NONE)
    # A closed deal with a callback appears in its last version only, as the source exports it.
    last_step = steps.max(axis=0)
    moved = np.flatnonzero((last_step != NONE) & ((last_step != deals.confirmed) | (deals.confirmed == NONE)))
    later = pa.concat_tables([version(confirmed, deals.confirmed[confirmed]), version(moved, last_step[moved])])
    return version(all_rows, deals.created), later.sort_by(
        [("updated_at", "ascending"), ("opportunity_id", "ascending")]
    )
