"""The needs metrics computed one need at a time in plain Python, as the definitions read: the check on the SQL.

Slow and simple on purpose. It shares nothing with the models: no SQL, no intervals, no grouping sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from chinese_calendar import is_workday

Row = dict[str, Any]
Key = tuple[str, str, str, str]
"""Metric, period, grouping, group."""

DAY = timedelta(days=1)
GRADES = (("P1", 64, 24), ("P2", 27, 72), ("P3", 8, 168), ("P4", 0, 360))
NEED_GROUPS = ("category", "owner_department", "source", "grade", "branch", "region", "product_category")
CUSTOMER_GROUPS = ("segment", "value_tier")
AGES = (("0_7", 0, 7), ("8_15", 7, 15), ("16_30", 15, 30), ("31_60", 30, 60), ("61_plus", 60, 100_000))


@dataclass(frozen=True)
class Number:
    """What is published of one metric, period and group."""

    numerator: float | None
    denominator: float | None
    value: float | None
    n: int


@dataclass
class Bank:
    """Rows as delivered: every version of the tables that have versions, every event of the others."""

    needs: list[Row]
    need_events: list[Row]
    customers: list[Row]
    branches: list[Row]
    products: list[Row]
    policies: list[Row]
    staff: list[Row]
    surveys: list[Row]
    interactions: list[Row]


@dataclass(frozen=True)
class Quarter:
    """[qs, qe), seen up to c."""

    name: str
    qs: datetime
    c: datetime


class NeedsOracle:
    """All section-1 numbers of a bank at an as_of."""

    def __init__(self, bank: Bank, as_of: date) -> None:
        self.bank = bank
        self.end = datetime.combine(as_of, datetime.min.time()) + DAY
        self.branches = self.known(bank.branches, "branch_id")
        self.products = self.known(bank.products, "product_id")
        self.policies = self.known(bank.policies, "policy_id")
        self.staff = self.known(bank.staff, "staff_id")
        self.needs = {i: n for i, n in self.known(bank.needs, "need_id").items() if n["raised_at"] < self.end}
        for need in self.needs.values():
            self.describe(need)
        self.quarters = list(self.shown_quarters())

    # What is known at as_of

    def known(self, versions: list[Row], key: str) -> dict[str, Row]:
        """Each row by its last version before the end of as_of, else its first; raised_at by the last of all."""
        history: dict[str, list[Row]] = defaultdict(list)
        for version in versions:
            history[version[key]].append(version)
        found = {}
        for identity, rows in history.items():
            rows.sort(key=lambda r: r["updated_at"])
            then = next((r for r in reversed(rows) if r["updated_at"] < self.end), rows[0])
            if not then.get("deleted"):
                found[identity] = {**then, "first": rows[0], "versions": rows}
                if "raised_at" in then:
                    found[identity]["raised_at"] = rows[-1]["raised_at"]
        return found

    def events_of(self, rows: list[Row], key: str, at: str) -> list[Row]:
        """Events before the end of as_of that no void row takes back."""
        void = {r[key] for r in rows if r.get("void")}
        return [r for r in rows if r[key] not in void and r[at] < self.end]

    def describe(self, need: Row) -> None:
        """Adds groups, due date, events in order and first resolution to a need."""
        first = need["first"]
        score = first["urgency"] * first["impact"] * first["business_value"]
        need["grade"], _, hours = next(g for g in GRADES if score >= g[1])
        need["due_at"] = need["raised_at"] + timedelta(hours=hours)
        branch = self.branches.get(need["branch_id"], {})
        need["branch"], need["region"] = branch.get("branch_id", "unknown"), branch.get("region", "unknown")
        need["product_category"] = self.products.get(need["product_id"], {}).get("category", "unknown")
        mine = self.events_of(self.bank.need_events, "event_id", "occurred_at")
        need["events"] = sorted(
            (e for e in mine if e["need_id"] == need["need_id"]), key=lambda e: (e["occurred_at"], e["event_id"])
        )
        need["resolution"] = next(
            (i for i, e in enumerate(need["events"]) if e["event"] in {"resolved", "closed", "verified"}), None
        )
        need["resolved_at"] = None if need["resolution"] is None else need["events"][need["resolution"]]["occurred_at"]

    def shown_quarters(self) -> Iterator[Quarter]:
        times = [n["raised_at"] for n in self.needs.values()]
        times += [i["opened_at"] for i in self.events_of(self.bank.interactions, "interaction_id", "opened_at")]
        times += [datetime.combine(p["issued_on"], datetime.min.time()) for p in self.policies.values()]
        last = self.end - DAY
        index = max(quarter_index(min(times)), quarter_index(last) - 15)
        while index <= quarter_index(last):
            qs, qe = quarter_start(index), quarter_start(index + 1)
            yield Quarter(f"{index // 4}Q{index % 4 + 1}", qs, min(qe, self.end))
            index += 1

    # State at a time

    def state(self, need: Row, t: datetime) -> str:
        before = [e["event"] for e in need["events"] if e["occurred_at"] < t]
        return before[-1] if before else "none"

    def is_valid(self, need: Row, t: datetime) -> bool:
        return need["raised_at"] < t and self.state(need, t) != "rejected"

    def is_open(self, need: Row, t: datetime) -> bool:
        return self.is_valid(need, t) and self.state(need, t) not in {"resolved", "verified", "closed"}

    def is_settled(self, need: Row, t: datetime) -> bool:
        return self.state(need, t) in {"resolved", "verified", "closed"}

    def is_closed_loop(self, need: Row, t: datetime) -> bool:
        before = [e["event"] for e in need["events"] if e["occurred_at"] < t]
        verified = [i for i, e in enumerate(before) if e == "verified"]
        undone = [i for i, e in enumerate(before) if e in {"resolved", "reopened"}]
        return (
            self.state(need, t) in {"verified", "closed"} and bool(verified) and max(verified) > max(undone, default=-1)
        )

    def follows(self, need: Row, event: str, *, from_resolution: bool) -> bool:
        """Whether the event comes in the 30 days after the first resolution; from it on, or later in order."""
        first = need["resolution"] + (0 if from_resolution else 1)
        return any(
            e["event"] == event and e["occurred_at"] <= need["resolved_at"] + 30 * DAY for e in need["events"][first:]
        )

    def recurs(self, need: Row, c: datetime) -> bool:
        return any(
            other["need_id"] != need["need_id"]
            and other["customer_id"] == need["customer_id"]
            and other["category"] == need["category"]
            and other["resolved_at"] is not None
            and need["raised_at"] - 90 * DAY <= other["resolved_at"] <= need["raised_at"]
            and self.is_valid(other, c)
            for other in self.needs.values()
        )

    def customer_groups(self, customer_id: str, c: datetime) -> Row:
        """Segment and tier by the version valid at c, the first one where none is that old."""
        versions = sorted(
            (v for v in self.bank.customers if v["customer_id"] == customer_id), key=lambda v: v["updated_at"]
        )
        if not versions or customer_id not in self.known(self.bank.customers, "customer_id"):
            return {"segment": "unknown", "value_tier": "unknown"}
        row = next((v for v in reversed(versions) if v["updated_at"] < c), versions[0])
        tier = "hnw" if row["aum"] >= 6_000_000 else "growth" if row["aum"] >= 500_000 else "basic"
        segment = "hnw" if tier == "hnw" else "sme_owner" if row["occupation"] == "business_owner" else "other"
        return {"segment": segment, "value_tier": tier}

    # Numbers

    def numbers(self) -> dict[Key, Number]:
        """Every published number."""
        found: dict[Key, Number] = {}
        for quarter in self.quarters:
            self.add_needs(found, quarter)
            self.add_surveys(found, quarter)
            self.add_contacts(found, quarter)
        return found

    def add_needs(self, found: dict[Key, Number], quarter: Quarter) -> None:
        qs, c = quarter.qs, quarter.c

        def within(t: datetime | None) -> bool:
            return t is not None and qs <= t < c

        rows = [{**n, **self.customer_groups(n["customer_id"], c)} for n in self.needs.values()]
        valid = [n for n in rows if self.is_valid(n, c)]
        raised = [n for n in valid if within(n["raised_at"])]
        resolved = [n for n in valid if within(n["resolved_at"])]
        due = [n for n in valid if within(n["due_at"])]
        watched = [n for n in valid if n["resolved_at"] is not None and within(n["resolved_at"] + 30 * DAY)]
        backlog = [n for n in valid if self.is_open(n, c)]
        scores = [
            {**n, "number": e["satisfaction_score"]}
            for n in valid
            for e in n["events"]
            if e["event"] == "verified" and within(e["occurred_at"]) and e["satisfaction_score"] is not None
        ]
        over, over_in_business = [], []
        for n in valid:
            since, until = max(qs, n["due_at"]), min(n["resolved_at"] or c, c)
            if since < until:
                over.append({**n, "number": elapsed_hours(since, until)})
                over_in_business.append({**n, "number": business_hours(since, until)})

        groups = (*NEED_GROUPS, *CUSTOMER_GROUPS)
        counts = {
            "needs_raised": [n for n in rows if within(n["raised_at"])],
            "needs_valid_raised": raised,
            "needs_resolved": resolved,
            "opening_backlog": [n for n in rows if self.is_open(n, qs)],
            "closing_backlog": backlog,
        }
        for band, low, high in AGES:
            counts[f"backlog_age_{band}"] = [n for n in backlog if low * DAY < c - n["raised_at"] <= high * DAY]
        for metric, counted in counts.items():
            put(found, metric, quarter, groups, counted, lambda g: Number(len(g), None, len(g), len(g)))

        put(found, "excess_need_hours", quarter, groups, over, total)
        put(found, "excess_need_hours_business", quarter, groups, over_in_business, total)
        rate(found, "resolution_rate", quarter, groups, raised, lambda n: self.is_settled(n, c))
        rate(found, "closed_loop_rate", quarter, groups, raised, lambda n: self.is_closed_loop(n, c))
        rate(found, "recurrence_rate", quarter, groups, raised, lambda n: self.recurs(n, c))
        rate(found, "sla_compliance", quarter, groups, due, in_time)
        rate(
            found, "reopen_rate", quarter, groups, watched, lambda n: self.follows(n, "reopened", from_resolution=False)
        )
        rate(
            found, "verification_rate", quarter, groups, watched,
            lambda n: self.follows(n, "verified", from_resolution=True),
        )  # fmt: skip
        put(found, "verified_satisfaction", quarter, groups, scores, mean)
        for metric, share in (("time_to_resolution_p50", 0.5), ("time_to_resolution_p90", 0.9)):
            for clock, name in ((elapsed_hours, metric), (business_hours, f"{metric}_business")):
                timed = [{**n, "number": clock(n["raised_at"], n["resolved_at"])} for n in resolved]
                put(found, name, quarter, groups, timed, partial(quantile, share=share))

    def add_surveys(self, found: dict[Key, Number], quarter: Quarter) -> None:
        answers = []
        for survey in self.events_of(self.bank.surveys, "response_id", "responded_at"):
            if not quarter.qs <= survey["responded_at"] < quarter.c:
                continue
            groups = dict.fromkeys(NEED_GROUPS, "unknown")
            branch_id = None
            if survey["need_id"] is not None:
                groups.update({g: v for g, v in self.needs.get(survey["need_id"], {}).items() if g in NEED_GROUPS})
            elif survey["policy_id"] is not None:
                policy = self.policies.get(survey["policy_id"], {})
                branch_id = policy.get("branch_id")
                groups["product_category"] = self.products.get(str(policy.get("product_id")), {}).get(
                    "category", "unknown"
                )
            else:
                branch_id = self.staff.get(survey["staff_id"], {}).get("branch_id")
            if branch_id in self.branches:
                groups.update(branch=branch_id, region=self.branches[branch_id]["region"])
            groups.update(self.customer_groups(survey["customer_id"], quarter.c))
            answers.append({**survey, **groups, "number": survey["score"]})

        groups_of_all = (*NEED_GROUPS, *CUSTOMER_GROUPS)
        of = {i: [a for a in answers if a["instrument"] == i] for i in ("csat", "nps", "ces")}
        rate(found, "csat_top2", quarter, groups_of_all, of["csat"], lambda a: a["score"] >= 4)
        put(found, "nps", quarter, groups_of_all, of["nps"], promoters_less_detractors)
        put(found, "ces_mean", quarter, groups_of_all, of["ces"], mean)

    def add_contacts(self, found: dict[Key, Number], quarter: Quarter) -> None:
        contacts = [
            i
            for i in self.events_of(self.bank.interactions, "interaction_id", "opened_at")
            if i["purpose"] != "marketing"
        ]
        watched = []
        for contact in contacts:
            if not quarter.qs <= contact["opened_at"] + 7 * DAY < quarter.c:
                continue
            place = (contact["opened_at"], contact["interaction_id"])
            later = sorted(
                (
                    o
                    for o in contacts
                    if (o["customer_id"], o["purpose"]) == (contact["customer_id"], contact["purpose"])
                    and (o["opened_at"], o["interaction_id"]) > place
                ),
                key=lambda o: (o["opened_at"], o["interaction_id"]),
            )
            following = later[0] if later and later[0]["opened_at"] <= contact["opened_at"] + 7 * DAY else None
            watched.append({**contact, "next": following})
        groups = ("channel", "purpose")
        rate(
            found, "first_contact_resolution", quarter, groups, watched,
            lambda i: i["resolved_on_contact"] is True and i["next"] is None,
        )  # fmt: skip
        rate(found, "repeat_contact_rate", quarter, groups, watched, lambda i: i["next"] is not None)
        rate(
            found, "channel_switch_rate", quarter, groups, watched,
            lambda i: i["next"] is not None and i["next"]["channel"] != i["channel"],
        )  # fmt: skip


def quarter_index(t: datetime) -> int:
    return t.year * 4 + (t.month - 1) // 3


def quarter_start(index: int) -> datetime:
    return datetime(index // 4, index % 4 * 3 + 1, 1)


def in_time(need: Row) -> bool:
    return need["resolved_at"] is not None and need["resolved_at"] <= need["due_at"]


def total(rows: list[Row]) -> Number:
    added = sum(r["number"] for r in rows)
    return Number(added, None, added, len(rows))


def mean(rows: list[Row]) -> Number:
    added = sum(r["number"] for r in rows)
    return Number(added, len(rows), added / len(rows) if rows else None, len(rows))


def promoters_less_detractors(rows: list[Row]) -> Number:
    balance = sum((r["score"] >= 9) - (r["score"] <= 6) for r in rows)
    return Number(balance, len(rows), 100 * balance / len(rows) if rows else None, len(rows))


def elapsed_hours(since: datetime, until: datetime) -> float:
    return (until - since) / timedelta(hours=1)


def business_hours(since: datetime, until: datetime) -> float:
    """9 to 18 of each working day between, one day after the other; negative when it ends before it starts."""
    if until < since:
        return -business_hours(until, since)
    spent, day = timedelta(0), since.date()
    while day <= until.date():
        opens, closes = datetime.combine(day, time(9)), datetime.combine(day, time(18))
        if is_workday(day):
            spent += max(timedelta(0), min(closes, until) - max(opens, since))
        day += timedelta(days=1)
    return spent / timedelta(hours=1)


def quantile(rows: list[Row], share: float) -> Number:
    hours = sorted(r["number"] for r in rows)
    if not hours:
        return Number(None, 0, None, 0)
    position = share * (len(hours) - 1)
    low = int(position)
    high = min(low + 1, len(hours) - 1)
    value = hours[low] + (position - low) * (hours[high] - hours[low])
    return Number(None, len(hours), value, len(hours))


def rate(
    found: dict[Key, Number],
    metric: str,
    quarter: Quarter,
    groups: Iterable[str],
    rows: list[Row],
    counts: Callable[[Row], bool],
) -> None:
    """The share of the rows that count, for all and each group."""

    def share(group: list[Row]) -> Number:
        hits = sum(1 for r in group if counts(r))
        return Number(hits, len(group), hits / len(group) if group else None, len(group))

    put(found, metric, quarter, groups, rows, share)


def put(
    found: dict[Key, Number],
    metric: str,
    quarter: Quarter,
    groups: Iterable[str],
    rows: list[Row],
    number: Callable[[list[Row]], Number],
) -> None:
    """The number of all rows, and that of each group which has any."""
    found[metric, quarter.name, "all", "all"] = number(rows)
    for group in groups:
        for value in {r[group] for r in rows}:
            found[metric, quarter.name, group, value] = number([r for r in rows if r[group] == value])
