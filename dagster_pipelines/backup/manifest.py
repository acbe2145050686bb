"""The manifest of a backup: its contents, when it was made, and each file's checksum."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from dagster_pipelines.backup.errors import BackupError

NOTE = "backup.json"
FORMAT = 1


class CopiedFile(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    """Relative to the backup folder and to the data folder, with forward slashes."""
    bytes: int
    sha256: str

    @field_validator("path")
    @classmethod
    def _within(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("a path leads out of the backup")
        return value


class Manifest(BaseModel):
    """The contents of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    made_at: datetime
    product_version: str
    contract_version: int
    release_id: str | None
    with_secrets: bool
    files: tuple[CopiedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files)


def read_manifest(backup: Path) -> Manifest:
    """Reads the manifest. Raises BackupError when it is missing, damaged or of another format."""
    note = backup / NOTE
    if not note.is_file():
        raise BackupError(f"{backup} is not a backup: it has no {NOTE}. Choose a folder written by `needloop backup`.")
    try:
        manifest = Manifest.model_validate_json(note.read_text("utf-8"))
    except (ValidationError, UnicodeDecodeError):
        raise BackupError(f"{note} is damaged. Use another backup.") from None
    if manifest.format != FORMAT:
        raise BackupError(
            f"The backup has format {manifest.format}, this version of Needloop reads {FORMAT}. "
            f"Restore it with version {manifest.product_version}."
        )
    return manifest


def require_intact(folder: Path, manifest: Manifest) -> None:
    """Verifies every file's checksum. Raises BackupError for the first mismatch."""
    for file in manifest.files:
        path = folder / file.path
        try:
            with path.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise BackupError(f"{path} of the backup cannot be read ({error.strerror}). Use another backup.") from None
        if found != file.sha256:
            raise BackupError(f"{path} of the backup does not match its checksum. Use another backup.")
