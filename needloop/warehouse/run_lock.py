"""One run at a time on a data folder: the lock that a run holds from its first step to its last."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from needloop.settings import Settings


class AnotherRunError(Exception):
    """Another run holds the data folder."""


@contextmanager
def run_lock(settings: Settings, *, wait_seconds: float = 0) -> Iterator[None]:
    """Holds the data folder's lock; the operating system frees it when the process dies, however it dies.

    May be entered again by the process that holds it. Raises AnotherRunError when another process does,
    and still does after `wait_seconds`.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data / "run.lock", timeout=0, thread_local=False, is_singleton=True)
    holder = settings.data / "run.holder"
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        text = holder.read_text("utf-8").strip() if holder.exists() else "an unknown process"
        raise AnotherRunError(
            f"Another run is working on {settings.data} ({text}). "
            "Nothing was done. Wait until it has ended, or stop that process, then run again."
        ) from None
    try:
        if lock.lock_counter == 1:
            holder.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            holder.unlink(missing_ok=True)
        lock.release()


def at_work(settings: Settings) -> str | None:
    """What the lock's holder says of itself while its process lives; it is not disturbed by the question."""
    said, lives = _holder(settings)
    return said if lives else None


def died_holding(settings: Settings) -> str | None:
    """What the lock's holder said of itself when its process is no more: that run never came to its end."""
    said, lives = _holder(settings)
    return None if lives else said


def _holder(settings: Settings) -> tuple[str | None, bool]:
    """What the holder says of itself, None where there is none, and whether its process lives."""
    try:
        said = (settings.data / "run.holder").read_text("utf-8").strip()
    except OSError:
        return None, False
    process = re.match(r"process (\d+),", said)
    return (None, False) if process is None else (said, _lives(int(process.group(1))))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True
