"""A random bank whose times lie on the boundaries of the rules more often than not.

Midnights and the seconds beside them, opening and closing time, whole days and SLA hours after another event, several
events in one second, versions and rows from after as_of, rows taken back, orphans.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.integration.transformation.needs_oracle import Bank

Row = dict[str, Any]

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHTS = [
    datetime.fromisoformat(day) for day in ("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-08-16")
]
STEPS = [0 * DAY, 0 * DAY, SECOND, HOUR, DAY, 3 * DAY, 7 * DAY, 15 * DAY, 30 * DAY, 60 * DAY, 90 * DAY]
JITTER = [0 * SECOND, 0 * SECOND, SECOND, -SECOND]
OF_THE_DAY = [0 * HOUR, 0 * HOUR, 0 * HOUR, 9 * HOUR, 13 * HOUR, 18 * HOUR]
EVENTS = [
    "triaged",
    "assigned",
    "started",
    "resolved",
    "resolved",
    "verified",
    "verified",
    "reopened",
    "closed",
    "rejected",
]
CATEGORIES = ["pricing", "suitability", "other"]


def boundary_bank(seed: int, size: int = 200) -> Bank:
    """A bank of about `size` needs; the same seed gives the same bank."""
    random = Random(seed)
    needs: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for number in range(size):
        versions = _versions_of_need(random, f"N{number}")
        needs += versions
        events += _events(random, versions[0]["need_id"], versions[-1]["raised_at"], len(events))
    events += _events(random, "N-nowhere", MIDNIGHTS[2], len(events))
    events += [{**e, "void": True} for e in random.sample(events, k=len(events) // 25)]
    return Bank(
        needs=needs,
        need_events=events,
        customers=_customers(random),
        branches=[
            {
                "branch_id": f"B{i}",
                "branch_name": f"网点{i}",
                "region": ["华东", "华南"][i % 2],
                "updated_at": MIDNIGHTS[0],
            }
            for i in range(3)
        ],
        products=[
            {
                "product_id": f"P{i}",
                "product_name": "产品",
                "category": ["medical", "annuity"][i],
                "risk_level": "R1",
                "updated_at": MIDNIGHTS[0],
            }
            for i in range(2)
        ],
        policies=[_policy(random, i) for i in range(5)],
        staff=[
            {
                "staff_id": f"S{i}",
                "branch_id": ["B0", "B9", None][i],
                "role": "teller",
                "hired_on": date(2020, 1, 1),
                "updated_at": MIDNIGHTS[0],
            }
            for i in range(3)
        ],
        surveys=[_survey(random, i, size) for i in range(size)],
        interactions=_interactions(random, size),
    )


def _instant(random: Random) -> datetime:
    """A time on a midnight that matters, some whole days before or after it, or a second beside."""
    days = random.choice([0, 0, 7, 15, 30, 60, 90, random.randint(1, 80)])
    t = random.choice(MIDNIGHTS) - days * DAY + random.choice(OF_THE_DAY) + random.choice(JITTER)
    return t - timedelta(hours=random.choice([0, 0, 24, 72, 168, 360])) if random.random() < 0.3 else t


def _versions_of_need(random: Random, need_id: str) -> list[Row]:
    raised_at = _instant(random)
    first: Row = {
        "need_id": need_id,
        "customer_id": random.choice(["K0", "K1", "K2", "K3", "K-nowhere"]),
        "source": random.choice(["app", "survey"]),
        "category": random.choice(CATEGORIES),
        "product_id": random.choice(["P0", "P1", "P-nowhere", None]),
        "branch_id": random.choice(["B0", "B1", "B2", "B-nowhere", None]),
        "owner_department": random.choice(["sales", "claims"]),
        "urgency": random.choice([1, 2, 3, 4, 5]),
        "impact": random.choice([1, 2, 3, 4, 5]),
        "business_value": random.choice([1, 2, 3, 4]),
        "raised_at": raised_at,
        "updated_at": raised_at + random.choice([0 * DAY, 0 * DAY, 200 * DAY]),
    }
    if random.random() < 0.6:
        return [first]
    later: datetime = first["updated_at"] + random.choice(STEPS[2:])
    second = {**first, "urgency": 5, "owner_department": "it", "branch_id": "B1", "updated_at": later}
    if random.random() < 0.2:
        second["deleted"] = True
    return [first, second]


def _events(random: Random, need_id: str, raised_at: datetime, before: int) -> list[Row]:
    t, events = raised_at, []
    for number in range(random.randint(0, 6)):
        t += random.choice(STEPS) + random.choice(JITTER) * (random.random() < 0.3)
        if random.random() < 0.15:
            t = max(t, random.choice(MIDNIGHTS))
        event = random.choice(EVENTS)
        score = random.choice([1, 3, 5, None]) if event == "verified" else None
        events.append(
            {
                "event_id": f"E{before + number}",
                "need_id": need_id,
                "event": event,
                "occurred_at": t,
                "satisfaction_score": score,
            }
        )
    return events


def _customers(random: Random) -> list[Row]:
    rows = []
    for number in range(4):
        for updated_at in sorted(random.sample(MIDNIGHTS, k=3)):
            rows.append(
                {
                    "customer_id": f"K{number}",
                    "aum": random.choice([499_999.99, 500_000, 5_999_999.99, 6_000_000]),
                    "occupation": random.choice(["business_owner", "other"]),
                    "customer_since": date(2020, 1, 1),
                    "updated_at": updated_at + random.choice(JITTER),
                }
            )
    rows[-1]["deleted"] = True
    return rows


def _policy(random: Random, number: int) -> Row:
    return {
        "policy_id": f"L{number}",
        "customer_id": "K0",
        "product_id": random.choice(["P0", "P1", "P-nowhere"]),
        "branch_id": random.choice(["B0", "B-nowhere", None]),
        "sales_channel": "branch",
        "issued_on": date(2025, 12, 1),
        "effective_on": date(2025, 12, 2),
        "payment_mode": "annual",
        "annual_premium": 1000,
        "status": "in_force",
        "status_on": date(2025, 12, 2),
        "updated_at": MIDNIGHTS[0],
    }


def _survey(random: Random, number: int, needs: int) -> Row:
    instrument = random.choice(["csat", "nps", "ces"])
    scores = {"csat": [3, 4], "nps": [0, 6, 7, 8, 9, 10], "ces": [1, 7]}[instrument]
    return {
        "response_id": f"A{number}",
        "customer_id": random.choice(["K0", "K1", "K3", "K-nowhere"]),
        "instrument": instrument,
        "score": random.choice(scores),
        "need_id": random.choice([f"N{random.randrange(needs)}", None, None, "N-nowhere"]),
        "policy_id": random.choice([f"L{random.randrange(5)}", None, "L-nowhere"]),
        "staff_id": random.choice(["S0", "S1", "S2", None]),
        "responded_at": _instant(random),
    }


def _interactions(random: Random, number_of_rows: int) -> list[Row]:
    rows: list[Row] = []
    for number in range(number_of_rows):
        t = _instant(random)
        if rows and random.random() < 0.6:
            t = random.choice(rows)["opened_at"] + random.choice([0 * DAY, 7 * DAY]) + random.choice(JITTER)
        rows.append(
            {
                "interaction_id": f"I{number}",
                "customer_id": random.choice(["K0", "K1", "K-nowhere"]),
                "channel": random.choice(["app", "phone"]),
                "purpose": random.choice(["enquiry", "complaint", "marketing"]),
                "opened_at": t,
                "resolved_on_contact": random.choice([True, True, False, None]),
            }
        )
    return rows
