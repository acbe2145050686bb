"""What an as_of of the past shows is what was known then, whatever was delivered since.

A bank is made twice from the same random story. The first warehouse got only what its systems could have said by the
end of as_of; the second got everything: later versions with other attributes, later deletions, later events, dates that
had not come yet. Asked for the same as_of, both have to build the same rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from needloop.contract.model import Column, Table, load_contract
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from tests.integration.transformation.dbt_project import dbt, not_passed
from tests.integration.transformation.raw_bank import deliver, new_bank

AS_OF = date(2026, 6, 30)
AS_OF_END = datetime(2026, 7, 1)
ROWS = 60
MAY_LIE_AHEAD = {"due_on", "ended_on"}
BEGINS = {
    "complaints": "received_at",
    "interactions": "opened_at",
    "opportunities": "created_at",
    "needs": "raised_at",
    "need_events": "occurred_at",
    "surveys": "responded_at",
    "policies": "issued_on",
    "claims": "reported_at",
    "enrolments": "started_on",
    "attendance": "session_on",
    "assessments": "taken_on",
    "transactions": "occurred_at",
    "experiments": "started_on",
    "assignments": "assigned_at",
    "indicators": "month",
}
"""The event without which the row does not exist."""
FROM_THE_CURRENT_VERSION = {
    "complaints": {"outcome", "compensation"},
    "opportunities": {"stage"},
    "policies": {"status"},
    "premiums": {"paid_amount"},
    "claims": {"status", "paid_amount"},
}
"""Columns that are facts about a date rather than attributes: a later version does not change them for the past."""


@dataclass
class Story:
    """Rows by table: what had been delivered by the end of as_of, and what came later."""

    then: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    later: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def lies_after(value: date | datetime | None) -> bool:
    if value is None:
        return False
    return value >= AS_OF_END if isinstance(value, datetime) else value > AS_OF


def some_value(rng: random.Random, column: Column) -> Any:
    if not column.required and rng.random() < 0.2:
        return None
    if column.values:
        return rng.choice(column.values)
    if column.references:
        return f"K{rng.randrange(ROWS + 5):03}"
    minutes = rng.randrange(-300 * 1440, 60 * 1440)
    match column.type:
        case "ts":
            return AS_OF_END + timedelta(minutes=minutes)
        case "date":
            return AS_OF + timedelta(days=minutes // 1440)
        case "bool":
            return rng.random() < 0.5
        case "int":
            return rng.randrange(column.min or 0, (column.max or 5) + 1)
        case "money" | "number":
            return Decimal(rng.randrange(100))
        case _:
            return f"T{rng.randrange(20)}"


def tell(seed: int) -> Story:
    """A story of `ROWS` keys a table."""
    rng = random.Random(seed)
    story = Story()
    for table in load_contract().tables:
        story.then[table.full_name], story.later[table.full_name] = [], []
        for number in range(ROWS):
            _tell_row(rng, story, table, number)
    return story


def _tell_row(rng: random.Random, story: Story, table: Table, number: int) -> None:
    then, later = story.then[table.full_name], story.later[table.full_name]
    key = {c.name: some_value(rng, c) if c.type == "date" else f"K{number:03}" for c in table.columns if c.key}
    drawn = {c.name: some_value(rng, c) for c in table.columns if not c.key and c.name not in {"updated_at", "deleted"}}
    final: dict[str, Any] = key | drawn
    begins = BEGINS.get(table.name)
    unborn = begins is not None and lies_after(final[begins])
    if table.load == "append":
        final["void"] = None
        if unborn:
            later.append(final)
        else:
            then.append(_as_told_then(table, final, {}))
            # The same event, now with the steps that followed; raw keeps one row a key, so it replaces the first.
            later.append(final)
        return
    written = AS_OF_END - timedelta(minutes=rng.randrange(1, 200 * 1440))
    rewritten = AS_OF_END + timedelta(minutes=rng.randrange(0, 60 * 1440))
    if not unborn:
        attributes = {
            c.name: some_value(rng, c)
            for c in table.columns
            if c.name in drawn
            and c.type not in {"date", "ts"}
            and c.name not in FROM_THE_CURRENT_VERSION.get(table.name, ())
        }
        then.append(_as_told_then(table, final, attributes) | {"updated_at": written, "deleted": rng.random() < 0.1})
    later.append(final | {"updated_at": rewritten, "deleted": rng.random() < 0.1})


def _as_told_then(table: Table, final: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    told = final | attributes
    for column in table.columns:
        if (
            column.type in {"date", "ts"}
            and not column.required
            and column.name not in MAY_LIE_AHEAD
            and lies_after(told.get(column.name))
        ):
            told[column.name] = None
    if table.name == "complaints" and lies_after(final["resolved_at"] or final["closed_at"]):
        told |= {"outcome": None, "compensation": None}
    if table.name == "opportunities" and lies_after(final["closed_at"]):
        told["stage"] = "open"
    if table.name == "policies" and lies_after(final["status_on"]):
        told |= {"status": "in_force"}
    if table.name == "premiums" and lies_after(final["paid_on"]):
        told["paid_amount"] = None
    if table.name == "claims":
        told["paid_amount"] = None if lies_after(final["paid_at"]) else final["paid_amount"]
        for step, status in (("paid_at", "approved"), ("decided_at", "under_review")):
            told["status"] = status if lies_after(final[step]) else told["status"]
        if lies_after(final["documents_completed_at"]):
            told["status"] = "documents_pending"
    return told


def built(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every table of intermediate and marts, in one order."""
    with warehouse(settings) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('intermediate', 'marts') order by all"
        ).fetchall()
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for (name,) in tables}


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(seed=20260630)


def fill(settings: Settings, story: Story, *, everything: bool) -> None:
    contract = load_contract()
    with warehouse(settings) as connection:
        for name, rows in story.then.items():
            followed = {tuple(r[k] for k in contract.table(name).key) for r in story.later[name]}
            replaced = everything and contract.table(name).load == "append"
            kept = [r for r in rows if not (replaced and tuple(r[k] for k in contract.table(name).key) in followed)]
            deliver(connection, name, kept)
            if everything:
                deliver(connection, name, story.later[name])


def build(folder: Path, story: Story, *, everything: bool) -> dict[str, list[tuple[Any, ...]]]:
    settings = new_bank(folder, AS_OF)
    fill(settings, story, everything=everything)
    results = dbt(settings, "build", "--exclude-resource-type", "unit_test", "test", "--exclude", "source:quality+")
    assert not_passed(results) == []
    return built(settings)


def test_the_past_is_shown_as_it_was_known_then(tmp_path: Path, story: Story) -> None:
    known_then = build(tmp_path, story, everything=False)
    asked_now = build(tmp_path, story, everything=True)
    assert sum(len(rows) for rows in known_then.values()) > 20 * ROWS
    differing = [name for name, rows in known_then.items() if asked_now[name] != rows]
    assert differing == []
