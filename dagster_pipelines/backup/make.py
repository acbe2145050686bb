"""Makes a backup: a consistent copy of the warehouse (closed quarters included), the current release, the secrets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dagster_pipelines.backup.copying import copy_file, require_space
from dagster_pipelines.backup.errors import BackupError
from dagster_pipelines.backup.manifest import FORMAT, NOTE, Manifest, require_intact
from needloop.contract.model import CONTRACT_VERSION
from needloop.durable_files import sync_path
from needloop.release.publishing import current_release_id
from needloop.settings import Settings
from needloop.warehouse.connection import warehouse
from needloop.warehouse.run_lock import run_lock

_BUILDING = ".building"
_REPLACED = ".replaced"


def make_backup(settings: Settings, target: Path, *, with_secrets: bool, overwrite: bool) -> Manifest:
    """Writes a backup to `target`, under the run lock; it appears there complete or not at all.

    `overwrite` replaces an existing backup. Raises BackupError when the backup cannot be made,
    AnotherRunError while a run works on the data folder, duckdb.Error when the warehouse cannot be read, OSError.
    """
    target = target.expanduser().absolute()
    _require_usable(settings, target, overwrite=overwrite)
    with run_lock(settings):
        if not settings.warehouse_file.exists():
            raise BackupError(f"Nothing was loaded in {settings.data} yet. Run `needloop run` first, then back up.")
        with warehouse(settings) as connection:
            connection.execute("checkpoint")  # flushes the write-ahead log of a killed run into the file
        files = list(_files(settings, with_secrets=with_secrets))
        require_space(target, sum(file.stat().st_size for file in files))
        building = target.with_name(target.name + _BUILDING)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True, mode=0o700)
        try:
            copied = [copy_file(f, building, f.relative_to(settings.data).as_posix()) for f in files]
            manifest = Manifest(
                format=FORMAT,
                made_at=datetime.now(UTC).replace(microsecond=0),
                product_version=version("needloop"),
                contract_version=CONTRACT_VERSION,
                release_id=current_release_id(settings),
                with_secrets=with_secrets,
                files=tuple(copied),
            )
            require_intact(building, manifest)
            (building / NOTE).write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
            _put_in_place(building, target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    return manifest


def _require_usable(settings: Settings, target: Path, *, overwrite: bool) -> None:
    if target.is_relative_to(settings.data) or settings.data.is_relative_to(target):
        raise BackupError(
            f"{target} and the data folder {settings.data} overlap. Choose a folder outside the data folder, "
            "ideally on another disk."
        )
    if not target.exists() or not any(target.iterdir()):
        return
    if not (target / NOTE).is_file():
        raise BackupError(f"{target} is not empty and not a backup. Choose a new or empty folder.")
    if not overwrite:
        raise BackupError(f"{target} already holds a backup. Choose another folder, or replace it with --yes.")


def _files(settings: Settings, *, with_secrets: bool) -> Iterator[Path]:
    yield settings.warehouse_file
    release = current_release_id(settings)
    if release is not None:
        yield from sorted(file for file in (settings.releases / release).iterdir() if file.is_file())
    if with_secrets:
        yield from (f for f in (settings.customer_key_file, settings.erasure_key_file) if f.exists())


def _put_in_place(building: Path, target: Path) -> None:
    sync_path(building)
    replaced = target.with_name(target.name + _REPLACED)
    shutil.rmtree(replaced, ignore_errors=True)
    if target.exists():
        target.rename(replaced)
    building.rename(target)
    sync_path(target.parent)
    shutil.rmtree(replaced, ignore_errors=True)
