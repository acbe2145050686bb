"""What is wrong, in the words in which people are told; and what a look at something found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from expectations.check import Severity, Text

Kind = Literal["check", "data_test", "gate", "run", "delivery", "disk", "release"]

OPERATIONS = "数据平台运维 Operations"
"""Who answers for the installation itself."""
PIPELINE = "pipeline"
"""The system of problems that belong to no source system."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. Its texts hold no row values and nothing personal."""

    key: str
    """The same for the same problem in every run; at most one incident is open for a key."""
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
    """Failing rows (files, tables), None where rows are not the matter."""
    checked_rows: int | None = None
    details: str | None = None
    """Where more is to be seen: a path below the data folder."""
    keys: str | None = None
    """Where the keys of the failing rows are listed: a path below the data folder."""


@dataclass(frozen=True)
class Findings:
    """What a look found: problems, and what is known to be well now. All else stays as it was."""

    problems: tuple[Problem, ...] = ()
    cleared: frozenset[str] = frozenset()
    """Keys of problems that were looked for and are not there."""
    complete_prefixes: tuple[str, ...] = ()
    """Beginnings of keys of which everything was looked at: what is not among the problems is well."""

    def clears(self, key: str) -> bool:
        """Whether an open incident with this key is over."""
        if any(problem.key == key for problem in self.problems):
            return False
        return key in self.cleared or key.startswith(self.complete_prefixes)


def merge(all_findings: Iterable[Findings]) -> Findings:
    """Several looks as one."""
    looks = tuple(all_findings)
    return Findings(
        problems=tuple(problem for look in looks for problem in look.problems),
        cleared=frozenset(key for look in looks for key in look.cleared),
        complete_prefixes=tuple(prefix for look in looks for prefix in look.complete_prefixes),
    )
