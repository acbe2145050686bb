"""What became of the delivered files: one outcome a file, one summary a run of the loader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["taken", "refused", "repeat_of"]


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file. For a file that was taken, rows = loaded + ignored + rejected."""

    file: str
    """Path relative to the landing zone, with forward slashes."""
    table: str
    """system.table"""
    status: Status
    reason: str | None = None
    """The reason of a refusal; of a repeat, the file that brought the same content first."""
    message: str | None = None
    rows: int = 0
    loaded: int = 0
    ignored: int = 0
    rejected: int = 0
    erased: int = 0
    """Those of the ignored rows that belong to customers who were erased."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Notice:
    """Something that a person should know though it stops nothing: a folder or a header that no table knows."""

    file: str
    """Where it was noticed first."""
    kind: str
    """left_alone, unknown_header, erased_customers or still_written"""
    subject: str
    """What the notice is about; each subject is noticed once, not in every file that has it."""
    message: str


@dataclass
class LoadSummary:
    """What one run of the loader did. Without outcomes there was nothing new."""

    batch_id: str
    outcomes: list[FileOutcome] = field(default_factory=list)
    changed_tables: list[str] = field(default_factory=list)
    """Raw tables that got at least one new row, as system__table, each once."""
    notices: list[Notice] = field(default_factory=list)
    """Notices that were not reported by an earlier run."""
