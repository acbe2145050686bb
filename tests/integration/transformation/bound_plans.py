"""What DuckDB makes of a query before it runs: the calls in it, with the types of their arguments.

The types come from the database, so they hold through every model, macro and common table expression.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

FLOATING = {"FLOAT", "DOUBLE"}
ORDER_DEPENDENT = {
    "avg", "corr", "covar_pop", "covar_samp", "favg", "fsum", "geomean", "kahan_sum", "kurtosis", "mean", "product",
    "regr_slope", "skewness", "stddev", "stddev_pop", "stddev_samp", "sum", "sumkahan", "var_pop", "var_samp",
    "variance",
}  # fmt: skip
"""Aggregates whose last digits depend on the order of the rows when they add floating point."""
_CAST = "__cast"
_DECIMAL = "DECIMAL"
_AGGREGATES = {"BOUND_AGGREGATE", "BOUND_WINDOW"}
_BEFORE_A_QUOTIENT = {"/"}


@dataclass(frozen=True)
class Call:
    """A function in a plan, and the one whose argument it is; a cast within a cast counts as one."""

    name: str
    is_aggregate: bool
    arguments: tuple[str, ...]
    returns: str
    about: str
    """The column it is about, as far as the plan names it."""
    within: str | None


def calls(connection: duckdb.DuckDBPyConnection, query: str) -> list[Call]:
    """All of them; fails the test when the query cannot be bound."""
    row = connection.execute("select json_serialize_plan(?)", [query]).fetchone()
    assert row is not None
    plan = json.loads(row[0])
    assert not plan["error"], plan.get("error_message")
    return list(_calls(plan["plans"], None))


def floating_sums(connection: duckdb.DuckDBPyConnection, query: str) -> list[Call]:
    """Sums, means and the like, in groups and in windows, over floating point."""
    return [
        call
        for call in calls(connection, query)
        if call.is_aggregate and call.name in ORDER_DEPENDENT and FLOATING & set(call.arguments)
    ]


def decimals_made_floating(connection: duckdb.DuckDBPyConnection, query: str) -> list[Call]:
    """Casts of decimal columns to floating point, but for those that a quotient makes of its two sides."""
    return [
        call
        for call in calls(connection, query)
        if call.name == _CAST
        and call.returns in FLOATING
        and call.arguments[0].startswith(_DECIMAL)
        and call.about
        and call.within not in _BEFORE_A_QUOTIENT
    ]


def narrowed_decimals(connection: duckdb.DuckDBPyConnection, query: str) -> list[Call]:
    """Casts of decimal columns to decimals with fewer digits before the point, on which a large amount fails."""
    return [
        call
        for call in calls(connection, query)
        if call.name == _CAST
        and call.about
        and call.arguments[0].startswith(_DECIMAL)
        and call.returns.startswith(_DECIMAL)
        and _whole_digits(call.returns) < _whole_digits(call.arguments[0])
    ]


def _whole_digits(decimal: str) -> int:
    width, scale = decimal.removeprefix(f"{_DECIMAL}(").removesuffix(")").split(",")
    return int(width) - int(scale)


def _type(bound: dict[str, Any]) -> str:
    """A type as SQL writes it; of nested types the name alone."""
    info = bound["type_info"]
    return f"{_DECIMAL}({info['width']},{info['scale']})" if bound["id"] == _DECIMAL else str(bound["id"])


def _calls(node: Any, within: str | None) -> Iterator[Call]:
    if isinstance(node, list):
        for one in node:
            yield from _calls(one, within)
        return
    if not isinstance(node, dict):
        return
    if "expression_class" in node:
        name = node["qname"]["path"][-1] if "qname" in node else node["type"]
        if "arguments" in node:
            yield Call(
                name,
                node["expression_class"] in _AGGREGATES,
                tuple(_type(argument) for argument in node["arguments"]),
                _type(node["return_type"]),
                node["alias"] or next((child.get("alias", "") for child in node["children"]), ""),
                within,
            )
        within = within if name == _CAST and within in _BEFORE_A_QUOTIENT else name
    for one in node.values():
        yield from _calls(one, within)
