"""What is handed to Great Expectations together, and what comes back of each check."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.check import Check


@dataclass(frozen=True)
class Batch:
    """The rows that some checks look at together: a relation of the warehouse, and the key that names its rows."""

    name: str
    relation: str
    key: tuple[str, ...]
    owner: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says of one check; failed_rows is None where the expectation counts no rows."""

    passed: bool
    failed_rows: int | None = None
    error: str | None = None
    """Why the check could not be carried out."""
