"""One pass over a file's bytes: its content hash, and the counts by which fast_csv proves it plain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dagster_pipelines.landing.content import BLOCK, Utf8Check

_FIRST_PRINTABLE = 32
_QUOTE = 34
_DELETE = b"\x7f"


@dataclass(frozen=True)
class ByteProfile:
    """The counts of a file."""

    content_hash: str
    """SHA-256 in hexadecimal."""
    size: int
    is_utf8: bool
    has_nul: bool
    is_ascii: bool
    control_bytes: int
    """Bytes below 0x20, and DEL."""
    line_feeds: int
    returns: int
    return_feeds: int
    """Pairs of CR and LF."""
    spaces: int
    quotes: int
    spaced_quotes: int
    """Quotes right after a space."""
    delimiters: int
    ends_with_line_feed: bool


def profile_bytes(path: Path, delimiter: bytes) -> ByteProfile:
    """Read the file once, block by block. Raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    utf8 = Utf8Check()
    counts = dict.fromkeys((b"\n", b"\r", b"\r\n", b" ", b'"', b' "', delimiter), 0)
    is_ascii, control, last = True, 0, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            utf8.feed(block)
            is_ascii = is_ascii and block.isascii()
            values = np.frombuffer(block, np.uint8)
            control += int(np.count_nonzero(values < _FIRST_PRINTABLE)) + block.count(_DELETE)
            for byte in (b"\n", b" ", delimiter):
                counts[byte] += int(np.count_nonzero(values == byte[0]))
            if b"\r" in block or last == b"\r":
                counts[b"\r"] += block.count(b"\r")
                counts[b"\r\n"] += block.count(b"\r\n") + (last == b"\r" and block.startswith(b"\n"))
            if b'"' in block:
                counts[b'"'] += int(np.count_nonzero(values == _QUOTE))
                counts[b' "'] += block.count(b' "') + (last == b" " and block.startswith(b'"'))
            last = block[-1:]
    utf8.finish()
    return ByteProfile(
        content_hash=digest.hexdigest(),
        size=utf8.size,
        is_utf8=utf8.first_invalid is None,
        has_nul=utf8.has_nul,
        is_ascii=is_ascii,
        control_bytes=control,
        line_feeds=counts[b"\n"],
        returns=counts[b"\r"],
        return_feeds=counts[b"\r\n"],
        spaces=counts[b" "],
        quotes=counts[b'"'],
        spaced_quotes=counts[b' "'],
        delimiters=counts[delimiter],
        ends_with_line_feed=last == b"\n",
    )
