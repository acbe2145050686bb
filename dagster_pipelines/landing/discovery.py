"""Find the delivered files of a landing zone: <landing>/<system>/<table>/<any name>.<ending>."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dagster_pipelines.landing.errors import LandingError
from dagster_pipelines.landing.outcome import Notice
from needloop.contract.model import Contract, Table

ENDINGS = ("csv", "csv.gz", "parquet", "jsonl", "xlsx")
MAPPING_FILE = "mapping.yml"


@dataclass(frozen=True)
class DeliveredFile:
    """A file in a table's folder."""

    path: Path
    name: str
    """Path relative to the landing zone with forward slashes; bytes that are not UTF-8 are written as \\xNN."""
    table: Table
    ending: str


@dataclass(frozen=True)
class Discovery:
    """The contents of a landing zone: the files to load, ordered by path, and the entries that were skipped."""

    files: tuple[DeliveredFile, ...]
    left_alone: tuple[Notice, ...]


def discover(landing: Path, contract: Contract) -> Discovery:
    """Walk the landing zone in byte order of the paths. Symbolic links are never followed."""
    tables = {(table.system, table.name): table for table in contract.tables}
    systems = {table.system for table in contract.tables}
    files: list[DeliveredFile] = []
    left: list[Notice] = []
    for system in _entries(landing):
        if system.name == MAPPING_FILE and system.is_file():
            continue
        if not system.is_dir(follow_symlinks=False) or system.name not in systems:
            left.append(_left_alone(landing, system, "a system's folder", sorted(systems)))
            continue
        for folder in _entries(system):
            table = tables.get((system.name, folder.name))
            if table is None or not folder.is_dir(follow_symlinks=False):
                known = sorted(name for of, name in tables if of == system.name)
                left.append(_left_alone(landing, folder, f"a table's folder of system {system.name}", known))
                continue
            for entry in _entries(folder):
                ending = _ending(entry.name)
                if ending is None or not entry.is_file(follow_symlinks=False):
                    known = [f".{known_ending}" for known_ending in ENDINGS]
                    left.append(_left_alone(landing, entry, "a regular file with a known ending", known))
                    continue
                files.append(DeliveredFile(Path(entry.path), _shown(landing, entry), table, ending))
    files.sort(key=lambda file: os.fsencode(file.path.relative_to(landing).as_posix()))
    return Discovery(tuple(files), tuple(left))


def _entries(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise LandingError(
            f"The folder {os.fspath(folder)} cannot be read ({error.strerror}). Fix its permissions."
        ) from error


def _ending(name: str) -> str | None:
    return next((ending for ending in ENDINGS if name.endswith(f".{ending}")), None)


def _shown(landing: Path, entry: os.DirEntry[str]) -> str:
    relative = Path(entry.path).relative_to(landing).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _left_alone(landing: Path, entry: os.DirEntry[str], expected: str, known: list[str]) -> Notice:
    name = _shown(landing, entry)
    what = "symbolic link" if entry.is_symlink() else "entry"
    message = (
        f"The {what} {name} was skipped: expected {expected} here ({', '.join(known)}). "
        "Move or rename it if it should be loaded."
    )
    return Notice(file=name, kind="left_alone", subject=name, message=message)
