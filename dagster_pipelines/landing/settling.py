"""Which files are complete: those that nobody has written to for a while."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dagster_pipelines.landing.discovery import DeliveredFile
from dagster_pipelines.landing.load_log import Look
from dagster_pipelines.landing.outcome import Notice


def still_written(files: Sequence[DeliveredFile], settle_seconds: float) -> dict[str, Notice]:
    """The files that change within `settle_seconds`, by name. Waits so long at most, if one is that young."""
    young = {file.name: (file, look) for file in files if (look := _look(file)) and _age(look) < settle_seconds}
    if not young:
        return {}
    youngest = min(max(_age(look), 0) for _, look in young.values())
    time.sleep(settle_seconds - youngest)
    return {name: _notice(name) for name, (file, look) in young.items() if _look(file) != look}


def _look(file: DeliveredFile) -> Look | None:
    try:
        return Look.at(file.path)
    except OSError:
        return None  # the loader finds out, and says so


def _age(look: Look) -> float:
    """Seconds since the last change; below 0 when the clock was set back since, or is that of another machine."""
    return (time.time_ns() - max(look.modified_ns, look.changed_ns)) / 1e9


def _notice(name: str) -> Notice:
    message = (
        f"{name} is still being written and was left for the next run. Deliver under another name and rename the "
        "file when it is complete, then it is taken at once."
    )
    return Notice(file=name, kind="still_written", subject=name, message=message)
