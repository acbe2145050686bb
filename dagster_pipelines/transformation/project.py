"""The dbt project: its location, its input files, its parsed manifest.

The manifest is parsed once for each state of the project's files and cached.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from needloop.settings import PROJECT_ROOT, Settings

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
_INPUTS = (
    DBT_PROJECT,
    PROJECT_ROOT / "seeds" / "reference",
    PROJECT_ROOT / "expectations",
    PROJECT_ROOT / "dagster_pipelines" / "analytics",
)
_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".py", ".md"}
PARSES_KEPT = 3
_OUTPUT_FOLDERS = {"target", "logs", "dbt_packages", "__pycache__"}


class TransformationError(Exception):
    """dbt could not do its work; the message says which model failed and what to do."""


@cache
def fingerprint() -> str:
    """A hash of every file that decides how numbers are built and checked; a change triggers a full build."""
    digest = hashlib.sha256()
    for file in _input_files():
        digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _input_files() -> Iterator[Path]:
    for folder in _INPUTS:
        for file in sorted(folder.rglob("*")):
            inside = file.relative_to(folder).parts
            if file.suffix in _SUFFIXES and file.is_file() and not _OUTPUT_FOLDERS.intersection(inside):
                yield file


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The environment by which profiles.yml learns of the settings."""
    return {
        "NEEDLOOP_WAREHOUSE": str(settings.warehouse_file),
        "NEEDLOOP_MEMORY_LIMIT": settings.memory_limit,
        "NEEDLOOP_THREADS": str(settings.threads),
        "NEEDLOOP_SPILL": str(settings.duckdb_config["temp_directory"]),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def manifest_file(settings: Settings) -> Path:
    """The manifest of the project as it is now; parses the project first when its files have changed.

    Raises TransformationError when the project does not parse.
    """
    folder = _parse_cache(settings) / fingerprint()[:16]
    manifest = folder / "manifest.json"
    if not manifest.exists():
        _parse(settings, folder)
    return manifest


def _parse_cache(settings: Settings) -> Path:
    """Beside the project, so that all data folders share a parse; in the data folder where that is read-only."""
    beside = DBT_PROJECT / "target"
    return (
        beside / "parsed" if os.access(beside if beside.exists() else DBT_PROJECT, os.W_OK) else settings.data / "dbt"
    )


def parsed_manifest(settings: Settings) -> Any:
    """The manifest as dbt's own object, for the in-process runner."""
    from needloop.private_interfaces.dbt_parse_cache import FILE_NAME, read_parse_cache  # noqa: PLC0415 - slow import

    return read_parse_cache(manifest_file(settings).with_name(FILE_NAME))


def _parse(settings: Settings, folder: Path) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds of import, only where a parse is due

    os.environ.update(dbt_environment(settings))
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="parsing-", dir=folder.parent))
    try:
        result = dbtRunner().invoke(["--log-level", "none", "parse", *project_flags(work)])
        if not result.success:
            raise TransformationError(
                f"The dbt project does not parse: {result.exception}. Fix the file it names, then run again."
            )
        if not folder.exists():  # another process may have been faster
            work.replace(folder)
        _keep_newest(folder.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _keep_newest(cache: Path) -> None:
    states = [state for state in cache.iterdir() if not state.name.startswith("parsing-")]
    for state in sorted(states, key=lambda s: s.stat().st_mtime, reverse=True)[PARSES_KEPT:]:
        shutil.rmtree(state, ignore_errors=True)


def project_flags(target: Path) -> list[str]:
    """Flags that every dbt call needs: where the project is and where it may write."""
    return [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(target),
        "--log-path",
        str(target),
    ]


if __name__ == "__main__":
    manifest_file(Settings())  # installing parses the project once, so that the first run need not
