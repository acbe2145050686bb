"""What happened to the delivered files: one outcome per file, one summary per run of the loader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["taken", "refused", "repeat_of"]


@dataclass(frozen=True)
class FileOutcome:
    """What happened to one file. For a taken file, rows = loaded + ignored + rejected."""

    file: str
    """Path relative to the landing zone, with forward slashes."""
    table: str
    """system.table"""
    status: Status
    reason: str | None = None
    """The reason for a refusal; for a repeat, the file that first had the same content."""
    message: str | None = None
    rows: int = 0
    loaded: int = 0
    ignored: int = 0
    rejected: int = 0
    erased: int = 0
    """Ignored rows that belong to erased customers."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Notice:
    """Something a person should know although it stops nothing, such as an unknown folder or header."""

    file: str
    """Where it was first noticed."""
    kind: str
    """left_alone, unknown_header, erased_customers or still_written"""
    subject: str
    """What the notice is about; each subject is reported once, not for every file."""
    message: str


@dataclass
class LoadSummary:
    """What one run of the loader did. No outcomes means no new files."""

    batch_id: str
    outcomes: list[FileOutcome] = field(default_factory=list)
    changed_tables: list[str] = field(default_factory=list)
    """Raw tables with at least one new row, as system__table, each once."""
    notices: list[Notice] = field(default_factory=list)
    """Notices that no earlier run has reported."""
