"""What a check is: its name, its severity, its owner, and the texts that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from expectations.rules import Rule

Severity = Literal["blocking", "warning"]
Stage = Literal["raw", "marts"]


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

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
    """The checks of one table, and the team that owns them."""

    table_name: str
    system: str
    owner: str
    title: Text
    key: tuple[str, ...]
    relation: str
    """What the checks read: a table or view of the catalog that checked_rows.py prepares, or of the warehouse."""
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class DeliveryCheck:
    """A check with one result per table; the messages are filled from the table's line in quality.deliveries."""

    check: Check
    failed: str
    """Expression over the line: how many rows (files, tables) fail, when it fails."""
    checked: str
    """Expression over the line: how many were checked."""
    passed_message: Text
    failed_message: Text


@dataclass(frozen=True)
class ProfileCheck:
    """A check of a table's lines in quality.profiles, with the measures it covers and how messages name them."""

    check: Check
    measures: Mapping[str, Text]
