"""Stages, gaps and warnings of the sample bank, against a recomputation day by day in plain Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb
import pytest

from dagster_pipelines.transformation.customer_keys import customer_key, secret_of
from needloop.settings import MARTS_FILE, Settings
from tests.end_to_end.lifecycle_oracle import DAY, Customer, customers, midnight

SAMPLED_DAYS = 150
FOLLOWED_CUSTOMERS = 50
SEED = 20260930


class Lifecycle:
    """What was published, and the customers to work it out for by hand."""

    def __init__(self, data: Path) -> None:
        secret = secret_of(Settings(data=data))
        with duckdb.connect(str(data / "warehouse" / "needloop.duckdb"), read_only=True) as warehouse:
            self.customers = {customer_key(secret, c.customer_id): c for c in customers(warehouse)}
        self.release = duckdb.connect(str(data / "current" / MARTS_FILE), read_only=True)
        first, last = self.release.execute(
            "select min(starts_on), max(covered_until) from marts.dim_period"
        ).fetchall()[0]
        self.days: list[date] = [first + i * DAY for i in range(-1, (last - first).days + 1)]

    def sampled_days(self) -> list[date]:
        """The first and the last day and some in between, the same in every run."""
        return sorted({self.days[0], self.days[-1], *random.Random(SEED).sample(self.days, SAMPLED_DAYS)})

    def published(self, table: str, columns: str, opened: str, closed: str, day: date) -> set[tuple[str, ...]]:
        """The rows of a table of records that hold at the end of the day."""
        return set(
            self.release.execute(
                f"select {columns} from marts.{table} where {opened} <= $day and ({closed} is null or $day < {closed})",
                {"day": day},
            ).fetchall()
        )


@pytest.fixture(scope="module")
def lifecycle(published: Path) -> Iterator[Lifecycle]:
    read = Lifecycle(published)
    yield read
    read.release.close()


def test_the_sample_has_something_of_everything(lifecycle: Lifecycle) -> None:
    count = "select count(distinct {}) from marts.{}"
    assert lifecycle.release.execute(count.format("kind", "fct_warning")).fetchall() == [(4,)]
    assert lifecycle.release.execute(count.format("rule", "mart_coverage_gaps")).fetchall() == [(6,)]
    stages = lifecycle.release.execute("select distinct stage from marts.mart_customer_stage").fetchall()
    assert len(stages) >= 7


def test_stages_on_any_day_are_those_of_the_definitions(lifecycle: Lifecycle) -> None:
    for day in lifecycle.sampled_days():
        t = midnight(day) + DAY
        expected = {(key, c.stage(t)) for key, c in lifecycle.customers.items() if c.since < t}
        actual = lifecycle.published("mart_customer_stage", "customer_key, stage", "from_day", "until_day", day)
        assert actual == expected, day


def test_gaps_on_any_day_are_those_of_the_definitions(lifecycle: Lifecycle) -> None:
    for day in lifecycle.sampled_days():
        t = midnight(day) + DAY
        expected = {(key, rule) for key, c in lifecycle.customers.items() if c.since < t for rule in c.gaps(t)}
        actual = lifecycle.published("mart_coverage_gaps", "customer_key, rule", "opened_on", "closed_on", day)
        assert actual == expected, day


def test_warnings_open_on_any_day_are_those_of_the_definitions(lifecycle: Lifecycle) -> None:
    columns = "kind, customer_key, product_category"
    for day in lifecycle.sampled_days():
        t = midnight(day) + DAY
        expected = {(kind, key, what) for key, c in lifecycle.customers.items() for kind, what in c.warnings(t)}
        assert lifecycle.published("fct_warning", columns, "opened_on", "closed_on", day) == expected, day


def test_a_warning_is_an_unbroken_run_of_days(lifecycle: Lifecycle) -> None:
    """Some customers are followed through every day: the days on which a warning holds, cut into runs."""
    warned = lifecycle.release.execute(
        "select customer_key from marts.fct_warning group by all order by count(*) desc, customer_key"
    ).fetchall()
    followed = [key for (key,) in warned[:FOLLOWED_CUSTOMERS]]
    expected = {run for key in followed for run in runs(key, lifecycle.customers[key], lifecycle.days)}
    actual = lifecycle.release.execute(
        "select kind, customer_key, product_category, opened_on, closed_on from marts.fct_warning "
        "where list_contains($keys, customer_key)",
        {"keys": followed},
    ).fetchall()
    assert len(actual) > FOLLOWED_CUSTOMERS
    assert set(actual) == expected


Run = tuple[str, str, str | None, date, date | None]


def runs(key: str, customer: Customer, days: list[date]) -> Iterator[Run]:
    """The customer's warnings as unbroken runs of the days; a run that reaches the last day has no end."""
    held = sorted(
        (
            (kind, what or "", place)
            for place, day in enumerate(days)
            for kind, what in customer.warnings(midnight(day) + DAY)
        ),
    )
    for (kind, what, _), run in groupby(enumerate(held), key=lambda e: (*e[1][:2], e[1][2] - e[0])):
        places = [place for _, (_, _, place) in run]
        ends = None if places[-1] == len(days) - 1 else days[places[-1] + 1]
        yield kind, key, what or None, days[places[0]], ends
