"""A delivered file as the checking sees it, whatever its format: headers, and rows of texts with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import duckdb


@dataclass(frozen=True)
class SourceInfo:
    """What is known of a file before its rows are read."""

    headers: tuple[str, ...]
    """As delivered, in their order; empty for an empty file."""
    header_line: str | None
    """The header record as delivered, where the format has one."""
    encoding: str | None
    may_hold_nul: bool
    quoted_fields: bool
    """Whether a field that starts with a quote is in quotes (CSV) or is that text."""
    headers_lost: bool = False
    """Whether there are rows, but none from which headers could be known: all are broken."""


class Source(Protocol):
    """One format's way to read a file."""

    @property
    def info(self) -> SourceInfo:
        """Headers and encoding."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether the file holds nothing at all: neither header nor record."""
        ...

    def fault_of(self, error: duckdb.Error) -> Exception:
        """What to raise when reading the rows failed: a refusal if the file is at fault, else the error itself."""
        ...

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Makes the rows readable once and gives the SQL that selects them.

        The columns are line, f0 … fN (one a header; text or null), record (the row as delivered) and fault (0 or a code
        of reasons).

        """
        ...
