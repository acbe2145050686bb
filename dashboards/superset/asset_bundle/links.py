"""Links to a tab with filters set, as Superset reads them from an address (rison); ids are the same everywhere."""

from __future__ import annotations

from typing import Any

from . import numbers

QUARTER_FILTER = "quarter"
_QUOTE = "%27"


def filter_id(name: str) -> str:
    """The id of a native filter."""
    return f"NATIVE_FILTER-{name}"


def tab_id(name: str) -> str:
    """The id of a tab; the part of an address behind # opens it."""
    return f"TAB-{name}"


def row_state_sql(more: dict[str, Any], language: str) -> str:
    """SQL of the filters under which a number's list opens: the number's own quarter and group, and `more`."""
    group_by, group = numbers.picked("group_by"), numbers.picked(f"group_label_{language}")
    states = [
        _state_sql(f"'{QUARTER_FILTER}'", "'period'", numbers.picked("period")),
        f"case when {group_by} <> 'all' then {_state_sql(group_by, group_by, group)} end",
        *(_state_sql(_text(name), _text(name), _text(value)) for name, value in more.items()),
    ]
    return f"concat_ws(',', {', '.join(states)})"


def _state_sql(name: str, column: str, value: str) -> str:
    """SQL of one filter's state; name, column and value are SQL themselves."""
    # Rison escapes a quote by an exclamation mark; the address escapes what may not stand in one.
    quoted = f"'{_QUOTE}', url_encode(replace({value}, '''', '!''')), '{_QUOTE}'"
    key = f"'{filter_id('')}', {name}"
    return (
        f"concat({key}, ':(extraFormData:(filters:!((col:', {column}, ',op:IN,val:!(', {quoted}, ')))),"
        f"filterState:(value:!(', {quoted}, ')),id:', {key}, ',ownState:())')"
    )


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"
