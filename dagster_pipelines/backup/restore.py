"""Restores a backup: verifies and stages every file before the first one is replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from dagster_pipelines.backup.copying import copy_file, require_space
from dagster_pipelines.backup.errors import BackupError
from dagster_pipelines.backup.manifest import CopiedFile, Manifest, read_manifest, require_intact
from needloop.durable_files import sync_path
from needloop.release.publishing import point_current_to
from needloop.settings import Settings
from needloop.warehouse.run_lock import run_lock

_READ_ONLY = 0o444


def restore_backup(settings: Settings, backup: Path, *, overwrite: bool) -> Manifest:
    """Restores the backup's warehouse, release and secrets into the data folder, under the run lock.

    Files that the backup does not hold are kept: other releases, reports, secrets it lacks. If the command is killed,
    run it again; readers always see one complete release. Raises BackupError when the backup is damaged, or the data
    folder holds a warehouse and `overwrite` is false, AnotherRunError, OSError.
    """
    backup = backup.expanduser().absolute()
    manifest = read_manifest(backup)
    with run_lock(settings):
        if settings.warehouse_file.exists() and not overwrite:
            raise BackupError(
                f"{settings.data} already holds a warehouse. Restoring discards everything loaded since the "
                "backup: confirm with --yes, or choose another folder with --data."
            )
        require_space(settings.data, manifest.size)
        incoming = settings.data / "restore.incoming"
        shutil.rmtree(incoming, ignore_errors=True)
        try:
            for file in manifest.files:
                copy_file(_source(backup, file), incoming, file.path)
            require_intact(incoming, manifest)
            _require_readable(incoming / settings.warehouse_file.relative_to(settings.data))
            _put_in_place(settings, incoming, manifest)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return manifest


def _source(backup: Path, file: CopiedFile) -> Path:
    source = backup / file.path
    if not source.is_file():
        raise BackupError(f"{source} is missing from the backup. Use another backup.")
    return source


def _require_readable(warehouse_file: Path) -> None:
    try:
        with duckdb.connect(str(warehouse_file), read_only=True) as connection:
            connection.execute("select count(*) from landing.loads")
    except duckdb.Error as error:
        raise BackupError(
            f"The warehouse of the backup cannot be read by this version: {str(error).splitlines()[0].rstrip('.')}. "
            "Use another backup, or the version of Needloop that made it."
        ) from None


def _put_in_place(settings: Settings, incoming: Path, manifest: Manifest) -> None:
    for secret in (settings.customer_key_file, settings.erasure_key_file):
        _replace(incoming / secret.relative_to(settings.data), secret)
    settings.warehouse_file.with_name(settings.warehouse_file.name + ".wal").unlink(missing_ok=True)
    _replace(incoming / settings.warehouse_file.relative_to(settings.data), settings.warehouse_file)
    if manifest.release_id is not None:
        release = settings.releases / manifest.release_id
        if not _is_intact(settings, release, manifest):
            restored = incoming / release.relative_to(settings.data)
            if release.exists():
                release.rename(incoming / "damaged_release")
            for file in restored.iterdir():
                file.chmod(_READ_ONLY)
            restored.chmod(0o755)
            settings.releases.mkdir(parents=True, exist_ok=True)
            restored.rename(release)
            sync_path(settings.releases)
        point_current_to(settings, manifest.release_id)


def _is_intact(settings: Settings, release: Path, manifest: Manifest) -> bool:
    """Whether the release already exists unchanged; it may have been damaged since the backup."""
    within = release.relative_to(settings.data).as_posix() + "/"
    ours = tuple(file for file in manifest.files if file.path.startswith(within))
    try:
        require_intact(settings.data, manifest.model_copy(update={"files": ours}))
    except BackupError:
        return False
    return True


def _replace(incoming: Path, target: Path) -> None:
    if incoming.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(target)
        sync_path(target.parent)
