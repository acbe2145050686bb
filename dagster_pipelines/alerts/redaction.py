"""Error messages of libraries may quote a delivered value; what leaves the house must not."""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"(?<!\w)'(?!/)[^'\n]*'(?!\w)"  # an apostrophe within a word is no quotation, and a path is no value
    r'|"(?!/)[^"\n]*"'
    r"|“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」"
)
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
_LONGEST = 600


def redact(text: str) -> str:
    """The first line of the text, with quoted words and long numbers (mobile, identity, card numbers) blotted out."""
    first = text.strip().splitlines()[0] if text.strip() else ""
    return _LONG_NUMBER.sub("…", _QUOTED.sub("'…'", first))[:_LONGEST]
