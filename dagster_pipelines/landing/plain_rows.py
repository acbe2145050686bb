"""The conditions under which a large CSV file may take the short cut, as SQL over its texts.

A row is plain when every text is written as DuckDB itself would write its value: casting it and writing it back gives
the same text. Then the cast and the contract's rules cannot differ. A file with one other row goes the careful way as a
whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import TableAliases
from dagster_pipelines.landing.contract import Column
from dagster_pipelines.landing.reading import Reading
from dagster_pipelines.landing.value_rules import FIRST_YEAR, LAST_YEAR, LONGEST_ID, literal, not_in_ids, trimmed

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
    """Selects the table's columns as values from `rows` (texts f0 … fN), and fails with NOT_PLAIN at a row that is not
    plain.

    None when the bank's own words for values have to be translated.

    """
    delivered, aliases = reading.delivered, reading.aliases
    if any(aliases.values.get(column.name) for column in delivered if column.type not in {"enum", "bool"}):
        return None
    fields = {column.name: reading.field_of(column) for column in delivered}
    conditions = [f"{field} is not null" for column in delivered if column.required for field in [fields[column.name]]]
    conditions += [f"not contains(coalesce(f{place}, ''), '\"')" for place in range(width) if form.has_quotes]
    for column in delivered:
        field = fields[column.name]
        optional = "" if column.required else f"{field} is null or "
        conditions += [
            f"({optional}{condition})"
            for condition in (*_form_of(column, field, aliases, form), *_range_of(column, fields))
        ]
    # The values are made in a step of their own, and the conditions guard one of them: so each cast is done once.
    cast = [column for column in delivered if column.sql_type != "VARCHAR"]
    made = ", ".join(
        ["*", *(f"try_cast({fields[column.name]} as {column.sql_type}) as {_made(column)}" for column in cast)]
    )
    guarded = delivered[0].name
    hold = " and ".join(conditions)
    values = {column.name: _value(column, fields) for column in reading.table.columns}
    values[guarded] = f"case when {hold} then {values[guarded]} else error('{NOT_PLAIN}') end"
    selected = ", ".join(f'{value} as "{name}"' for name, value in values.items())
    return f"select {selected} from (select {made} from ({rows}))"


def _made(column: Column) -> str:
    return f'"{column.name}.value"'


def _value(column: Column, fields: Mapping[str, str]) -> str:
    if column.name not in fields:
        return f"null::{column.sql_type}"
    return fields[column.name] if column.sql_type == "VARCHAR" else _made(column)


def _range_of(column: Column, fields: Mapping[str, str]) -> Iterator[str]:
    value = _made(column)
    if column.min is not None:
        yield f"{value} >= {column.min}"
    if column.max is not None:
        yield f"{value} <= {column.max}"
    if column.type in {"date", "ts"}:
        yield f"({value} >= date '{FIRST_YEAR}-01-01' and {value} < date '{LAST_YEAR + 1}-01-01')"
    for other, ranges in column.range_by.items():
        if other in fields:
            yield from (
                f"({fields[other]} is distinct from {literal(word)} or {value} between {least} and {greatest})"
                for word, (least, greatest) in ranges.items()
            )


def _form_of(  # noqa: PLR0911  (one condition a type)
    column: Column, field: str, aliases: TableAliases, form: PlainForm
) -> Sequence[str]:
    """Conditions on a text that is there."""
    match column.type:
        case "id":
            length = f"strlen({field}) <= {LONGEST_ID}"
            if form.spaces_only_in_moments:
                return [length]
            return [length, f"not contains({field}, ' ')" if form.is_ascii else f"not {not_in_ids(field)}"]
        case "text":
            if form.spaces_only_in_moments:
                return []
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
            return [f"coalesce(cast({_made(column)} as varchar) = {field}, false)"]


def _own_words(column: Column, aliases: TableAliases) -> list[str]:
    """The contract's values that no alias turns into another."""
    translated = aliases.values.get(column.name, {})
    words = [word for word in column.values if translated.get(word.lower(), word) == word]
    return words or [NOT_PLAIN]
