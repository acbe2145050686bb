"""What every raw row tells of the file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stamp:
    """What every row of one file carries."""

    file: str
    loaded_at: datetime
    batch_id: str
    load_id: int
