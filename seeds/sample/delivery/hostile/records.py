"""Rows to be written into a file: their cells and the expected outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

from seeds.sample.delivery.hostile.expected import Reject

LOADED, IGNORED, BLANK = "loaded", "ignored", "blank"


@dataclass(frozen=True)
class Row:
    """One row; a refused one has the reason as its verdict, and the column to blame."""

    cells: dict[str, str]
    verdict: str = LOADED
    column: str = ""


@dataclass
class Draft:
    """A file before it is written: its path in the zone, its columns and rows."""

    name: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Rows in the file; blank lines are none."""
        return sum(row.verdict != BLANK for row in self.rows)

    @property
    def ignored(self) -> int:
        """Rows that repeat what was taken before."""
        return sum(row.verdict == IGNORED for row in self.rows)

    def rejects(self, lines: list[int]) -> list[Reject]:
        """The refused rows, each with the line on which it starts."""
        return [
            Reject(line, row.column, row.verdict)
            for line, row in zip(lines, self.rows, strict=True)
            if row.verdict not in {LOADED, IGNORED, BLANK}
        ]


def spread(rows: list[Row], more: list[Row]) -> list[Row]:
    """The rows with more of them put in at even distances, never first."""
    result = list(rows)
    for number, row in enumerate(more, start=1):
        result.insert(max(1, len(rows) * number // (len(more) + 1)) + number - 1, row)
    return result
