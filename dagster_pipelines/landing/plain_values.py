"""When a cast alone may turn a field into its column's value, as SQL: shared by both formats of the fast path.

A field is plain if the cast provably yields what the contract's rules for texts would. The value is computed first, as
<column>.value; its condition then compares it with the field, so each cast is done once. A file with a single field
that is not plain takes the full path as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import BOOLEANS, TableAliases
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.value_rules import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_ID,
    choices,
    enum_words,
    not_in_ids,
    trimmed,
)
from needloop.contract.model import Column
from needloop.sql_text import sql_literal, sql_name


@dataclass(frozen=True)
class PlainValue:
    """How one field becomes a value."""

    value: str
    """SQL over the field."""
    condition: str = "true"
    """SQL over the field and its value: whether the field is plain; never null."""


@dataclass(frozen=True)
class PlainForm:
    """What holds for all texts of a file, so that their values need not be checked for it."""

    is_ascii: bool = False
    """Only printable ASCII and line ends."""
    has_quotes: bool = False
    """Quotes enclose fields, and may remain in a value."""
    spaces_only_in_moments: bool = False
    """Every space in the rows separates the date and the time of a timestamp."""


def made_value(column: Column) -> str:
    """Name of the value computed from the column's field."""
    return sql_name(f"{column.name}.value")


def has_translations(reading: Reading) -> bool:
    """Whether the bank's mapping replaces texts or numbers; words of enums and booleans do not count."""
    aliases = reading.aliases.values
    return any(aliases.get(column.name) for column in reading.delivered if column.type not in {"enum", "bool"})


def of_text(column: Column, field: str, aliases: TableAliases) -> PlainValue:
    """The value of a text: plain if DuckDB would write the value back as the same text."""
    if column.type == "bool":
        return of_words(column, field, aliases)
    if column.sql_type == "VARCHAR":
        return PlainValue(field)
    written_back = f"cast({made_value(column)} as varchar) = {field}"
    return PlainValue(
        f"try_cast({field} as {column.sql_type})", f"({field} is null or coalesce({written_back}, false))"
    )


def of_words(column: Column, text: str, aliases: TableAliases) -> PlainValue:
    """The value of an enum or boolean by its word, in any case."""
    own = aliases.values.get(column.name, {})
    words = enum_words(column, own) if column.type == "enum" else BOOLEANS | dict(own)
    value = f"cast({choices(f'lower({text})', words)} as {column.sql_type})"
    return PlainValue(value, f"({text} is null or {made_value(column)} is not null)")


def plain_rows_sql(
    rows: str,
    reading: Reading,
    values: Mapping[str, PlainValue],
    *,
    aside: Sequence[str] = (),
    also: Sequence[str] = (),
) -> str:
    """SQL that selects the table's columns from `rows` (fields f0 … fN), and _plain: whether the row's conditions hold.

    `aside` lists columns of `rows` to keep, `also` further conditions on its fields.
    """
    delivered = reading.delivered
    made = ", ".join(["*", *(f"{values[column.name].value} as {made_value(column)}" for column in delivered)])
    conditions = [values[column.name].condition for column in delivered]
    plain = " and ".join(condition for condition in [*conditions, *also] if condition != "true") or "true"
    columns = [
        f"{made_value(column) if column.name in values else f'null::{column.sql_type}'} as {sql_name(column.name)}"
        for column in reading.table.columns
    ]
    return f"select {', '.join([*aside, *columns])}, {plain} as _plain from (select {made} from ({rows}))"


def plain_values_sql(reading: Reading, form: PlainForm) -> str:
    """An aggregate over the table's columns: whether the contract accepts all their values unchanged."""
    conditions = ["true"]
    for column in reading.delivered:
        name = sql_name(column.name)
        if column.required:
            conditions.append(f"count({name}) = count(*)")
        every = [*_of_texts(column, name, reading.aliases, form), *_of_ranges_by_others(column, name, reading)]
        conditions += [f"coalesce(bool_and({condition}), true)" for condition in every]
        conditions += [f"coalesce({bound}, true)" for bound in _of_range(column, name)]
    return " and ".join(conditions)


def own_words(column: Column, aliases: TableAliases) -> list[str]:
    """The enum's values that no alias maps to another."""
    translated = aliases.values.get(column.name, {})
    return [word for word in column.values if translated.get(word.lower(), word) == word]


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
                f"({sql_name(other)} is distinct from {sql_literal(word)} or {name} between {least} and {greatest})"
                for word, (least, greatest) in ranges.items()
            )


def _of_texts(column: Column, name: str, aliases: TableAliases, form: PlainForm) -> Iterator[str]:
    """Conditions on every text of a column; they need not hold for empty texts, which are null."""
    if column.sql_type != "VARCHAR":
        return
    if form.has_quotes:
        yield f"not contains({name}, '\"')"
    if column.type == "enum":
        words = own_words(column, aliases)
        yield f"{name} in ({', '.join(map(sql_literal, words))})" if words else "false"
        return
    if column.type == "id":
        yield f"strlen({name}) <= {LONGEST_ID}"
    if form.spaces_only_in_moments:
        return
    if column.type == "id" and form.is_ascii:
        yield f"not contains({name}, ' ')"
    elif column.type == "id":
        # Nearly every id has only letters, digits and "-._~", so URL encoding leaves its length unchanged. This test is
        # three times as fast as the pattern.
        yield f"(strlen(url_encode({name})) = strlen({name}) or not {not_in_ids(name)})"
    elif form.is_ascii:
        yield f"not starts_with({name}, ' ') and not ends_with({name}, ' ')"
    else:
        yield f"{trimmed(name)} is not distinct from {name}"
