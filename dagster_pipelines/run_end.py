"""How a run ended, in this product's own terms, so that alerts need not load Dagster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from needloop.settings import Settings


@dataclass(frozen=True)
class Verdict:
    """The result of one asset check."""

    asset: str
    """The asset's key, its parts joined by slashes."""
    check: str
    passed: bool
    blocking: bool
    message: str
    failing_rows: int | None


@dataclass(frozen=True)
class RunEnd:
    """How a run ended."""

    run_id: str
    ended_at: datetime
    """Aware."""
    release_id: str | None
    """The release that it published; None when nothing was new or nothing could be published."""
    verdicts: tuple[Verdict, ...]
    succeeded: bool
    error: str | None
    """The message of the error that ended it; None after success."""
    error_class: str | None
    trace: str
    """All errors with their stacks."""
    built_everything: bool = False
    """Whether the run built every model and ran every data test, not only those downstream of new rows."""

    release_is_up_to_date: bool = False
    """Whether the run looked into the landing zone and found that the published release needs no other."""

    @property
    def closed_gate(self) -> tuple[Verdict, ...]:
        """The blocking checks that failed."""
        return tuple(verdict for verdict in self.verdicts if verdict.blocking and not verdict.passed)


def keep_trace(settings: Settings, end: RunEnd) -> Path:
    """Writes the errors of a failed run, with their stacks, into <data>/logs; returns the file. Raises OSError."""
    file = settings.data / "logs" / f"run-{end.run_id}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(end.trace, "utf-8")
    return file
