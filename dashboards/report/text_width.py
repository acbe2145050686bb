"""How wide text is when written: an estimate without fonts, so that every machine lays a report out the same."""

from __future__ import annotations

import unicodedata


def text_width(text: str, size: float) -> float:
    """About how wide the widest line is, in the unit of `size`: full-width characters are as wide as they are high."""
    return max(
        (
            sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.58 for c in line) * size
            for line in text.split("\n")
        ),
        default=0.0,
    )
