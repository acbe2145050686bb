"""The limits of the checks, as read from thresholds.yml."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from needloop.contract.model import Table

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RejectRate(_Strict):
    """Share of a delivery's rows that may be rejected, and what is judged in deliveries of fewer rows."""

    limit: float = Field(ge=0, le=1)
    least_rows: int = Field(ge=1)
    limit_of_few: float = Field(ge=0, le=1)
    least_rejected_of_few: int = Field(ge=1)


class Volume(_Strict):
    """How far the rows of a day or week may lie from the weeks before: in spreads, and at least in shares."""

    weeks: int = Field(ge=4)
    limit: float = Field(gt=0)
    least_share: float = Field(ge=0, lt=1)
    least_rows: int = Field(ge=1)
    gap_days: int = Field(ge=2)
    catch_up_days: int = Field(ge=0)


class Cadence(_Strict):
    """A table that came on this share of the latest days of delivery is expected on each."""

    deliveries: int = Field(ge=4)
    share: float = Field(gt=0, le=1)


class Profile(_Strict):
    """How far a measure of a column may lie from the weeks before, in spreads, and by how much at least."""

    weeks: int = Field(ge=4)
    least_weeks: int = Field(ge=3)
    limit: float = Field(gt=0)
    least_rows: int = Field(ge=1)
    few_rows: int = Field(ge=1)
    least_change_of_few: float = Field(gt=0)
    least_change: dict[str, float]
    known_later: dict[str, tuple[str, ...]]
    least_change_known_later: float = Field(ge=0, le=1)
    in_waves: dict[str, tuple[str, ...]]

    def change_of(self, table: str, column: str, measure: str) -> float:
        """The least change of a measure that is an alarm."""
        if measure == "mix" and column in self.in_waves.get(table, ()):
            return 1  # no share changes by more
        if measure in {"nulls", "mix"} and column in self.known_later.get(table, ()):
            return self.least_change_known_later
        return self.least_change[measure]


class Freshness(_Strict):
    """The days that a table may lag behind as_of, None: not judged, and the column by which that is told."""

    column: str | None = None
    """None: the contract's column of when a row was written."""
    days: int | None = Field(default=None, ge=0)


class Bounds(_Strict):
    """Inclusive bounds of a published value; None is no bound."""

    least: float | None
    greatest: float | None


class MetricJump(_Strict):
    """How far a total may move from one release to the next: in usual steps between quarters, and in shares."""

    limit: float = Field(gt=0)
    least_share: float = Field(ge=0)
    least_n: int = Field(ge=1)


class Thresholds(_Strict):
    """All limits."""

    reject_rate: RejectRate
    volume: Volume
    cadence: Cadence
    profile: Profile
    freshness: dict[str, Freshness]
    volume_columns: dict[str, str]
    days_without_delivery: dict[str, int | None]
    metric_bounds: dict[str, Bounds]
    unbounded: tuple[str, ...]
    metric_jump: MetricJump
    peak_days: dict[str, tuple[str, ...]]
    history_days: int = Field(ge=1)
    failing_keys: int = Field(ge=20)

    def is_often_delivered(self, table: str) -> bool:
        """Whether the table may be missed after a month; what comes seldom can come daily for a while by chance."""
        days = self.days_between_deliveries(table)
        return days is not None and days <= 31

    def has_peak(self, table: str, last_day: date, days: int) -> bool:
        """Whether one of the days up to `last_day` is unlike its neighbours every year, and so cannot be judged."""
        peaks = self.peak_days.get(table, ())
        return any(f"{last_day - timedelta(days=back):%m-%d}" in peaks for back in range(days))

    def freshness_of(self, table: Table) -> tuple[str, int | None]:
        """The column that tells a table's latest data, and the days it may lag behind as_of; None: not judged."""
        freshness = self.freshness.get(table.full_name, Freshness())
        return freshness.column or table.written_column, freshness.days

    def days_between_deliveries(self, table: str) -> int | None:
        """Days that a table may go without a new file; None: it is not judged."""
        return self.days_without_delivery.get(table, self.days_without_delivery["default"])


@cache
def load_thresholds() -> Thresholds:
    """Reads thresholds.yml; raises pydantic.ValidationError, which names the entry, when one is not understood."""
    return Thresholds.model_validate(yaml.safe_load(THRESHOLDS_FILE.read_text("utf-8")))
