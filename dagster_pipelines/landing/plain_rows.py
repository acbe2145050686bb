"""The conditions under which a large CSV file may take the short cut, as SQL over its texts.

A row is plain when every text is written as DuckDB itself would write its value: casting it and writing it back gives
the same text. Then the cast and the contract's rules cannot differ. A file with one other row goes the careful way as a
whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.value_rules import FIRST_YEAR, LAST_YEAR, LONGEST_ID, literal, not_in_ids, trimmed
from needloop.contract.model import Column

NOT_PLAIN = "not plain"


@dataclass(frozen=True)
class PlainForm:
    """What was seen at the start of a file, and has to hold to its end."""

    is_ascii: bool
    """No byte but printable ASCII and line ends."""
    has_quotes: bool
    spaces_only_in_moments: bool
    """Every space of the rows is the one between the date and the time of a timestamp."""


def plain_rows_sql(rows: str, width: int, reading: Reading, form: PlainForm) -> str | None:
    """Selects the columns as values from `rows` (texts f0 … fN); fails with NOT_PLAIN at a row that is not plain.

    Checks only what is lost with the texts; plain_values_sql checks the rest, which is cheaper on whole columns.
    None when the bank's own words for values have to be translated.
    """
    aliases = reading.aliases.values
    if any(aliases.get(column.name) for column in reading.delivered if column.type not in {"enum", "bool"}):
        return None
    cast = [column for column in reading.delivered if column.sql_type != "VARCHAR"]
    conditions = [f"({reading.field_of(column)} is null or {_same_written_back(column, reading)})" for column in cast]
    if form.has_quotes:
        left_out = set(range(width)) - set(reading.header.places.values())
        conditions += [f"not contains(coalesce(f{place}, ''), '\"')" for place in sorted(left_out)]
    # The values are made in a step of their own, and the conditions guard one of them: so each cast is done once.
    made = ", ".join(
        ["*", *(f"try_cast({reading.field_of(column)} as {column.sql_type}) as {_made(column)}" for column in cast)]
    )
    values = {column.name: _value(column, reading) for column in reading.table.columns}
    guarded = reading.delivered[0].name
    hold = " and ".join(conditions) or "true"
    values[guarded] = f"case when {hold} then {values[guarded]} else error('{NOT_PLAIN}') end"
    selected = ", ".join(f'{value} as "{name}"' for name, value in values.items())
    return f"select {selected} from (select {made} from ({rows}))"


def plain_values_sql(values: str, reading: Reading, form: PlainForm) -> str:
    """One row, one column: whether the columns of table `values` hold only what the contract takes just as it is."""
    conditions = ["true"]
    for column in reading.delivered:
        name = f'"{column.name}"'
        if column.required:
            conditions.append(f"count({name}) = count(*)")
        every = [*_of_texts(column, name, reading.aliases, form), *_of_ranges_by_others(column, name, reading)]
        conditions += [f"coalesce(bool_and({condition}), true)" for condition in every]
        conditions += [f"coalesce({bound}, true)" for bound in _of_range(column, name)]
    return f"select {' and '.join(conditions)} from {values}"


def _made(column: Column) -> str:
    return f'"{column.name}.value"'


def _value(column: Column, reading: Reading) -> str:
    if column.name not in reading.header.places:
        return f"null::{column.sql_type}"
    return reading.field_of(column) if column.sql_type == "VARCHAR" else _made(column)


def _same_written_back(column: Column, reading: Reading) -> str:
    field = reading.field_of(column)
    if column.type == "bool":
        own = reading.aliases.values.get(column.name, {})
        words = [word for word in ("true", "false") if own.get(word, word) == word]
        return f"{field} in ({', '.join(map(literal, words or [NOT_PLAIN]))})"
    return f"coalesce(cast({_made(column)} as varchar) = {field}, false)"


def _of_range(column: Column, name: str) -> Iterator[str]:
    if column.min is not None:
        yield f"min({name}) >= {column.min}"
    if column.max is not None:
        yield f"max({name}) <= {column.max}"
    if column.type in {"date", "ts"}:
        yield f"min({name}) >= date '{FIRST_YEAR}-01-01' and max({name}) < date '{LAST_YEAR + 1}-01-01'"


def _of_ranges_by_others(column: Column, name: str, reading: Reading) -> Iterator[str]:
    for other, ranges in column.range_by.items():
        if other in reading.header.places:
            yield from (
                f'("{other}" is distinct from {literal(word)} or {name} between {least} and {greatest})'
                for word, (least, greatest) in ranges.items()
            )


def _of_texts(column: Column, name: str, aliases: TableAliases, form: PlainForm) -> Iterator[str]:
    """Conditions on every text of a column; empty texts are null, for which they need not hold."""
    if column.sql_type != "VARCHAR":
        return
    if form.has_quotes:
        yield f"not contains({name}, '\"')"
    if column.type == "enum":
        yield f"{name} in ({', '.join(map(literal, _own_words(column, aliases)))})"
        return
    if column.type == "id":
        yield f"strlen({name}) <= {LONGEST_ID}"
    if form.spaces_only_in_moments:
        return
    if column.type == "id":
        yield f"not contains({name}, ' ')" if form.is_ascii else f"not {not_in_ids(name)}"
    elif form.is_ascii:
        yield f"not starts_with({name}, ' ') and not ends_with({name}, ' ')"
    else:
        yield f"{trimmed(name)} is not distinct from {name}"


def _own_words(column: Column, aliases: TableAliases) -> list[str]:
    """The contract's values that no alias turns into another."""
    translated = aliases.values.get(column.name, {})
    words = [word for word in column.values if translated.get(word.lower(), word) == word]
    return words or [NOT_PLAIN]
