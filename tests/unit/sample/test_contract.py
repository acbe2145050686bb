"""The clean bank keeps the source contract, checked here by plain SQL and patterns of its own."""

import re

import pytest

from needloop.contract.model import Column, Table, load_contract
from tests.unit.sample.conftest import Query

PATTERNS = {
    "id": r"\S{1,64}",
    "int": r"-?\d+",
    "money": r"-?\d{1,16}\.\d{2}",
    "date": r"(19|20)\d\d-\d\d-\d\d",
    "ts": r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d",
    "bool": r"true|false",
}
MOST_ORPHANS = 0.01
TABLES = load_contract().tables


def pattern(column: Column) -> str | None:
    if column.type == "enum":
        return "|".join(re.escape(value) for value in column.values)
    if column.type == "number":
        return rf"-?\d+\.\d{{{column.scale}}}"
    return PATTERNS.get(column.type)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_columns_types_and_required_values(bank: Query, table: Table) -> None:
    columns = [c for c in table.columns if c.name != table.flag]
    found = [row[0] for row in bank(f"describe {table.raw_name}")]
    assert found == [c.name for c in columns]
    for column in columns:
        if column.required:
            [(missing,)] = bank(f'select count(*) from {table.raw_name} where "{column.name}" is null')
            assert missing == 0, column.name
        form = pattern(column)
        if form:
            wrong = bank(
                f"""select "{column.name}" from {table.raw_name}
                where "{column.name}" is not null and not regexp_full_match("{column.name}", '{form}') limit 3"""
            )
            assert wrong == [], column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_keys_are_unique_and_versions_distinct_in_time(bank: Query, table: Table) -> None:
    key = ", ".join([*table.key, *(["updated_at"] if table.load == "upsert" else [])])
    [(rows, keys)] = bank(f"select count(*), count(distinct ({key})) from {table.raw_name}")
    assert rows == keys
    assert rows > 0


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_numbers_are_in_range(bank: Query, table: Table) -> None:
    for column in table.columns:
        for bound, sign in ((column.min, "<"), (column.max, ">")):
            if bound is not None:
                [(wrong,)] = bank(f'select count(*) from {table.raw_name} where "{column.name}"::double {sign} {bound}')
                assert wrong == 0, column.name
    if table.name == "surveys":
        assert bank(
            "select count(*) from crm__surveys where instrument = 'csat' and score::int not between 1 and 5"
        ) == [(0,)]
        assert bank(
            "select count(*) from crm__surveys where instrument = 'ces' and score::int not between 1 and 7"
        ) == [(0,)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_references_lead_somewhere_but_for_a_few(bank: Query, table: Table) -> None:
    for column in table.columns:
        if column.references:
            parent = load_contract().table(column.references)
            [(given, orphans)] = bank(
                f"""select count(*),
                    count(*) filter ("{column.name}" not in (select {parent.key[0]} from {parent.raw_name}))
                from {table.raw_name} where "{column.name}" is not null"""
            )
            assert given > 0, column.name
            assert orphans / given <= MOST_ORPHANS, column.name


def test_some_references_are_orphans_as_in_real_banks(bank: Query) -> None:
    [(orphans,)] = bank(
        "select count(*) from bank__transactions where customer_id not in (select customer_id from crm__customers)"
    )
    assert 50 <= orphans <= 300
