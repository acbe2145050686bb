"""Names and values as SQL text, where a statement takes no parameters (ATTACH, COPY, identifiers)."""

from __future__ import annotations


def sql_name(name: str) -> str:
    """The name as a double-quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_literal(value: object) -> str:
    """The value's text as a string literal."""
    return "'" + str(value).replace("'", "''") + "'"
