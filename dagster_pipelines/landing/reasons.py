"""The reasons for which the contract refuses a row, in the order in which they count, as sortable codes.

A row has one reason: the first of this list, then the first column in the contract's order. So every finding is a
number, rank x 1000 + place of the column, and the least number of a row wins.
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
    """The code of a reason at the column that stands at `place` (from 0) in the contract."""
    return (ROW_REASONS.index(reason) + 1) * _PLACES + place


def reason_of(code: int) -> str:
    """The reason in a code."""
    return ROW_REASONS[code // _PLACES - 1]


def place_of(code: int) -> int | None:
    """The column's place in a code; None when the reason concerns the whole row."""
    place = code % _PLACES
    return None if place == NO_COLUMN else place
