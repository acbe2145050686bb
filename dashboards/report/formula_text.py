"""Text that a spreadsheet would take for a formula: how it is recognised, and how it is made harmless."""

from __future__ import annotations

import re

FORMULA_START = "^[=+\\-@＝＋－＠\t\r\n]"
"""How such a text begins, as Python's `re` and RE2 both read it."""
_BEGINS = re.compile(FORMULA_START)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula if a user typed it."""
    return _BEGINS.match(text) is not None


def csv_cell(text: str) -> str:
    """The text for a cell of a CSV file: with an apostrophe before what looks like a formula."""
    return f"'{text}" if looks_like_formula(text) else text
