"""What SQL a request may put into a chart's query: values of the dataset's rows, and nothing that reads elsewhere.

Whoever may look at a chart may send expressions of their own as metric, column, order, filter or condition, and
Superset puts them into its query as they stand, beside the condition of row-level security. Its own check looks for
subqueries only: a set operation, a FROM of one's own or a comment that holds half a statement would read every
published row.
"""

from __future__ import annotations

from flask import Flask
from sqlglot import exp

from dashboards.superset.private_interfaces.expression_check import Statement, check_expressions_first

# Functions of DuckDB whose answer is not made of the row's own values: they tell of rows that are kept back (`stats`
# has a column's smallest and largest value in the whole table), of the connection, or keep it busy.
NOT_OF_THE_ROW = frozenset(
    {
        "current_query",
        "current_setting",
        "error",
        "get_block_size",
        "getvariable",
        "json_serialize_plan",
        "pg_get_constraintdef",
        "pg_get_viewdef",
        "query",
        "query_table",
        "sleep_ms",
        "stats",
        "write_log",
    }
)
_READS_ELSEWHERE = (exp.Query, exp.Table, exp.From, exp.Values, exp.Lateral, exp.Into, exp.Command)
_ONE = exp.Literal.number(1)
_REFUSED = (
    "An expression is made of the dataset's columns, without a query, table or comment and without functions that tell"
    " of other rows: take these out, or have the column added to the dataset."
)


def refuse_queries_in_expressions(app: Flask) -> None:
    """Put our check before Superset's own, through which every expression of a request goes."""
    refused_functions = NOT_OF_THE_ROW | set(app.config["DISALLOWED_SQL_FUNCTIONS"].get("duckdb", ()))
    check_expressions_first(lambda sql, engine: _refusal(sql, engine, refused_functions))


def _refusal(sql: str, engine: str, refused_functions: frozenset[str]) -> str | None:
    try:
        statement = Statement(sql, engine)
    except ValueError:
        return _REFUSED
    allowed = is_value(statement.parsed) and not statement.calls_one_of(set(refused_functions))
    return None if allowed else _REFUSED


def is_value(parsed: exp.Expression) -> bool:
    """Whether a statement is a value of a row or of rows: `SELECT value`, `SELECT 1 ORDER BY values`, or a bare value.

    Superset writes the words before the value. It finds the value again as what follows the first SELECT or ORDER BY,
    so a comment, which the parser moves to the front, could pass for it.
    """
    if isinstance(parsed, exp.Select):
        said = {name for name, value in parsed.args.items() if value}
        orders = said == {"expressions", "order"} and parsed.expressions == [_ONE]
        if len(parsed.expressions) != 1 or not (orders or said == {"expressions"}):
            return False
    elif not isinstance(parsed, exp.Condition):
        return False
    return not any(
        node.comments or (node is not parsed and isinstance(node, _READS_ELSEWHERE)) for node in parsed.walk()
    )
