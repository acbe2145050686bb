"""A delivered file as the checks see it, whatever its format: headers, and rows of texts with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import duckdb


@dataclass(frozen=True)
class SourceInfo:
    """What is known about a file before its rows are read."""

    headers: tuple[str, ...]
    """As delivered, in order; empty for an empty file."""
    header_line: str | None
    """The header record as delivered, if the format has one."""
    encoding: str | None
    may_hold_nul: bool
    quoted_fields: bool
    """Whether a field that starts with a quote is quoted (CSV) or literal text."""
    headers_lost: bool = False
    """Whether all rows are broken, so that the headers are unknown."""


class Source(Protocol):
    """Reads a file of one format."""

    @property
    def info(self) -> SourceInfo:
        """Headers and encoding."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether the file has neither header nor records."""
        ...

    def fault_of(self, error: duckdb.Error) -> Exception:
        """What to raise when reading the rows fails: a refusal if the file is at fault, otherwise the error itself."""
        ...

    def rows(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Make the rows readable once and return the SQL that selects them.

        The columns are line, f0 … fN (one per header; text or null), record (the row as delivered) and fault (0 or a
        reason code).
        """
        ...
