"""Publish a release: write a new folder, then atomically swap the symlink `current`.

A crash before the swap leaves the old release up, and a folder that the next run removes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from needloop.contract.model import CONTRACT_VERSION
from needloop.durable_files import sync_path
from needloop.settings import MARTS_FILE, Settings
from needloop.sql_text import sql_literal

MARTS_SCHEMA = "marts"
RELEASE_NOTE = "release.json"
_BUILDING = ".building"
# Superset's DuckDB client is older than the pipeline's and needs the older storage format.
_STORAGE_VERSION = "v1.4.0"


class DamagedReleaseError(Exception):
    """The published release cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Release:
    """What is known about a release without opening its database."""

    release_id: str
    run_id: str
    as_of: date
    created_at: datetime
    product_version: str
    contract_version: int
    tables: dict[str, int]
    """Row count of each table."""
    checks_passed: int
    checks_failed: int

    @property
    def is_checked(self) -> bool:
        """Whether any check ran on its data; without one, nobody knows whether the numbers are right."""
        return self.checks_passed + self.checks_failed > 0


def release_id(created_at: datetime, run_id: str) -> str:
    """A name that sorts by time and identifies the run: 20260930T011500Z-1a2b3c4d."""
    return f"{created_at:%Y%m%dT%H%M%SZ}-{run_id[:8]}"


def publish(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    tables: Collection[str],
    *,
    run_id: str,
    as_of: date,
    created_at: datetime,
    checks: tuple[int, int],
) -> Release:
    """Copy the named marts into a new release and make it current.

    `created_at` is UTC, `checks` the numbers of passed and failed checks. Raises OSError when the release cannot be
    written; the published one then stays up.
    """
    remove_unfinished(settings)
    release = Release(
        release_id=release_id(created_at, run_id),
        run_id=run_id,
        as_of=as_of,
        created_at=created_at,
        product_version=version("needloop"),
        contract_version=CONTRACT_VERSION,
        tables={},
        checks_passed=checks[0],
        checks_failed=checks[1],
    )
    work = settings.releases / (release.release_id + _BUILDING)
    work.mkdir(parents=True)
    release = replace(release, tables=_write_database(connection, work / MARTS_FILE, tables, release))
    (work / RELEASE_NOTE).write_text(json.dumps(asdict(release), default=str, indent=2) + "\n", "utf-8")
    for file in work.iterdir():
        sync_path(file)
        file.chmod(0o444)
    sync_path(work)
    work.rename(settings.releases / release.release_id)
    sync_path(settings.releases)
    point_current_to(settings, release.release_id)
    remove_old(settings)
    return release


def remove_unfinished(settings: Settings) -> None:
    """Remove what a run that died while publishing left behind."""
    for folder in settings.releases.glob("*" + _BUILDING):
        shutil.rmtree(folder)
    settings.current.with_name("current" + _BUILDING).unlink(missing_ok=True)


def remove_old(settings: Settings) -> None:
    """Remove all but the newest releases, as many as the settings say, and always keep the current one."""
    current = current_release_id(settings)
    folders = sorted((f for f in settings.releases.iterdir() if f.is_dir()), key=lambda f: f.name, reverse=True)
    kept = 0
    for folder in folders:
        if folder.name == current or kept < settings.keep_releases - (current is not None):
            kept += folder.name != current
        else:
            shutil.rmtree(folder)


def current_release_id(settings: Settings) -> str | None:
    """The published release's id, None before the first."""
    return settings.current.readlink().name if settings.current.is_symlink() else None


def read_release(settings: Settings) -> Release | None:
    """The published release's release.json, None before the first. Raises DamagedReleaseError if it is unreadable."""
    note = settings.current / RELEASE_NOTE
    if not note.exists():
        return None
    try:
        fields = json.loads(note.read_text("utf-8"))
        fields["as_of"] = date.fromisoformat(fields["as_of"])
        fields["created_at"] = datetime.fromisoformat(fields["created_at"])
        return Release(**fields)
    except (ValueError, TypeError, KeyError):
        raise DamagedReleaseError(
            f"The published release's {note} is damaged. Run `needloop run --full-refresh` to publish it again."
        ) from None


def is_checked(settings: Settings) -> bool:
    """Whether the published release is checked; False if its release.json is missing or damaged."""
    try:
        release = read_release(settings)
    except DamagedReleaseError:
        return False
    return release is not None and release.is_checked


def _write_database(
    connection: duckdb.DuckDBPyConnection, file: Path, tables: Collection[str], release: Release
) -> dict[str, int]:
    catalog = "release_being_written"
    connection.execute(f"attach {sql_literal(file)} as {catalog} (storage_version '{_STORAGE_VERSION}')")
    try:
        connection.execute(f"create schema {catalog}.{MARTS_SCHEMA}")
        connection.execute(
            f"create table {catalog}.{MARTS_SCHEMA}.release_info as select ?::varchar as release_id, ?::date as as_of, "
            "?::timestamp as created_at, ?::varchar as run_id, ?::varchar as product_version, "
            "?::integer as contract_version",
            [
                release.release_id,
                release.as_of,
                release.created_at.replace(tzinfo=None),
                release.run_id,
                release.product_version,
                release.contract_version,
            ],
        )
        rows = {"release_info": 1}
        for table in sorted(tables):
            copied = connection.execute(
                f'create table {catalog}.{MARTS_SCHEMA}."{table}" as select * from {MARTS_SCHEMA}."{table}"'
            ).fetchone()
            rows[table] = int(copied[0]) if copied else 0
    finally:
        connection.execute(f"detach {catalog}")
    return rows


def point_current_to(settings: Settings, name: str) -> None:
    """Switch readers to a release atomically. Raises OSError when the data folder cannot be written."""
    beside = settings.current.with_name("current" + _BUILDING)
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path("releases") / name)
    beside.replace(settings.current)
    sync_path(settings.data)
