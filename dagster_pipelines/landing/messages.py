"""The message of a rejected row: what was found, what is expected, what to do. `{found}` is the offending text."""

from __future__ import annotations

from dagster_pipelines.landing.reasons import place_of, reason_of
from dagster_pipelines.landing.value_rules import FIRST_YEAR, LAST_YEAR, LONGEST_ID
from needloop.contract.model import Column, Table

LONGEST_QUOTE = 60
_WHOLE_ROW = {
    "bad_json": "The line is not a JSON object. "
    "Write one object per line, with its keys in double quotes, and deliver it again.",
    "nul_byte": "The row contains a NUL byte. Export it again without NUL bytes.",
    "ragged_row": "The row has more or fewer fields than the header. "
    "Enclose fields that contain the delimiter, a quote or a line break in double quotes, and deliver the row again.",
    "unclosed_quote": "A quoted field that starts in this row is never closed. "
    "Close it with a double quote, and deliver this row and all rows after it again.",
}
_EXPECTED_FORM = {
    "int": "a whole number",
    "money": "a number with a decimal point, without currency or exponent",
    "number": "a number with a decimal point, without currency or exponent",
    "date": "a valid date such as 2026-09-30, 2026/9/30 or 20260930",
    "ts": "a date and time such as 2026-09-30 17:05:00, with Z or +08:00 if it is not the bank's local time",
    "bool": "true or false, 1 or 0, yes or no, 是 or 否",
}


def message_template(table: Table, code: int) -> str:
    """The message for a reason code; it holds {found} if the column may be quoted."""
    reason, place = reason_of(code), place_of(code)
    if place is None:
        return _WHOLE_ROW[reason]
    return _sentence(reason, table.columns[place])


def _sentence(reason: str, column: Column) -> str:  # noqa: PLR0911  (one message per reason)
    name = column.name
    found = "'{found}' in" if not column.is_kept_back else "The value (not shown: personal data) in"
    match reason:
        case "nul_byte":
            return f"The value of {name} contains a NUL byte. Export the row again without it."
        case "missing_key":
            return f"The key {name} is empty. Every row needs its key: fill it in and deliver the row again."
        case "missing_required":
            return f"{name} is empty, but required. Fill it in and deliver the row again."
        case "id_too_long":
            return (
                f"{found} {name} is too long: an id has at most {LONGEST_ID} characters. "
                "Correct it and deliver the row again."
            )
        case "bad_id":
            return (
                f"{found} {name} is not an id: ids contain no white space or control characters. "
                "Correct it and deliver the row again."
            )
        case "bad_enum":
            return (
                f"{found} {name} is not one of {', '.join(column.values)}. Correct it, "
                "or map the bank's word to one of them in mapping.yml, and deliver the row again."
            )
        case "out_of_range":
            return (
                f"{found} {name} is out of range: expected {_expected_range(column)}. "
                "Correct it and deliver the row again."
            )
        case "conflicting_duplicate":
            return (
                f"An event with the same {name} but different content was already loaded. Events are never changed: "
                "deliver a new event with a new key, or void the old one with a row that has void = true."
            )
        case _:
            return (
                f"{found} {name} is invalid: expected {_EXPECTED_FORM[column.type]}. "
                "Correct it and deliver the row again."
            )


def _expected_range(column: Column) -> str:
    if column.range_by:
        return "; ".join(
            f"{least} to {greatest} where {other} is {value}"
            for other, ranges in column.range_by.items()
            for value, (least, greatest) in ranges.items()
        )
    if column.type in {"date", "ts"}:
        return f"a year from {FIRST_YEAR} to {LAST_YEAR}"
    digits = (
        ""
        if column.type == "int"
        else f" with at most {column.precision - column.scale} digits before the decimal point"
    )
    match column.min, column.max:
        case None, None:
            return f"a number{digits}" if digits else "a 64-bit whole number"
        case least, None:
            return f"a number of at least {least}{digits}"
        case None, greatest:
            return f"a number of at most {greatest}{digits}"
        case _:
            return f"a number from {column.min} to {column.max}"
