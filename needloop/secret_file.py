"""A secret that is generated once and stored in a file, which is either complete or absent.

Anyone who knows a secret can reverse what was derived from it, so a file that a full disk or a power cut left empty
must never pass for one.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from needloop.durable_files import sync_path

SHORTEST = 16
"""Characters; the settings require the same of a secret that the bank provides."""
_BYTES = 32


class DamagedSecretError(Exception):
    """The file holds no valid secret; the message says what to do."""


def known_secret(file: Path, *, remedy: str, shortest: int = SHORTEST) -> bytes | None:
    """The secret in the file, None if there is no file.

    `remedy` completes the error message. Raises DamagedSecretError when the file is too short, OSError when it cannot
    be read.
    """
    try:
        secret = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    if len(secret) < shortest:
        raise DamagedSecretError(
            f"The file {file} holds {len(secret)} characters, too few for a secret: it was overwritten or not fully "
            f"written. {remedy}"
        )
    return secret


def stored_secret(file: Path, *, remedy: str, shortest: int = SHORTEST) -> bytes:
    """The secret in the file, generated if there is none yet and readable only by its owner.

    Two concurrent processes get the same secret. Raises DamagedSecretError, OSError.
    """
    known = known_secret(file, remedy=remedy, shortest=shortest)
    if known is None:
        _make(file)
        known = known_secret(file, remedy=remedy, shortest=shortest)
    if known is None:
        raise FileNotFoundError(f"The file {file} disappeared while it was being created")
    return known


def _make(file: Path) -> None:
    """Writes a temporary file first, then links it into place, which never replaces an existing file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(_BYTES) + "\n")
            opened.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(beside, file)
        sync_path(file.parent)
    finally:
        beside.unlink()
