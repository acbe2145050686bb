"""Redacts delivered values that a library's error message may quote, before a notification leaves the bank."""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"(?<!\w)'(?!/)[^'\n]*'(?!\w)"  # neither an apostrophe within a word nor a path
    r'|"(?!/)[^"\n]*"'
    r"|“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」"
)
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
_LONGEST = 600


def redact(text: str) -> str:
    """The first line of the text without quoted words and long numbers (mobile, identity, card numbers)."""
    first = text.strip().splitlines()[0] if text.strip() else ""
    return _LONG_NUMBER.sub("…", _QUOTED.sub("'…'", first))[:_LONGEST]
