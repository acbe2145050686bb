"""Stages and warnings of one customer at one midnight, read off the definitions in plain Python, a day at a time.

Nothing of the models' way is used: no spells, no changes, no thresholds from seeds. The facts are those that the
warehouse knows at as_of.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

DAY = timedelta(days=1)
GAP_RULES = {
    "child_education": {"education", "endowment"},
    "health": {"critical_illness", "medical"},
    "family_protection": {"term_life", "whole_life"},
    "retirement": {"annuity", "pension"},
    "business_property": {"property"},
    "wealth": {"whole_life", "participating"},
}


@dataclass(frozen=True)
class Policy:
    """A policy with the midnights of its days; `ended` is None while it is in force."""

    category: str
    issued: datetime
    effective: datetime
    ended: datetime | None
    instalments: tuple[tuple[datetime, datetime | None], ...]

    def in_force(self, t: datetime) -> bool:
        return self.effective < t and (self.ended is None or self.ended >= t)


@dataclass
class Customer:
    """What is known of a customer; lists of moments are sorted."""

    customer_id: str
    since: datetime
    versions: list[dict[str, Any]] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    complaints: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    signs: list[datetime] = field(default_factory=list)
    card_uses: list[datetime] = field(default_factory=list)
    enquiries: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def stage(self, t: datetime) -> str | None:
        """The stage at midnight t, None before the customer is one."""
        if self.since >= t:
            return None
        known = [p for p in self.policies if p.effective < t]
        held = [p for p in known if p.in_force(t)]
        if not known:
            return "prospect"
        if not held:
            return "lapsed"
        if self._overdue(held, t) or self._complaining(t) or not within(self.signs, t - 180 * DAY, t):
            return "at_risk"
        if all(t - 15 * DAY <= p.issued < t for p in known):
            return "free_look"
        if self._covered_again(known, t):
            return "won_back"
        if min(p.issued for p in known) >= t - 365 * DAY:
            return "new"
        if len({p.category for p in held}) >= 2 or any(t - 365 * DAY <= p.issued < t for p in known):
            return "growing"
        return "mature"

    def warnings(self, t: datetime) -> Iterator[tuple[str, str | None]]:
        """Kind and product category of each warning that holds at midnight t."""
        if self.since >= t:
            return
        if self.stage(t) == "at_risk":
            yield "churn", None
        if self.card_uses and self.card_uses[0] < t and not within(self.card_uses, t - 180 * DAY, t):
            yield "dormant_card", None
        if self._tier(t) in {"hnw", "growth"} and len(list(self.gaps(t))) >= 2:
            yield "gap_high_value", None
        for category, moments in self.enquiries.items():
            recent = moments[bisect_left(moments, t - 30 * DAY) : bisect_left(moments, t)]
            if len(recent) >= 3:
                first_day = midnight(recent[0].date())
                if not any(p.category == category and first_day <= p.issued < t for p in self.policies):
                    yield "hot_enquiry", category

    def gaps(self, t: datetime) -> Iterator[str]:
        """The coverage rules by which cover is missing at midnight t."""
        held = {p.category for p in self.policies if p.in_force(t)}
        for rule, categories in GAP_RULES.items():
            if not held & categories and self._needs(rule, t):
                yield rule

    def _needs(self, rule: str, t: datetime) -> bool:
        v, today = self._version(t), (t - DAY).date()
        age = None if v["birth_date"] is None else completed_years(v["birth_date"], today)
        earns = (v["annual_income"] or 0) > 0
        child = v["youngest_child_birth_date"]
        needs: dict[str, bool] = {
            "child_education": child is not None and child <= today and completed_years(child, today) < 18,
            "health": age is not None and 25 <= age <= 60 and earns,
            "family_protection": earns and ((v["children_count"] or 0) >= 1 or v["marital_status"] == "married"),
            "retirement": age is not None and age >= 45,
            "business_property": v["occupation"] == "business_owner",
            "wealth": self._tier(t) == "hnw",
        }
        return needs[rule]

    def _tier(self, t: datetime) -> str:
        v = self._version(t)
        aum, income = v["aum"] or 0, v["annual_income"] or 0
        return "hnw" if aum >= 6_000_000 else "growth" if aum >= 500_000 or income >= 300_000 else "basic"

    def _version(self, t: datetime) -> dict[str, Any]:
        return next(v for v in self.versions if v["valid_from"] < t <= v["valid_to"])

    def _complaining(self, t: datetime) -> bool:
        return any(
            received < t - 15 * DAY and (resolved is None or resolved >= t) for received, resolved in self.complaints
        )

    @staticmethod
    def _overdue(held: Iterable[Policy], t: datetime) -> bool:
        return any(
            due <= t - 30 * DAY and (paid is None or paid >= t) for policy in held for due, paid in policy.instalments
        )

    @staticmethod
    def _covered_again(known: list[Policy], t: datetime) -> bool:
        """Whether a policy of the last 365 days took effect after 90 days or more without cover that followed cover."""
        for policy in known:
            start = policy.effective
            if t - 365 * DAY <= start < t and policy.in_force(start + DAY):
                covered = [p for p in known if p.effective < start and p.in_force(p.effective + DAY)]
                if covered and all(p.ended is not None and p.ended <= start - 90 * DAY for p in covered):
                    return True
        return False


def within(moments: list[datetime], start: datetime, end: datetime) -> bool:
    """Whether any of the sorted moments lies in [start, end)."""
    place = bisect_left(moments, start)
    return place < len(moments) and moments[place] < end


def completed_years(born: date, today: date) -> int:
    """Birthdays since; who was born on 29 February has it on 1 March of a common year."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def midnight(day: date) -> datetime:
    """The instant with which a day begins."""
    return datetime(day.year, day.month, day.day)


def customers(connection: duckdb.DuckDBPyConnection) -> list[Customer]:
    """All customers with their facts, from the warehouse's tables of single entities."""
    found = {
        i: Customer(i, midnight(since))
        for i, since in connection.execute(
            "select customer_id, customer_since from intermediate.int_customers where customer_since is not null"
        ).fetchall()
    }
    versions = connection.execute(
        "select customer_id, valid_from, valid_to, birth_date, marital_status, children_count, occupation, aum, "
        "youngest_child_birth_date, annual_income from intermediate.int_customer_versions"
    )
    names = [column[0] for column in versions.description or ()]
    for row in versions.fetchall():
        if row[0] in found:
            found[row[0]].versions.append(dict(zip(names, row, strict=True)))
    _add_policies(connection, found)
    for i, received, resolved in connection.execute(
        "select customer_id, received_at, resolved_at from intermediate.int_complaints"
    ).fetchall():
        if i in found:
            found[i].complaints.append((received, resolved))
    for i, kind, category, at in connection.execute(_MOMENTS).fetchall():
        if i not in found:
            continue
        if kind == "enquiry":
            found[i].enquiries[category].append(at)
        else:
            (found[i].signs if kind == "sign" else found[i].card_uses).append(at)
    return list(found.values())


_MOMENTS = """
select * from (
    select customer_id, 'sign' as what, null as category, occurred_at as moment
    from intermediate.int_transactions where initiated_by = 'customer'
    union all
    select customer_id, 'card', null, occurred_at
    from intermediate.int_transactions where initiated_by = 'customer' and account_type = 'card'
    union all
    select customer_id, 'sign', null, opened_at from intermediate.int_interactions where purpose <> 'marketing'
    union all
    select customer_id, 'sign', null, created_at from intermediate.int_opportunities
    union all
    select customer_id, 'sign', null, paid_on::timestamp
    from intermediate.int_premiums join intermediate.int_policies using (policy_id) where paid_on is not null
    union all
    select customer_id, 'enquiry', product_category, opened_at
    from intermediate.int_interactions where purpose = 'enquiry' and product_category is not null
) order by moment
"""


def _add_policies(connection: duckdb.DuckDBPyConnection, found: dict[str, Customer]) -> None:
    instalments: defaultdict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for policy_id, due_on, paid_on in connection.execute(
        "select policy_id, due_on, paid_on from intermediate.int_premiums"
    ).fetchall():
        instalments[policy_id].append((midnight(due_on), midnight(paid_on) if paid_on else None))
    for policy_id, i, category, issued_on, effective_on, status, status_on in connection.execute(
        "select policy_id, customer_id, coalesce(product_category, 'unknown'), issued_on, effective_on, status, "
        "status_on from intermediate.int_policies left join intermediate.int_products using (product_id) "
        "where effective_on is not null"
    ).fetchall():
        if i in found:
            ended = midnight(status_on) if status != "in_force" else None
            policy = Policy(category, midnight(issued_on), midnight(effective_on), ended, tuple(instalments[policy_id]))
            found[i].policies.append(policy)
