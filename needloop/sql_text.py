"""Names and values as SQL text, where a statement cannot take them as parameters (ATTACH, COPY, identifiers)."""

from __future__ import annotations


def sql_name(name: str) -> str:
    """The identifier in double quotes, its own doubled."""
    return '"' + name.replace('"', '""') + '"'


def sql_literal(value: object) -> str:
    """The value's text as a string literal, its single quotes doubled."""
    return "'" + str(value).replace("'", "''") + "'"
