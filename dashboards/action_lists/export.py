"""Puts a list for action into a folder, a file for each relationship manager."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dashboards.action_lists.errors import ActionListError
from dashboards.action_lists.files import WRITERS
from dashboards.action_lists.selection import action_list


@dataclass(frozen=True)
class Exported:
    """What was written."""

    folder: Path
    managers: int
    rows: int


def export_list(
    published_file: Path, name: str, *, branch: str | None, file_formats: Sequence[str], out: Path
) -> Exported:
    """Writes the list as `out`/<list>-<as_of>[-<branch>]/<manager>.<format>, in place of an earlier export of the day.

    Raises ActionListError for an unknown branch, OSError when the folder cannot be written.
    """
    with action_list(published_file, name, branch) as listed:
        folder = out / "-".join([name, str(listed.as_of), *([file_name(branch)] if branch else [])])
        building = folder.with_name(folder.name + ".building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        managers = rows = 0
        for manager in listed.by_manager():
            for file_format in file_formats:
                WRITERS[file_format](manager.rows, building / f"{file_name(manager.rm_id)}.{file_format}")
            managers += 1
            rows += manager.rows.num_rows
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    return Exported(folder, managers, rows)


def file_name(key: str) -> str:
    """An id as a part of a path: what a file system could take amiss is percent-encoded."""
    return quote(key, safe="").replace(".", "%2E")


def listed_formats(given: str) -> list[str]:
    """The formats of a text such as `csv,xlsx`, each once. Raises ActionListError when one is unknown."""
    formats = list(dict.fromkeys(part.strip().lower() for part in given.split(",") if part.strip()))
    unknown = [one for one in formats if one not in WRITERS]
    if unknown or not formats:
        raise ActionListError(
            f"{', '.join(unknown) or 'Nothing'} is no format of lists. Name {' or '.join(WRITERS)}, or both."
        )
    return formats
