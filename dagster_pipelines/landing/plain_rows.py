"""The conditions under which a large CSV file may take the short cut, as SQL over its texts.

A row is plain when every text is written as DuckDB itself would write its value: casting it and writing it back gives the same text.
Then the cast and the contract's rules cannot differ. A file with one other row goes the careful way as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.contract import Column, Table
from dagster_pipelines.landing.header import Header
from dagster_pipelines.landing.value_rules import FIRST_YEAR, LAST_YEAR, LONGEST_ID, literal, not_in_ids, trimmed

NOT_PLAIN = "not plain"


@dataclass(frozen=True)
class PlainForm:
    """What was seen at the start of a file, and has to hold to its end."""

    is_ascii: bool
    """No byte but printable ASCII and line ends."""
    has_quotes: bool


def plain_rows_sql(
    rows: str, width: int, table: Table, header: Header, aliases: TableAliases, form: PlainForm
) -> str | None:
    """Selects the table's columns as values from `rows` (texts f0 … fN), and fails with NOT_PLAIN at a row that is not plain.

    None when the bank's own words for values have to be translated.
    """
    delivered = [column for column in table.columns if column.name in header.places]
    if any(aliases.values.get(column.name) for column in delivered if column.type not in {"enum", "bool"}):
        return None
    conditions = [f"not contains(coalesce(f{place}, ''), '\"')" for place in range(width) if form.has_quotes]
    for column in delivered:
        conditions += _conditions(column, f"f{header.places[column.name]}", header, aliases, form)
    values = ", ".join(
        f'{_value(column, f"f{header.places[column.name]}")} as "{column.name}"'
        if column.name in header.places
        else f'null::{column.sql_type} as "{column.name}"'
        for column in table.columns
    )
    all_hold = " and ".join(f"({condition})" for condition in conditions) or "true"
    return f"select {values} from ({rows}) where case when {all_hold} then true else error('{NOT_PLAIN}') end"


def _value(column: Column, field: str) -> str:
    return field if column.sql_type == "VARCHAR" else f"try_cast({field} as {column.sql_type})"


def _conditions(column: Column, field: str, header: Header, aliases: TableAliases, form: PlainForm) -> Iterator[str]:
    present = f"{field} is null or " if not column.required else f"{field} is not null and "
    for condition in _form_of(column, field, aliases, form):
        yield f"{present}{condition}"
    value = _value(column, field)
    bounds = []
    if column.min is not None:
        bounds.append(f"{value} >= {column.min}")
    if column.max is not None:
        bounds.append(f"{value} <= {column.max}")
    if column.type in {"date", "ts"}:
        bounds.append(f"year({value}) between {FIRST_YEAR} and {LAST_YEAR}")
    for other, ranges in column.range_by.items():
        if other in header.places:
            place = f"f{header.places[other]}"
            bounds += [
                f"({place} is distinct from {literal(word)} or {value} between {least} and {greatest})"
                for word, (least, greatest) in ranges.items()
            ]
    yield from (f"{field} is null or {bound}" for bound in bounds)


def _form_of(column: Column, field: str, aliases: TableAliases, form: PlainForm) -> Sequence[str]:
    """Conditions on a text that is there."""
    match column.type:
        case "id":
            inside = f"not contains({field}, ' ')" if form.is_ascii else f"not {not_in_ids(field)}"
            return [f"(strlen({field}) <= {LONGEST_ID} and {inside})"]
        case "text":
            if form.is_ascii:
                return [f"(not starts_with({field}, ' ') and not ends_with({field}, ' '))"]
            return [f"{trimmed(field)} = {field}"]
        case "enum":
            return [f"{field} in ({', '.join(map(literal, _own_words(column, aliases)))})"]
        case "bool":
            own = aliases.values.get(column.name, {})
            words = [word for word in ("true", "false") if own.get(word, word) == word]
            return [f"{field} in ({', '.join(map(literal, words))})"] if words else ["false"]
        case _:
            return [f"(cast({_value(column, field)} as varchar) = {field}) is true"]


def _own_words(column: Column, aliases: TableAliases) -> list[str]:
    """The contract's values that no alias turns into another."""
    translated = aliases.values.get(column.name, {})
    words = [word for word in column.values if translated.get(word.lower(), word) == word]
    return words or [NOT_PLAIN]
