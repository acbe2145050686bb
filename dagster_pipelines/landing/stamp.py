"""What every raw row records about the file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stamp:
    """The bookkeeping columns that all rows of one file share."""

    file: str
    loaded_at: datetime
    batch_id: str
    load_id: int
