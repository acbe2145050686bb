"""Durable file copies: synced to disk before they are reported as done."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from dagster_pipelines.backup.errors import BackupError
from dagster_pipelines.backup.manifest import CopiedFile

_BLOCK = 4 * 2**20


def copy_file(source: Path, target_folder: Path, path: str) -> CopiedFile:
    """Copies to target_folder/path, syncs it to disk and returns its size and checksum. Raises OSError."""
    target = target_folder / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as opened, os.fdopen(descriptor, "wb") as written:
        while block := opened.read(_BLOCK):
            digest.update(block)
            size += len(block)
            written.write(block)
        written.flush()
        os.fsync(descriptor)
    return CopiedFile(path=path, bytes=size, sha256=digest.hexdigest())


def require_space(folder: Path, wanted: int) -> None:
    """Raises BackupError when the disk of the folder, or of its nearest existing parent, has too little space."""
    there = next(f for f in (folder, *folder.parents) if f.exists())
    free = shutil.disk_usage(there).free
    if free < wanted:
        raise BackupError(
            f"{there} has {free / 2**20:,.0f} MiB free, but {wanted / 2**20:,.0f} MiB are needed. "
            "Free some space or choose another folder. Nothing was changed."
        )
