"""A run's output for the person who started it: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.status import Status

if TYPE_CHECKING:
    from dagster_pipelines.landing.outcome import FileOutcome, LoadSummary
    from dagster_pipelines.transformation.pending import Pending


class Progress:
    """Prints steps as they run. Silent with `enabled=False`, as in runs of Dagster's daemon."""

    def __init__(self, *, enabled: bool) -> None:
        self._console = Console(quiet=not enabled, highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._step = ""
        self._files = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step of the run; prints its duration when it succeeds."""
        started = time.monotonic()
        self._step = name
        if self._console.is_terminal:
            with self._console.status(name) as self._status:
                yield
            self._status = None
        else:
            yield
        self.line(f"{name}: {time.monotonic() - started:.1f} s")

    def line(self, text: str) -> None:
        """One line, unstyled."""
        self._console.print(escape(text))

    def warn(self, text: str) -> None:
        """One line that deserves attention."""
        self._console.print(escape(text), style="yellow")

    def file(self, outcome: FileOutcome) -> None:
        """Called for each file that the landing step has dealt with."""
        self._files += 1
        if self._status is not None:
            self._status.update(escape(f"{self._step}: {self._files} files, last {outcome.file}"))
        if outcome.status == "refused":
            self.warn(f"refused {outcome.file}: {outcome.message}")

    def landing(self, summary: LoadSummary, pending: Pending) -> None:
        """What the landing step found."""
        taken = [o for o in summary.outcomes if o.status == "taken"]
        if taken:
            rejected = sum(o.rejected for o in taken)
            self.line(
                f"{len(taken)} new files with {sum(o.rows for o in taken):,} rows: "
                f"{sum(o.loaded for o in taken):,} loaded, {sum(o.ignored for o in taken):,} ignored, "
                f"{rejected:,} rejected"
            )
            if rejected:
                self.warn("`needloop rejects` shows the rejected rows with line, column and reason.")
        for notice in summary.notices:
            self.warn(notice.message)
        self.line(f"To do: {pending.reason}." if pending else "Nothing new; the published release is up to date.")
