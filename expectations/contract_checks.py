"""Which checks the source contract implies for a table: key, required columns, domains, references.

Their severity and texts are in suites/contract.yml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from expectations.checked_rows import may_be_checked, relation
from expectations.rules import Between, OneOf
from needloop.contract.model import Column, Contract, Table


@dataclass(frozen=True)
class ImpliedCheck:
    """A check by its name, the texts of suites/contract.yml, what they name, and the rule as a suite would write it."""

    name: str
    texts: str
    names: dict[str, Any]
    rule: dict[str, Any]


def implied_checks(table: Table, contract: Contract) -> Iterator[ImpliedCheck]:
    """Everything the contract says of the table."""
    yield ImpliedCheck("key_unique", "key_unique", {"key": ", ".join(table.key)}, {"unique": table.key})
    checked = [column for column in table.columns if may_be_checked(column)]
    for column in checked:
        if column.required:
            yield ImpliedCheck(f"{column.name}_filled", "filled", {"column": column.name}, {"filled": column.name})
    for column in checked:
        for allowed, rule in _domains(column):
            names = {"column": column.name, "allowed": allowed}
            yield ImpliedCheck(f"{column.name}_in_domain", "in_domain", names, rule)
    for column in checked:
        if column.references:
            target = contract.table(column.references)
            rule = _reference(table, column, target)
            yield ImpliedCheck(f"{column.name}_known", "known", {"column": column.name, "target": target}, rule)


def _domains(column: Column) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the column allows, in words and as a rule."""
    if column.values:
        yield ", ".join(column.values), {"one_of": OneOf(column.name, column.values)}
    elif column.min is not None or column.max is not None:
        least, greatest = ("" if bound is None else str(bound) for bound in (column.min, column.max))
        yield f"{least}–{greatest}", {"between": Between(column.name, column.min, column.max)}
    else:
        for other, ranges in column.range_by.items():
            broken = " or ".join(
                f"({other} = '{value}' and {column.name} not between {least} and {greatest})"
                for value, (least, greatest) in ranges.items()
            )
            allowed = ", ".join(f"{value} {least}–{greatest}" for value, (least, greatest) in ranges.items())
            yield allowed, {"no_row_where": broken, "columns": (column.name, other)}


def _reference(table: Table, column: Column, target: Table) -> dict[str, Any]:
    [key] = target.key
    query = (
        f"select {', '.join(table.key)} from {{rows}} where {column.name} is not null "
        f"and {column.name} not in (select {key} from {relation(target)} where {key} is not null)"
    )
    return {"no_row_from": query, "columns": (column.name,)}
