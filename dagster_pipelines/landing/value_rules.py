"""The contract's types as SQL: from a trimmed text to its value, or to the code of what is wrong with it.

Rules take the names of SQL expressions, never values. All SQL is generated from the contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dagster_pipelines.landing.aliases import BOOLEANS
from dagster_pipelines.landing.reasons import code_of
from dagster_pipelines.landing.white_space import WHITE_SPACE
from needloop.contract.model import Column
from needloop.sql_text import sql_literal

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_ID = 64
_NUMBER = r"[+-]?(?:(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+)"
_INTEGER = r"[+-]?(?:(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.0*)?|\.0+)"
_DATE = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|(\d{2})(\d{2}))"
_TIME = r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?"
_OFFSET = r"Z|[+-](?:[01]\d|2[0-3]):[0-5]\d"
_MOMENT = f"^{_DATE}(?:[ T]{_TIME}({_OFFSET})?)?$"
_PARTS = "['y', 'm1', 'd1', 'm2', 'd2', 'm3', 'd3', 'h', 'i', 's', 'z']"
_NOT_IN_IDS = rf"[{WHITE_SPACE}\x00-\x1f\x7f-\x9f]"


@dataclass(frozen=True)
class ColumnRule:
    """How one delivered column is read. Each step is an SQL expression over the columns of the previous step."""

    column: Column
    prepared: str
    """From the text: what the value is computed from (a cleaned text, or the parts of a date or time)."""
    value: str
    """From text and prepared: the value, null if it cannot be read."""
    finding: str
    """From text, prepared and value: a reason code, or null."""


def text_of(column: Column) -> str:
    """Name of the column's trimmed text."""
    return f'"{column.name}.text"'


def prepared_of(column: Column) -> str:
    """Name of the column's prepared form."""
    return f'"{column.name}.prepared"'


def trimmed(expression: str) -> str:
    """The expression without white space at the ends; empty becomes null."""
    return f"nullif(trim({expression}, {sql_literal(WHITE_SPACE)}), '')"


def not_in_ids(expression: str) -> str:
    """Whether the text contains what ids may not: white space or control characters."""
    return f"regexp_matches({expression}, {sql_literal(_NOT_IN_IDS)})"


def column_rule(column: Column, place: int, aliases: Mapping[str, str], time_zone: str) -> ColumnRule:
    """The rule of the column at position `place` of the contract; `aliases` are the aliases of its values."""
    text = _translated(text_of(column), column, aliases)
    prepared, value, unreadable = _reading(column, text, time_zone)
    findings = [*_missing(column, place), *_id_findings(column, place)]
    if unreadable is not None:
        reason = {"int": "bad_int", "money": "bad_money", "number": "bad_money", "ts": "bad_timestamp"}.get(
            column.type, f"bad_{column.type}"
        )
        findings.append((unreadable, code_of(reason, place)))
    findings += [(condition, code_of("out_of_range", place)) for condition in _out_of_range(column)]
    cases = " ".join(f"when {condition} then {code}" for condition, code in sorted(findings, key=lambda f: f[1]))
    return ColumnRule(column, prepared, value, f"case {cases} end" if findings else "null::integer")


def _translated(text: str, column: Column, aliases: Mapping[str, str]) -> str:
    if not aliases or column.type == "enum":
        return text
    cases = " ".join(f"when {sql_literal(alias)} then {sql_literal(value)}" for alias, value in aliases.items())
    return f"case lower({text}) {cases} else {text} end"


def _reading(column: Column, text: str, time_zone: str) -> tuple[str, str, str | None]:
    """Expressions for prepared and value, and the condition under which the text cannot be read."""
    name, prepared = f'"{column.name}"', prepared_of(column)
    match column.type:
        case "id" | "text":
            return text, prepared, None
        case "enum":
            return f"lower({text})", "", f"{prepared} is not null and {name} is null"
        case "bool":
            words = choices(f"lower({_ascii_digits(prepared)})", BOOLEANS)
            return text, f"cast({words} as boolean)", f"{prepared} is not null and {name} is null"
        case "int" | "money" | "number":
            form = _INTEGER if column.type == "int" else _NUMBER
            digits = _ascii_digits(text)
            readable = f"case when regexp_full_match({digits}, '{form}') then replace({digits}, ',', '') end"
            value = f"try_cast({prepared} as {column.sql_type})"
            if column.type == "int":
                value = f"try_cast(try_cast({prepared} as decimal(38,0)) as bigint)"
            return readable, value, f"{text_of(column)} is not null and {prepared} is null"
        case "date" | "ts":
            parts = f"regexp_extract({_ascii_digits(text)}, '{_MOMENT}', {_PARTS})"
            value = _date(prepared, time_zone) if column.type == "date" else _timestamp(prepared, time_zone)
            no_end = _no_end(prepared) + (f" and {_midnight(prepared)}" if column.type == "date" else "")
            readable = f"case when {no_end} then null else {value} end"
            wrong = f"{text_of(column)} is not null and {name} is null and not coalesce({no_end}, false)"
            return parts, readable, wrong


def enum_value(column: Column, aliases: Mapping[str, str]) -> str:
    """The value of an enum column from its prepared (lower-case) text."""
    return choices(prepared_of(column), enum_words(column, aliases))


def enum_words(column: Column, aliases: Mapping[str, str]) -> dict[str, str]:
    """Every accepted word for a value of the enum, in lower case."""
    return {value.lower(): value for value in column.values} | dict(aliases)


def choices(expression: str, values: Mapping[str, str]) -> str:
    """The value that belongs to the expression's word; null for other words."""
    cases = " ".join(f"when {sql_literal(word)} then {sql_literal(value)}" for word, value in values.items())
    return f"case {expression} {cases} end"


def _ascii_digits(expression: str) -> str:
    return f"translate({expression}, '０１２３４５６７８９', '0123456789')"


def _day(parts: str) -> str:
    month = f"({parts}.m1 || {parts}.m2 || {parts}.m3)"
    day = f"({parts}.d1 || {parts}.d2 || {parts}.d3)"
    return f"({parts}.y || '-' || {month} || '-' || {day})"


def _no_end(parts: str) -> str:
    return f"try_cast({_day(parts)} as date) = date '9999-12-31'"


def _midnight(parts: str) -> str:
    """Whether the time part, as written, is absent or midnight."""
    return (
        f"({parts}.h in ('', '0', '00') and {parts}.i in ('', '00') "
        f"and rtrim({parts}.s, '0.') = '' and {parts}.z in ('', 'Z'))"
    )


def _timestamp(parts: str, time_zone: str) -> str:
    time = f"{parts}.h || ':' || {parts}.i || ':' || case when {parts}.s = '' then '00' else {parts}.s end"
    written = f"try_cast({_day(parts)} || case when {parts}.h = '' then '' else ' ' || {time} end as timestamp)"
    minutes = (
        f"case when {parts}.z = 'Z' then 0 else (case when {parts}.z[1] = '-' then -1 else 1 end) "
        f"* (cast({parts}.z[2:3] as integer) * 60 + cast({parts}.z[5:6] as integer)) end"
    )
    converted = f"timezone({sql_literal(time_zone)}, timezone('UTC', {written} - to_minutes({minutes})))"
    # Years that are out of range anyway stay as written: time zones are undefined that far out.
    far = f"{parts}.y not between '0002' and '9998'"
    return f"case when {parts}.z = '' or {far} then {written} else {converted} end"


def _date(parts: str, time_zone: str) -> str:
    moment = _timestamp(parts, time_zone)
    return f"""case
        when {parts}.h = '' then try_cast({_day(parts)} as date)
        when {moment} = date_trunc('day', {moment}) then cast({moment} as date) end"""


def _missing(column: Column, place: int) -> Iterator[tuple[str, int]]:
    if not column.required:
        return
    reason = "missing_key" if column.key else "missing_required"
    empty = f"{text_of(column)} is null"
    if column.type in {"date", "ts"}:
        day = f"coalesce({_no_end(prepared_of(column))}, false) and "
        no_end = day + (_midnight(prepared_of(column)) if column.type == "date" else "true")
        empty = f"({empty} or {no_end})"
    yield empty, code_of(reason, place)


def _id_findings(column: Column, place: int) -> Iterator[tuple[str, int]]:
    if column.type == "id":
        yield f'length("{column.name}") > {LONGEST_ID}', code_of("id_too_long", place)
        yield not_in_ids(f'"{column.name}"'), code_of("bad_id", place)


def _out_of_range(column: Column) -> Iterator[str]:
    name = f'"{column.name}"'
    if column.type in {"int", "money", "number"}:
        yield f"{prepared_of(column)} is not null and {name} is null"
    if column.type in {"date", "ts"}:
        yield f"year({name}) not between {FIRST_YEAR} and {LAST_YEAR}"
    if column.min is not None:
        yield f"{name} < {column.min}"
    if column.max is not None:
        yield f"{name} > {column.max}"
    for other, ranges in column.range_by.items():
        for value, (least, greatest) in ranges.items():
            yield f""""{other}" = {sql_literal(value)} and {name} not between {least} and {greatest}"""
