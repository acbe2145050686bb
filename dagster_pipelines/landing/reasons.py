"""The contract's reasons for rejecting a row, in order of precedence, as sortable codes.

A row has one reason: the first of this list, then the first column in the contract's order. So every finding is a
number, rank x 1000 + position of the column, and a row's smallest number wins.
"""

from __future__ import annotations

ROW_REASONS = (
    "bad_json",
    "nul_byte",
    "ragged_row",
    "unclosed_quote",
    "missing_key",
    "id_too_long",
    "bad_id",
    "missing_required",
    "bad_enum",
    "bad_int",
    "bad_money",
    "bad_date",
    "bad_timestamp",
    "bad_bool",
    "out_of_range",
    "conflicting_duplicate",
)
NO_COLUMN = 999
_PLACES = 1000


def code_of(reason: str, place: int = NO_COLUMN) -> int:
    """The code of a reason for the column at position `place` (from 0) of the contract."""
    return (ROW_REASONS.index(reason) + 1) * _PLACES + place


def reason_of(code: int) -> str:
    """The reason of a code."""
    return ROW_REASONS[code // _PLACES - 1]


def place_of(code: int) -> int | None:
    """The column's position in a code; None if the reason concerns the whole row."""
    place = code % _PLACES
    return None if place == NO_COLUMN else place
