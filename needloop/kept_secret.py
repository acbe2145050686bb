"""A secret that is made once and kept in a file: there as a whole or not at all, and never believed when it is not.

Whoever knows a secret can work out what was made under it. A file that a full disk or a power cut left empty must not
be taken for one.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from needloop.durable_files import sync_path

SHORTEST = 16
"""Characters; the settings ask the same of a secret that the bank gives."""
_BYTES = 32


class DamagedSecretError(Exception):
    """A secret's file holds no secret; the message says what to do."""


def known_secret(file: Path, *, remedy: str, shortest: int = SHORTEST) -> bytes | None:
    """The secret in the file, None where there is no file.

    `remedy` ends the error's message. Raises DamagedSecretError when the file is too short, OSError when it cannot be
    read.
    """
    try:
        secret = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    if len(secret) < shortest:
        raise DamagedSecretError(
            f"The file {file} holds {len(secret)} characters, which is no secret: it was overwritten, or not written "
            f"to its end. {remedy}"
        )
    return secret


def kept_secret(file: Path, *, remedy: str, shortest: int = SHORTEST) -> bytes:
    """The secret in the file; made, readable by its owner alone, when there is none yet.

    Of two processes that come at once, both get the one secret. Raises DamagedSecretError, OSError.
    """
    known = known_secret(file, remedy=remedy, shortest=shortest)
    if known is None:
        _make(file)
        known = known_secret(file, remedy=remedy, shortest=shortest)
    if known is None:
        raise FileNotFoundError(f"The file {file} vanished while it was made")
    return known


def _make(file: Path) -> None:
    """Written beside its place first; the link into place replaces nothing."""
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
