"""What a check is: its name, how grave a failure is, who mends it, and the words in which people are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from expectations.rules import Rule

Severity = Literal["blocking", "warning"]
Stage = Literal["raw", "marts"]


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Check:
    """One statement about a table that is true or false.

    `meaning` says why it matters, `remedy` what to do when it fails.
    """

    name: str
    severity: Severity
    rule: Rule
    label: Text
    meaning: Text
    remedy: Text


@dataclass(frozen=True)
class TableSuite:
    """The checks of one table, and the team that answers for them."""

    table_name: str
    system: str
    owner: str
    title: Text
    key: tuple[str, ...]
    relation: str
    """What the checks read: a table or view of the catalog that checked_rows.py prepares, or of the warehouse."""
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class SystemSuite:
    """What a source system's own file says: the team, and the checks that the contract does not imply."""

    system: str
    owner: str
    checks: dict[str, tuple[Check, ...]]
    """{table without its system: checks}."""
