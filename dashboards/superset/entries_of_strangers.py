"""How many entries of the audit record somebody who is not signed in can cause: so many an address and minute.

Each server process counts for itself, in memory that is bounded.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable
from threading import Lock

_MOST_COUNTED = 10_000  # of one minute; who comes after that many different ones is not on record in that minute
_SECONDS = 60


class EntriesOfStrangers:
    """Counts the entries of the minute that is passing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count by this clock, in seconds."""
        self._clock = clock
        self._minute = 0
        self._made: Counter[Hashable] = Counter()
        self._lock = Lock()

    def another(self, of: Hashable, most: int) -> bool:
        """Whether one more entry may be written; it is counted then.

        Args:
            of: address, and kind of entry.
            most: entries a minute.
        """
        with self._lock:
            if (minute := int(self._clock() // _SECONDS)) != self._minute:
                self._minute = minute
                self._made.clear()
            if self._made[of] >= most or (of not in self._made and len(self._made) >= _MOST_COUNTED):
                return False
            self._made[of] += 1
            return True
