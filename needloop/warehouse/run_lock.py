"""One run at a time per data folder: the lock that a run holds from its first step to its last."""

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
    """Hold the data folder's lock. The operating system releases it when the process dies, however it dies.

    Reentrant within a process. Raises AnotherRunError when another process still holds it after `wait_seconds`.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data / "run.lock", timeout=0, thread_local=False, is_singleton=True)
    holder = settings.data / "run.holder"
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        text = holder.read_text("utf-8").strip() if holder.exists() else "an unknown process"
        raise AnotherRunError(
            f"Another run is using {settings.data} ({text}). "
            "Nothing was done. Wait until it finishes, or stop that process, then run again."
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
    """The lock holder's description if its process is alive. Does not touch the lock."""
    holder, alive = _holder(settings)
    return holder if alive else None


def died_holding(settings: Settings) -> str | None:
    """The lock holder's description if its process is dead: that run never finished."""
    holder, alive = _holder(settings)
    return None if alive else holder


def _holder(settings: Settings) -> tuple[str | None, bool]:
    """The holder's description, None if there is none, and whether its process is alive."""
    try:
        holder = (settings.data / "run.holder").read_text("utf-8").strip()
    except OSError:
        return None, False
    process = re.match(r"process (\d+),", holder)
    return (None, False) if process is None else (holder, _is_alive(int(process.group(1))))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to another user
        return True
    return True
