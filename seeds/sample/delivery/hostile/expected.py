"""What a loader should report about the hostile delivery, collected while it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TAKEN, REFUSED, REPEAT = "taken", "refused", "repeat_of"
LOAD_COLUMNS = ("file", "table", "rows", "loaded", "ignored", "rejected", "status", "reason", "detail")
REJECT_COLUMNS = ("file", "line", "table", "column", "reason")


@dataclass(frozen=True)
class Reject:
    """A rejected row: where it starts and why."""

    line: int
    column: str
    reason: str


@dataclass
class Expected:
    """Reports by file, written as CSV at the end."""

    loads: list[tuple[str | int, ...]] = field(default_factory=list)
    rejects: list[tuple[str | int, ...]] = field(default_factory=list)
    left_alone: list[tuple[str]] = field(default_factory=list)

    def taken(self, file: str, table: str, rows: int, ignored: int = 0, rejects: Iterable[Reject] = ()) -> None:
        """A loaded file, with its rejected rows."""
        refused = list(rejects)
        loaded = rows - ignored - len(refused)
        self.loads.append((file, table, rows, loaded, ignored, len(refused), TAKEN, "", ""))
        self.rejects += [(file, reject.line, table, reject.column, reject.reason) for reject in refused]

    def not_taken(self, file: str, table: str, status: str, reason: str, detail: str = "") -> None:
        """A file that is refused, or was delivered before; `detail` is an offset or the earlier file."""
        self.loads.append((file, table, 0, 0, 0, 0, status, reason, detail))

    def write(self, folder: Path) -> None:
        """loads.csv, rejects.csv and left_alone.csv, in the order of the files."""
        folder.mkdir(parents=True, exist_ok=True)
        by_path = lambda row: (str(row[0]).encode(), row[1:2])  # noqa: E731
        for name, columns, rows in (
            ("loads.csv", LOAD_COLUMNS, self.loads),
            ("rejects.csv", REJECT_COLUMNS, self.rejects),
            ("left_alone.csv", ("path",), self.left_alone),
        ):
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows(sorted(rows, key=by_path))  # type: ignore[arg-type,unused-ignore]
