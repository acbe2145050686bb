"""A problem, in the words of its notification, and the findings of one inspection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from expectations.check import Severity, Text

Kind = Literal["check", "data_test", "gate", "run", "delivery", "disk", "release"]

OPERATIONS = "数据平台运维 Operations"
"""Owner of the installation itself."""
PIPELINE = "pipeline"
"""System of problems that no source system causes."""


@dataclass(frozen=True)
class Problem:
    """One problem. Its texts hold no row values and no personal data."""

    key: str
    """Stable across runs; at most one incident is open per key."""
    kind: Kind
    severity: Severity
    system: str
    owner: str
    where: str
    """The table, or the part of the installation."""
    title: Text
    what: Text
    remedy: Text
    rows: int | None = None
    """Failing rows (files, tables), None where the problem is not about rows."""
    checked_rows: int | None = None
    details: str | None = None
    """Path to the details, below the data folder."""
    keys: str | None = None
    """Path to the list of the failing rows' keys, below the data folder."""


@dataclass(frozen=True)
class Findings:
    """What an inspection found: problems, and keys known to be clear. Other open incidents are unaffected."""

    problems: tuple[Problem, ...] = ()
    cleared: frozenset[str] = frozenset()
    """Keys of problems that were checked for and are absent."""
    complete_prefixes: tuple[str, ...] = ()
    """Key prefixes that were checked completely: a key below one that is not among the problems is clear."""

    def clears(self, key: str) -> bool:
        """Whether these findings resolve an open incident with this key."""
        if any(problem.key == key for problem in self.problems):
            return False
        return key in self.cleared or key.startswith(self.complete_prefixes)


def merge(all_findings: Iterable[Findings]) -> Findings:
    """Merges several findings into one."""
    parts = tuple(all_findings)
    return Findings(
        problems=tuple(problem for part in parts for problem in part.problems),
        cleared=frozenset(key for part in parts for key in part.cleared),
        complete_prefixes=tuple(prefix for part in parts for prefix in part.complete_prefixes),
    )
