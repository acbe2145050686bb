"""The limits of the checks, as read from thresholds.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RejectRate(_Strict):
    """Share of a delivery's rows that may be rejected; deliveries with fewer rows are not judged."""

    limit: float = Field(ge=0, le=1)
    least_rows: int = Field(ge=1)


class Volume(_Strict):
    """How far the rows of a day or week may lie from what the weeks before had, in spreads."""

    weeks: int = Field(ge=4)
    limit: float = Field(gt=0)
    least_rows: int = Field(ge=1)


class Freshness(_Strict):
    """The column that tells a table's latest data, and the days it may lag behind as_of; None: not judged."""

    column: str
    days: int | None = Field(ge=0)


class Bounds(_Strict):
    """Inclusive bounds of a published value; None is no bound."""

    least: float | None
    greatest: float | None


class Thresholds(_Strict):
    """All limits."""

    reject_rate: RejectRate
    volume: Volume
    freshness: dict[str, Freshness]
    volume_columns: dict[str, str]
    days_without_delivery: dict[str, int | None]
    metric_bounds: dict[str, Bounds]
    unbounded: tuple[str, ...]
    history_days: int = Field(ge=1)
    failing_keys: int = Field(ge=20)

    def days_between_deliveries(self, table: str) -> int | None:
        """Days that a table may go without a new file; None: it is not judged."""
        return self.days_without_delivery.get(table, self.days_without_delivery["default"])


@cache
def load_thresholds() -> Thresholds:
    """Reads thresholds.yml; raises pydantic.ValidationError, which names the entry, when one is not understood."""
    return Thresholds.model_validate(yaml.safe_load(THRESHOLDS_FILE.read_text("utf-8")))
