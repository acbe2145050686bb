"""Which files are complete: those not written to for a while."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dagster_pipelines.landing.discovery import DeliveredFile
from dagster_pipelines.landing.load_log import FileStat
from dagster_pipelines.landing.outcome import Notice


def still_written(files: Sequence[DeliveredFile], settle_seconds: float) -> dict[str, Notice]:
    """The files that change within `settle_seconds`, by name. Waits up to that long if a file is younger."""
    young = {file.name: (file, stat) for file in files if (stat := _stat(file)) and _age(stat) < settle_seconds}
    if not young:
        return {}
    youngest = min(max(_age(stat), 0) for _, stat in young.values())
    time.sleep(settle_seconds - youngest)
    return {name: _notice(name) for name, (file, stat) in young.items() if _stat(file) != stat}


def _stat(file: DeliveredFile) -> FileStat | None:
    try:
        return FileStat.at(file.path)
    except OSError:
        return None  # the loader refuses it with a reason


def _age(stat: FileStat) -> float:
    """Seconds since the last change; negative if the clock was set back since, or is another machine's."""
    return (time.time_ns() - max(stat.modified_ns, stat.changed_ns)) / 1e9


def _notice(name: str) -> Notice:
    message = (
        f"{name} is still being written and was left for the next run. To have a file loaded at once, deliver it under "
        "another name and rename it when it is complete."
    )
    return Notice(file=name, kind="still_written", subject=name, message=message)
