"""What a fault of the machine means, and what to do about it, read off what the system or a library says of it."""

from __future__ import annotations

import re

from needloop.settings import Settings

_FAULTS = (
    (
        r"no space left|disk is full|database or disk is full|disk quota|errno 28|enospc|file too large|errno 27",
        "The disk of {data} is full. Make room on it, two gigabytes at least, then run again",
    ),
    (
        r"read-only file system|errno 30|readonly database|permission denied|errno 13|unable to open database file",
        "The data folder {data} cannot be written. Give its permissions to the user who runs Needloop, or mount its "
        "disk writable, then run again",
    ),
    (
        r"corrupt|not a valid duckdb database|checksum|malformed|serialization error|failed to load metadata|"
        r"does not match",
        "The warehouse {warehouse} is damaged. Restore it with `needloop restore --from BACKUP --yes`; without a "
        "backup move it away and run `needloop run --full-refresh`, which loads the landing zone anew (closed quarters "
        "are in backups only)",
    ),
    (
        r"could not set lock|conflicting lock|database is locked",
        "Another program has {warehouse} open. Close it, then run again",
    ),
    (
        r"out of memory|memory limit|memoryerror|errno 12|cannot allocate",
        "The memory is too small for this run. Raise NEEDLOOP_MEMORY_LIMIT, or free memory, then run again",
    ),
)


def what_to_do(said: str, settings: Settings) -> str | None:
    """The remedy for an error with this text, a sentence without its full stop; None when it is no known fault."""
    lowered = said.lower()
    for pattern, remedy in _FAULTS:
        if re.search(pattern, lowered):
            return remedy.format(data=settings.data, warehouse=settings.warehouse_file)
    return None
